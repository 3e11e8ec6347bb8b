import Foundation
import HTTPTypes
import Hummingbird
import HummingbirdTesting
import NIOCore
import RedressCore
import RedressStore
import TestSupport
import Testing

@testable import RedressDesk
@testable import RedressWeb

/// Every route of the router, for everybody there is, at one's own things and at another's.
@Suite("Who may ask for what")
struct AccessMatrixTests {
    /// What a route asks of whoever comes.
    enum Rule {
        /// Nothing: it tells nothing, or begins a session.
        case anybody
        /// A session or token of the staff, whatever their role.
        case staff
        /// A role that may do this.
        case may(Permission)
        /// A citizen's session.
        case citizen
    }

    /// The rule of every route that is no operation of the API (those carry theirs). A route that is not here fails
    /// the test: say who may ask for it.
    static let rules: [String: Rule] = [
        "GET /": .anybody, "GET /healthz": .anybody, "GET /readyz": .anybody, "GET /openapi.yaml": .anybody,
        "POST /gateway/notices": .anybody,
        "POST /api/v1/enrolments": .anybody, "POST /api/v1/sessions": .anybody,
        "GET /api/v1/sessions/current": .staff, "DELETE /api/v1/sessions/current": .staff,
        "POST /api/v1/sessions/current/proof": .staff, "PUT /api/v1/sessions/current/password": .staff,
        "POST /api/v1/codes": .anybody, "POST /api/v1/codes/{request}/session": .anybody,
        "POST /api/v1/me/birth-date": .citizen, "GET /api/v1/me/session": .citizen,
        "DELETE /api/v1/me/session": .citizen, "GET /api/v1/me/cases": .citizen,
        "POST /api/v1/me/cases": .citizen, "GET /api/v1/me/cases/{receipt}": .citizen,
        "GET /api/v1/me/cases/{receipt}/looks": .citizen,
        "GET /api/v1/me/cases/{receipt}/decision": .citizen,
        "POST /api/v1/me/cases/{receipt}/acceptance": .citizen,
        "POST /api/v1/me/cases/{receipt}/refusal": .citizen,
        "POST /api/v1/me/cases/{receipt}/objection": .citizen,
        "POST /api/v1/me/cases/{receipt}/withdrawal": .citizen,
        "GET /check": .anybody, "POST /check": .anybody, "GET /my": .anybody, "POST /my/end": .anybody,
        "GET /my/phone": .anybody, "POST /my/phone": .anybody, "GET /my/code": .anybody,
        "POST /my/code": .anybody, "GET /my/code/again": .anybody, "POST /my/code/again": .anybody,
        "GET /my/birth-date": .anybody, "POST /my/birth-date": .anybody,
        "GET /my/number-changed": .anybody, "POST /my/stay": .citizen, "GET /my/bookings": .citizen,
        "POST /my/bookings": .citizen, "GET /my/wish": .citizen, "POST /my/wish": .citizen,
        "GET /my/not-listed": .citizen, "POST /my/not-listed": .citizen,
        "GET /my/cases": .citizen, "GET /my/**": .anybody,
        "GET /staff/sign-in": .anybody, "POST /staff/sign-in": .anybody, "POST /staff/sign-out": .anybody,
        "GET /staff/sign-in/organisation": .anybody, "GET /staff/sign-in/organisation/back": .anybody,
        "GET /staff/invitation": .anybody, "POST /staff/invitation": .anybody,
        "POST /staff/proof": .staff, "POST /staff/proof/kept": .staff,
        "GET /staff/account": .staff, "POST /staff/account/password": .staff,
        "POST /staff/account/authenticator": .staff, "POST /staff/account/authenticator/first-code": .staff,
        "POST /staff/account/recovery-codes": .staff, "POST /staff/account/sessions/others/end": .staff,
        "POST /staff/account/sessions/{id}/end": .staff, "POST /staff/account/tokens/{id}/end": .staff,
        "GET /staff": .may(.readCases), "GET /staff/lists/{list}": .may(.readCases),
        "GET /staff/reviews": .may(.readCases), "POST /staff/search": .may(.lookUp),
        "POST /staff/next": .may(.workCases), "POST /staff/cases": .may(.workCases),
        "GET /staff/cases/{receipt}": .may(.readCases),
        "GET /staff/cases/{receipt}/evidence": .may(.readCases),
        "GET /staff/cases/{receipt}/packet": .may(.readCases),
        "GET /staff/cases/{receipt}/decision": .may(.readCases),
        "GET /staff/cases/{receipt}/decision-large": .may(.readCases),
        "POST /staff/cases/{receipt}/unmask": .may(.unmask),
        "POST /staff/cases/{receipt}/{act}": .may(.workCases),
        "GET /staff/incidents": .may(.readCases), "GET /staff/incidents/{id}": .may(.readCases),
        "POST /staff/cases/{receipt}/files": .may(.workCases),
        "GET /staff/pool/{id}": .may(.readCases), "POST /staff/plan/{id}": .may(.manageCapacity),
        "GET /staff/plan/{id}/{digest}": .may(.manageCapacity),
        "POST /staff/plan/{id}/apply": .may(.applyPlan),
        "GET /staff/statistics": .may(.readStatistics), "GET /staff/statistics/{week}": .may(.readStatistics),
        "GET /staff/statistics/{week}/public": .may(.readStatistics), "GET /staff/audit": .may(.readAudit),
        "POST /staff/audit": .may(.readAudit), "POST /staff/audit/check": .may(.readAudit),
        "GET /staff/audit/treatment": .may(.readAudit), "POST /staff/bulk": .may(.decideCases),
        "POST /staff/incidents/{id}/sweep": .may(.decideCases),
        "GET /staff/cases/{receipt}/confirm/{act}": .may(.readCases),
        "POST /staff/cases/{receipt}/contact": .may(.workCases), "GET /staff/calls": .may(.workCases),
        "POST /staff/calls": .may(.workCases), "POST /staff/calls/told/{notice}": .may(.workCases),
        "GET /staff/calls/{id}": .may(.workCases), "POST /staff/calls/{id}/{act}": .may(.workCases),
        "GET /staff/notices": .may(.readCases), "POST /staff/notices": .may(.decideCases),
        "POST /staff/notices/{id}/{act}": .may(.decideCases),
        "GET /staff/cases/{receipt}/person": .may(.readCases),
        "GET /staff/cases/{receipt}/notices": .may(.readCases),
        "POST /staff/cases/{receipt}/notices/{notice}/{act}": .may(.workCases),
        "POST /staff/cases/{receipt}/files/{file}": .may(.readCases),
        "GET /staff/pool/{id}/weeks/{week}/{page}": .may(.readCases),
        "GET /staff/pool/{id}/slots/{slug}": .may(.readCases),
        "POST /staff/pool/{id}/slots/{slug}/{act}": .may(.manageCapacity),
        "POST /staff/pool/{id}/allot": .may(.manageCapacity),
        "POST /staff/pool/{id}/requests/{request}/{act}": .may(.manageCapacity),
        "GET /staff/pool/{id}/reserve": .may(.readCases), "POST /staff/pool/{id}/reserve": .may(.readCases),
        "GET /staff/people": .may(.manageStaff), "POST /staff/people/{act}": .may(.manageStaff),
        "GET /staff/answers": .may(.readCases), "POST /staff/answers": .may(.decideCases),
        "GET /staff/statistics/{week}/full": .may(.readStatistics), "GET /metrics": .anybody,
    ]

