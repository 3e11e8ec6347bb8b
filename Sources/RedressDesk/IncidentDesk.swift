/// Incidents: making one, listing them, and the sweep that finds everyone affected before they call.
import Foundation
public import RedressCore
import RedressEvidence
public import RedressStore

/// What a sweep found and did.
public struct SweepReport: Sendable, Codable, Equatable {
    /// People with a booking that the agency revoked.
    public var affected: Int
    /// Cases that were opened now.
    public var opened: Int
    /// Verdicts by name.
    public var verdicts: [String: Int]
}

/// What an incident is made of.
public struct NewIncident: Sendable {
    /// The id people type: letters, digits, `-` and `_`, at most 64.
    public var id: String
    /// What it is called.
    public var name: String
    /// Start of the window in which no booking could have completed.
    public var from: Instant
    /// End of that window.
    public var to: Instant
    /// The same failure's windows as others publish them.
    public var otherWindows: [OtherWindow] = []
    /// The policy file's text; the shipped policy when nil.
    public var policy: String?
    /// The JSON file of the keys that signed admission passes.
    public var passKeys: String?
    /// The published seed that breaks ties; random when nil.
    public var orderSeed: Int64?

    /// Names an incident and its window.
    public init(id: String, name: String, from: Instant, to: Instant) {
        self.id = id
        self.name = name
        self.from = from
        self.to = to
    }
}

/// Makes, lists and sweeps incidents.
public struct IncidentDesk: Sendable {
    let desk: Desk

    /// Makes an incident.
    ///
    /// - Throws: `.badData` for an id, window, policy or key file that does not read; `.refused` when the id is taken.
    public func create(_ new: NewIncident, by actor: Actor) async throws {
        try actor.require(.operate)
        guard (1...64).contains(new.id.count),
            new.id.allSatisfy({ $0.isASCII && ($0.isLetter || $0.isNumber || $0 == "-" || $0 == "_") })
        else {
            throw RedressError(
                .badData, "The incident id `\(new.id)` must be 1 to 64 letters, digits, `-` or `_`.")
        }
        guard new.from < new.to else {
            throw RedressError(.badData, "The window must start before it ends: \(new.from) to \(new.to).")
        }
        try OtherWindow.check(new.otherWindows)
        let policy = new.policy ?? String(decoding: Policy.shippedText, as: UTF8.self)
        _ = try Policy(yaml: Array(policy.utf8))
        if let passKeys = new.passKeys { _ = try await PassKeys(json: Array(passKeys.utf8)) }
        let keys = desk.keys
        try await desk.database.write { connection in
            var row = IncidentRow(
                id: new.id, name: new.name, from: new.from, to: new.to, policy: policy,
                passKeysSealed: try new.passKeys.map { try keys.seal($0, for: Self.passKeysPlace(new.id)) },
                joinKeySealed: try keys.seal(
                    randomBytes(32).base64EncodedString(), for: Self.joinKeyPlace(new.id)),
                orderSeed: new.orderSeed ?? .random(in: 0...Int64.max), createdAt: connection.now)
            row.otherWindows = try JSONDocument.stored(new.otherWindows)
            guard try IncidentStore(connection).insert(row) else {
                throw RedressError(
                    .refused,
                    "There is an incident \(new.id) already; it was left as it is. Choose another id.")
            }
            try AuditStore(connection).append(
                "incident.create", subject: new.id, by: actor,
                detail: ["from": "\(new.from)", "to": "\(new.to)", "order_seed": "\(row.orderSeed)"])
        }
    }

    /// Every incident, the newest first.
    public func list(by actor: Actor) async throws -> [IncidentRow] {
        try actor.require(.readCases)
        return try await desk.database.read { try IncidentStore($0).all() }
    }

