/// Sample sign-ins of a demo that is served: invented citizens at each point of the way, and staff of each role.
import RedressCore
import RedressDesk

/// Who may be played with in a served demo.
struct DemoSamples {
    /// An invented citizen.
    struct Citizen {
        var phone: String
        var birthDate: String
        var story: String
    }

    /// An invented member of the staff.
    struct Colleague {
        var name: String
        var role: Role
        var password: String
        var codes: [String]
        var secret: String
        var token: String
    }

    private static let stories: [(state: String, verdict: String, words: String)] = [
        ("offered", "verified", "a seat is held: take it or leave it"),
        ("restored", "verified", "is back on the original date"),
        ("in-review", "contradicted", "a person is looking into it"),
    ]
    private static let people: [(name: String, role: Role)] = [
        ("이상담", .agent), ("김팀장", .supervisor), ("박통계", .analyst), ("최감사", .auditor),
    ]
    private static let codesShown = 3

    var citizens: [Citizen] = []
    var colleagues: [Colleague] = []

    /// Picks citizens of the incident and enrols the staff.
    init(_ desk: Desk, incident: String, by actor: Actor) async throws {
        let cases = try await desk.cases.list(incident: incident, by: actor)
        for story in Self.stories {
            let fitting = cases.filter { $0.state == story.state && $0.verdict.value == story.verdict }
            guard let citizen = try await Self.citizen(among: fitting, story.words, desk, by: actor) else {
                continue
            }
            citizens.append(citizen)
        }
        for person in Self.people {
            colleagues.append(try await Self.colleague(person.name, person.role, desk, by: actor))
        }
    }

    /// The first whose number and birth date are known.
    private static func citizen(
        among cases: [CaseView], _ story: String, _ desk: Desk, by actor: Actor
    ) async throws -> Citizen? {
        for row in cases.prefix(20) {
            let card = try await desk.lookups.unmask(
                row.person, incident: row.incident, reason: "a sample of the demo", by: actor, origin: "demo")
            if let phone = card.phone.value, let birthDate = card.birthDate.value {
                return Citizen(phone: phone, birthDate: birthDate, story: story)
            }
        }
        return nil
    }

    private static func colleague(
        _ name: String, _ role: Role, _ desk: Desk, by actor: Actor
    ) async throws -> Colleague {
        try await desk.staff.add(name, role: role, by: actor)
        let password = "demo-\(Identifier.make(at: WallClock.system.now()).suffix(12))"
        let enrolment = try await desk.signIn.enrol(
            invitation: try await desk.signIn.invite(name, by: actor), password: password, address: "demo")
        return Colleague(
            name: name, role: role, password: password,
            codes: Array(enrolment.recoveryCodes.prefix(codesShown)), secret: enrolment.oneTimeSecret,
            token: try await desk.staff.makeToken(for: name, by: actor))
    }

    /// The samples as a person reads them before trying the pages.
    func text(site: String, codesIn path: String) -> String {
        let style: Table.Style = Console.isTerminal ? .terminal : .plain
        let citizens = Table(
            [.init("phone"), .init("birth date"), .init("where the case stands")],
            rows: citizens.map { [$0.phone, $0.birthDate, $0.story] })
        let staff = Table(
            [.init("name"), .init("role"), .init("password"), .init("codes, each once"), .init("secret")],
            rows: colleagues.map {
                [$0.name, $0.role.rawValue, $0.password, $0.codes.joined(separator: " "), $0.secret]
            })
        let tokens = Table([.init("name"), .init("token")], rows: colleagues.map { [$0.name, $0.token] })
        return """
            Citizens, all of them invented: \(site)/
            \(citizens.text(style))
            The code that a text would carry is in the last line of \(path)

            Staff: \(site)/staff (the secret is for an authenticator app)
            \(staff.text(style))
            For the API:
            \(tokens.text(style))
            Stop with Ctrl+C.
            """
    }
}