    private static func rule(_ name: String) -> Rule? {
        if name.hasPrefix("GET /assets/") { return .anybody }
        // What the person's page changes, each step by itself.
        if name.hasPrefix("POST /staff/cases/{receipt}/person/") {
            return .may(name.hasSuffix("/transfer") ? .decideCases : .workCases)
        }
        // A citizen's cases are counted among their own: another's has no address at all.
        if name.contains(" /my/cases/{place}") { return .citizen }
        let operation = API.operations.first { "\($0.method.rawValue) /api/v1/\($0.path)" == name }
        return operation.map { .may($0.permission) } ?? rules[name]
    }

    @Test("Every route turns away whoever has no business there, and lets in whoever has")
    func everyRoute() async throws {
        let world = try await World()
        try await world.test { world in
            var seen: Set<String> = []
            for route in world.routes {
                let name = "\(route.method.rawValue) \(route.path)"
                seen.insert(name)
                guard let rule = Self.rule(name) else {
                    Issue.record("\(name) is a new route: say in `rules` who may ask for it")
                    continue
                }
                for visitor in World.Visitor.all {
                    let answer = try await world.ask(route, as: visitor, world.own)
                    Self.judge(answer, name, rule, visitor)
                }
            }
            let gone = Set(Self.rules.keys).subtracting(seen)
            #expect(gone.isEmpty, "rules for routes that are not there: \(gone.sorted())")
        }
    }