    /// The names of an incident's sites by their ids.
    public func siteNames(_ incident: String, by actor: Actor) async throws -> [String: String] {
        try actor.require(.readCases)
        return try await desk.database.read { connection in
            Dictionary(
                try IncidentStore(connection).sites(incident).map { ($0.site, $0.name) },
                uniquingKeysWith: { $1 })
        }
    }

    /// Finds everyone whose booking was revoked, opens a case for each (once) and verifies the undecided.
    ///
    /// - Parameter progress: told as cases are verified.
    public func sweep(
        _ incident: String, by actor: Actor, progress: (_ done: Int, _ of: Int) -> Void = { _, _ in }
    ) async throws -> SweepReport {
        try actor.require(.workCases)
        let affected = try await desk.database.read { connection in
            _ = try IncidentStore(connection).find(incident)
            return try Self.affected(incident, connection)
        }
        var opened = 0
        for start in stride(from: 0, to: affected.count, by: 100) {
            let batch = affected[start..<min(start + 100, affected.count)]
            opened += try await desk.database.write { connection in
                try batch.reduce(0) { count, claim in
                    let opening = try CaseOpening(connection, desk).open(
                        claim, incident: incident, origin: .found, channel: .sweep, by: actor)
                    return count + (opening.isNew ? 1 : 0)
                }
            }
        }
        let cases = try await desk.cases.undecided(incident)
        try await desk.cases.verify(cases, incident: incident, by: actor, progress: progress)
        let verdicts = try await desk.database.read { connection in
            try CaseStore(connection).all(incident: incident).reduce(into: [String: Int]()) { counts, row in
                if let verdict = row.verdict { counts[verdict, default: 0] += 1 }
            }
        }
        return SweepReport(affected: affected.count, opened: opened, verdicts: verdicts)
    }

    /// Everyone the registers show as having lost a booking, by person.
    private static func affected(_ incident: String, _ connection: any Connection) throws -> [Claim] {
        let register = RegisterStore(connection)
        var claims: [String: Claim] = [:]
        for row in try register.bookings(incident: incident) where row.status == .revoked {
            claims["\(row.person)/\(row.booking)"] = Claim(person: row.person, booking: row.booking)
        }
        for row in try register.revocations(incident: incident) {
            claims["\(row.person)/\(row.booking)"] = Claim(person: row.person, booking: row.booking)
        }
        return claims.values.sorted { ($0.person, $0.booking) < ($1.person, $1.booking) }
    }

    /// What the rules need to know of the incident.
    func context(_ row: IncidentRow) async throws -> IncidentContext {
        var passKeys: PassKeys?
        if let sealed = row.passKeysSealed {
            let json = try desk.keys.open(sealed, for: Self.passKeysPlace(row.id))
            passKeys = try await PassKeys(json: Array(json.utf8))
        }
        return IncidentContext(
            incident: row.id, window: IncidentWindow(source: "agency", from: row.from, to: row.to),
            otherWindows: try row.publishedWindows().map { try $0.window() },
            policy: try Policy(yaml: Array(row.policy.utf8)), passKeys: passKeys, joinKey: try joinKey(row))
    }

    /// The key that joins this incident's log lines to people.
    func joinKey(_ row: IncidentRow) throws -> JoinKey {
        let text = try joinKeyText(row)
        guard let secret = Data(base64Encoded: text) else {
            throw RedressError(.unavailable, "The join key of incident \(row.id) does not read.")
        }
        return JoinKey(secret: [UInt8](secret))
    }

    /// The same key as the text that `redress distil` reads from a file.
    func joinKeyText(_ row: IncidentRow) throws -> String {
        try desk.keys.open(row.joinKeySealed, for: Self.joinKeyPlace(row.id))
    }

    private static func passKeysPlace(_ incident: String) -> String { "incident.pass-keys/\(incident)" }
    private static func joinKeyPlace(_ incident: String) -> String { "incident.join-key/\(incident)" }
}

extension Desk {
    /// Incidents.
    public var incidents: IncidentDesk { IncidentDesk(desk: self) }
}
