/// One operation of the API: how it is called, who may call it, and what it does; the router and the description
/// of the API are made from the same list.
import FoundationEssentials
import HTTPTypes
import Hummingbird
import RedressCore
import RedressDesk

/// One operation.
struct Operation: Sendable {
    /// What a call does to what is kept.
    enum Effect: Sendable {
        /// Nothing but a line in the access log.
        case none
        /// Something that would be done twice if it were asked for twice: the key remembers the answer.
        case once
        /// Something that the desk itself does once for a key or a version: safe to be carried out again.
        case repeatable
        /// A change of one case, which names the version that was seen.
        case edit

        var needsKey: Bool { if case .none = self { false } else { true } }
        var needsVersion: Bool { if case .edit = self { true } else { false } }
        var isRepeatable: Bool {
            switch self {
            case .repeatable, .edit: true
            case .none, .once: false
            }
        }
    }

    let id: String
    let method: HTTPRequest.Method
    /// Below `/api/v1`, as in `cases/{receipt}`.
    let path: String
    let summary: String
    let permission: Permission
    let effect: Effect
    var query: [Field] = []
    var body: [Field] = []
    /// The name of the answer's schema, or its media type when it is no JSON.
    let answer: String
    var status = 200
    /// The largest body, in bytes.
    var mostBytes = 65_536
    let run: @Sendable (Call) async throws -> Answer

    /// Whether a session must have been proved in the last five minutes: for roles, capacity and exports. A token is
    /// its own proof.
    var wantsProof: Bool {
        answer.hasPrefix("text/csv")
            || method != .get && [.manageStaff, .manageCapacity, .applyPlan].contains(permission)
    }

    /// The parts of the path that stand in braces.
    var parameters: [String] {
        path.split(separator: "/").filter { $0.hasPrefix("{") }.map { String($0.dropFirst().dropLast()) }
    }

    static func get(
        _ id: String, _ path: String, _ summary: String, may permission: Permission, query: [Field] = [],
        answer: String, _ run: @escaping @Sendable (Call) async throws -> Answer
    ) -> Operation {
        Operation(
            id: id, method: .get, path: path, summary: summary, permission: permission, effect: .none,
            query: query, answer: answer, run: run)
    }

    static func post(
        _ id: String, _ path: String, _ summary: String, may permission: Permission, _ effect: Effect,
        body: [Field] = [], answer: String, status: Int = 200, mostBytes: Int = 65_536,
        _ run: @escaping @Sendable (Call) async throws -> Answer
    ) -> Operation {
        Operation(
            id: id, method: .post, path: path, summary: summary, permission: permission, effect: effect,
            body: body, answer: answer, status: status, mostBytes: mostBytes, run: run)
    }

    static func put(
        _ id: String, _ path: String, _ summary: String, may permission: Permission, body: [Field],
        answer: String, _ run: @escaping @Sendable (Call) async throws -> Answer
    ) -> Operation {
        Operation(
            id: id, method: .put, path: path, summary: summary, permission: permission, effect: .none,
            body: body, answer: answer, run: run)
    }
}

/// What an operation answers.
struct Answer: Sendable {
    var status = 200
    var type = "application/json; charset=utf-8"
    var bytes: [UInt8]
    /// The version of the case that was answered.
    var version: Int?

    /// A JSON document.
    static func json(_ value: some Encodable, status: Int = 200) throws -> Answer {
        Answer(status: status, bytes: Array(try JSONDocument.line(value).utf8))
    }

    /// A case, with its version.
    static func edited(_ view: CaseView, status: Int = 200) throws -> Answer {
        var answer = try json(view, status: status)
        answer.version = view.version
        return answer
    }

    /// A file.
    static func file(_ text: String, _ type: String) -> Answer {
        Answer(type: type, bytes: Array(text.utf8))
    }
}

/// One call of an operation: who asks, and what was given, checked.
struct Call: Sendable {
    let desk: Desk
    let actor: Actor
    let parameters: [String: String]
    let query: [String: JSONValue]
    let body: [String: JSONValue]
    /// The version the caller saw, from `If-Match`.
    let version: Int?
    /// The idempotency key, made this caller's own.
    let key: String?

    /// A part of the path.
    func part(_ name: String) throws -> String {
        guard let text = parameters[name] else { throw RedressError(.fault, "The path has no \(name).") }
        return text
    }

    /// The receipt number in the path.
    func receipt() throws -> ReceiptNumber { try ReceiptNumber(inAddress: try part("receipt")) }

    private func value(_ name: String) -> JSONValue? { body[name] ?? query[name] }

    func text(_ name: String) throws -> String {
        guard let text = optionalText(name) else { throw missing(name) }
        return text
    }

    func optionalText(_ name: String) -> String? {
        guard case .text(let text)? = value(name) else { return nil }
        return text
    }

    func integer(_ name: String) -> Int? {
        guard case .integer(let number)? = value(name) else { return nil }
        return number
    }

    func number(_ name: String) -> Double? {
        switch value(name) {
        case .number(let number): number
        case .integer(let number): Double(number)
        default: nil
        }
    }

    func flag(_ name: String) -> Bool {
        guard case .flag(let flag)? = value(name) else { return false }
        return flag
    }

    func texts(_ name: String) -> [String] {
        guard case .list(let values)? = value(name) else { return [] }
        return values.compactMap { if case .text(let text) = $0 { text } else { nil } }
    }

    /// A text read as what it stands for.
    func parsed<T>(_ name: String, _ read: (String) throws -> T?) throws -> T {
        guard let value = try read(try text(name)) else { throw missing(name) }
        return value
    }

    /// A text that may be left out, read as what it stands for.
    func optional<T>(_ name: String, _ read: (String) throws -> T?) throws -> T? {
        try optionalText(name) == nil ? nil : parsed(name, read)
    }

    private func missing(_ name: String) -> RedressError {
        RedressError(
            .badData, "`\(name)` is missing or not what the description says.", details: ["field": name])
    }
}