    private static func judge(_ answer: TestResponse, _ name: String, _ rule: Rule, _ visitor: World.Visitor)
    {
        let said = "\(name) as \(visitor): \(answer.status) \(answer.page.prefix(300))"
        #expect(answer.status.code < 500 || answer.status == .serviceUnavailable, "\(said)")
        let isTurnedAway =
            answer.status == .unauthorized
            || answer.status == .seeOther
                && ["sign-in", "/my/phone"].contains { answer.headers[.location]?.contains($0) == true }
        switch (rule, visitor) {
        case (.anybody, _): break
        case (.staff, .staff), (.citizen, .citizen):
            #expect(!isTurnedAway || name.contains("sign-out"), "\(said)")
        case (.may(let permission), .staff(let role)) where role.permissions.contains(permission):
            // Four eyes and the like refuse with words of their own; these are the table's.
            let isDenied = ["may not \(permission.rawValue)", "권한으로는 할 수 없습니다"].contains {
                answer.page.contains($0)
            }
            #expect(!isTurnedAway && !isDenied, "\(said)")
        case (.may, .staff):
            // The API says who may before it looks at anything; a page may find before that what was asked to be wrong.
            let isAPI = name.contains(" /api/")
            let isRefused = isAPI ? answer.status == .forbidden : answer.status.code >= 400
            #expect(isRefused && !isTurnedAway, "\(said)")
        default: #expect(isTurnedAway, "\(said)")
        }
    }

    @Test("A citizen's route answers another's case like one that does not exist, word for word")
    func another() async throws {
        let world = try await World()
        try await world.test { world in
            let routes = world.routes.filter {
                $0.path.contains("{receipt}") && $0.path.hasPrefix("/api/v1/me/")
            }
            #expect(routes.count >= 7)
            for route in routes {
                let said = "\(route.method) \(route.path)"
                let own = try await world.ask(route, as: .citizen, world.own)
                #expect(own.status != .notFound && own.status != .unauthorized, "\(said)")
                let other = try await world.ask(route, as: .citizen, world.another)
                let absent = try await world.ask(route, as: .citizen, world.absent)
                #expect(other.status == .notFound && absent.status == .notFound, "\(said)")
                let words = [other.page, absent.page].map {
                    $0.replacing(world.another.description, with: "R").replacing(
                        world.absent.description, with: "R")
                }
                #expect(words[0] == words[1], "\(said)")
            }
            let asked = try await world.post("/api/v1/me/cases", #"{"incident":"2021-07-19","booking":"B2"}"#)
            #expect(asked.status == .notFound, "another's booking")
        }
    }

    @Test("A citizen's pages know their own cases only, at whatever address one asks")
    func anothersPages() async throws {
        let world = try await World()
        try await world.test { world in
            let routes = world.routes.filter { $0.path.contains("/my/cases/{place}") }
            #expect(routes.count >= 15, "\(routes.count)")
            for route in routes {
                let said = "\(route.method) \(route.path)"
                let own = try await world.ask(route, as: .citizen, world.own)
                #expect(own.status != .notFound || route.path.contains("decision"), "\(said)")
                let places = ["0", "2", "-1", "9223372036854775808", "x", world.another.description]
                for place in places {
                    let other = try await world.ask(route, as: .citizen, world.own, place: place)
                    #expect(other.status == .notFound, "\(said) at \(place): \(other.status)")
                    #expect(!other.page.contains(world.another.description), "\(said) at \(place)")
                }
            }
        }
    }

    /// Working days are public law; a relation is everybody's own to declare, and an administrator's for others.
    private static let open: Set<String> = ["countDue", "listHolidays", "declareRelation"]

    @Test("Whatever way the API is gone round, the desk itself asks who may")
    func desk() async throws {
        let world = try await World()
        for operation in API.operations where !Self.open.contains(operation.id) {
            for role in Role.ofStaff where !role.permissions.contains(operation.permission) {
                var values: [String: JSONValue] = [:]
                for field in operation.body + operation.query where field.isRequired {
                    values[field.name] = field.example
                }
                if operation.id == "lookUp" { values = ["phone": "010-0000-0001"] }
                if operation.id == "addAttachment" { values["content"] = "iVBORw0KGgo=" }
                if operation.id == "note" { values["text"] = "x" }
                let call = Call(
                    desk: world.fixture.desk, actor: Actor(name: "직원-\(role.rawValue)", role: role),
                    parameters: Dictionary(
                        operation.parameters.map { ($0, world.part($0, world.own)) }, uniquingKeysWith: { $1 }
                    ),
                    query: values, body: values, version: nil, key: nil)
                let error = await #expect(throws: RedressError.self, "\(operation.id) as \(role.rawValue)") {
                    _ = try await operation.run(call)
                }
                let isRefused = error.map { [.notAllowed, .notFound].contains($0.code) } ?? true
                #expect(isRefused, "\(operation.id) as \(role.rawValue): \(String(describing: error))")
            }
        }
    }
}

/// An installation with two people's cases, and sessions for everybody.
private struct World: Sendable {
    struct Route: Sendable {
        var method: HTTPRequest.Method
        var path: String
    }

    enum Visitor: CustomStringConvertible {
        case nobody, citizen
        case staff(Role)

        static let all: [Visitor] = [.nobody, .citizen] + Role.ofStaff.map { .staff($0) }

        var description: String {
            switch self {
            case .nobody: "nobody"
            case .citizen: "citizen"
            case .staff(let role): role.rawValue
            }
        }
    }

    let fixture: DeskFixture
    let own: ReceiptNumber
    let another: ReceiptNumber
    let absent: ReceiptNumber
    /// Every route, from the router itself.
    let routes: [Route]
    var client: (any TestClientProtocol)?

    init() async throws {
        fixture = try await DeskFixture()
        try await fixture.allot(3)
        own = try await fixture.addPerson(1)
        another = try await fixture.addPerson(2)
        absent = try ReceiptNumber("2021-000417-8")
        for role in Role.ofStaff {
            try await fixture.desk.staff.add("직원-\(role.rawValue)", role: role, by: fixture.actor)
        }
        routes = try Self.site(fixture).routes.map {
            Route(method: $0.method, path: $0.path.description)
        }.sorted { ($0.path, $0.method.rawValue) < ($1.path, $1.method.rawValue) }
    }

    /// The whole site, with everything that can be set on it.
    private static func site(_ fixture: DeskFixture) throws -> Router<WebContext> {
        buildSite(
            desk: fixture.desk, noticeSecret: [UInt8](repeating: 1, count: 32),
            openID: try OpenIDSettings(
                issuer: "http://127.0.0.1:9", clientID: "x", address: "http://127.0.0.1:9"))
    }

    func test(_ body: @Sendable @escaping (World) async throws -> Void) async throws {
        try await Application(router: Self.site(fixture)).test(.router) { client in
            var world = self
            world.client = client
            try await body(world)
        }
    }

    /// What stands in a path's braces.
    func part(_ name: String, _ receipt: ReceiptNumber) -> String {
        [
            "receipt": receipt.description, "incident": DeskFixture.incident, "id": DeskFixture.incident,
            "list": "unassigned", "period": "week", "month": "2021-07", "week": "2021-W29",
            "act": "note",
        ][name] ?? "x1"
    }

    /// A session of its own for each request, so that none suffers from what an earlier one did.
    private func session(_ visitor: Visitor) async throws -> (cookie: String, csrf: String)? {
        let desk = fixture.desk
        switch visitor {
        case .nobody: return nil
        case .citizen:
            let new = try await desk.database.write {
                try desk.sessions.begin(
                    phoneIndex: desk.keys.index("01000000001", kind: "code-phone"),
                    people: ["\(DeskFixture.incident)/p1"], address: "a", replacing: nil, $0)
            }
            return ("\(SessionCookie.citizen.rawValue)=\(new.secret)", new.session.csrf)
        case .staff(let role):
            let new = try await desk.database.write {
                try desk.sessions.begin(
                    staff: "직원-\(role.rawValue)", address: "a", replacing: nil, $0)
            }
            return ("\(SessionCookie.staff.rawValue)=\(new.secret)", new.session.csrf)
        }
    }

    func ask(
        _ route: Route, as visitor: Visitor, _ receipt: ReceiptNumber, place: String = "1"
    ) async throws -> TestResponse {
        let template = route.path
        var path = template.replacing("{place}", with: place).split(separator: "/").map { piece in
            piece.hasPrefix("{") ? part(String(piece.dropFirst().dropLast()), receipt) : String(piece)
        }.joined(separator: "/")
        let operation = API.operations.first {
            $0.method == route.method && "/api/v1/\($0.path)" == template
        }
        let query = operation?.query.filter(\.isRequired).map { "\($0.name)=\(Self.text($0.example))" } ?? []
        path = "/" + path + (query.isEmpty ? "" : "?" + query.joined(separator: "&"))
        let begun = try await session(visitor)
        var headers = try Self.headers(begun?.cookie, begun?.csrf)
        headers[.idempotencyKey] = "\(template)-\(visitor)-\(receipt)"
        let isAPI = template.hasPrefix("/api/")
        let body =
            try isAPI
            ? Self.body(operation, receipt, template) : "csrf=\(begun?.csrf ?? "")&text=x&q=010-0000-0001"
        return try await send(route.method, path, headers, route.method == .get ? nil : body)
    }

    func post(_ path: String, _ body: String) async throws -> TestResponse {
        let begun = try await session(.citizen)
        return try await send(.post, path, try Self.headers(begun?.cookie, begun?.csrf), body)
    }

    private func send(
        _ method: HTTPRequest.Method, _ path: String, _ headers: HTTPFields, _ body: String?
    ) async throws -> TestResponse {
        guard let client else { throw RedressError(.fault, "no client") }
        return try await client.executeRequest(
            uri: path, method: method, headers: headers, body: body.map { ByteBuffer(string: $0) })
    }

    private static func headers(_ cookie: String?, _ csrf: String?) throws -> HTTPFields {
        var headers: HTTPFields = [:]
        headers[.cookie] = cookie
        headers[try #require(HTTPField.Name("X-CSRF-Token"))] = csrf
        headers[.ifMatch] = "\"0\""
        return headers
    }

    private static func text(_ example: JSONValue) -> String {
        switch example {
        case .text(let text): text.replacing("+", with: "%2B")
        case .integer(let number): "\(number)"
        default: ""
        }
    }

    private static func body(
        _ operation: RedressWeb.Operation?, _ receipt: ReceiptNumber, _ template: String
    ) throws -> String {
        guard let operation else {
            return template.hasSuffix("birth-date")
                ? #"{"phone":"010-0000-0001","birth_date":"1967-03-01"}"# : #"{"text":"x"}"#
        }
        var values: [String: JSONValue] = [:]
        for field in operation.body where operation.id == "lookUp" ? field.name == "phone" : field.isRequired
        {
            values[field.name] =
                switch field.kind {
                case .receipt: .text(receipt.description)
                case .receipts: .list([.text(receipt.description)])
                default: field.example
                }
        }
        return String(decoding: try JSONEncoder().encode(JSONValue.object(values)), as: UTF8.self)
    }
}
