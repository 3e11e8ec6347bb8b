import Foundation
import HTTPTypes
import Hummingbird
import HummingbirdTesting
import NIOCore
import RedressCore
import RedressDesk
import TestSupport
import Testing

@testable import RedressWeb

@Suite("The API does what its description says, for whom it says")
struct APITests {
    private static let page = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
        .deletingLastPathComponent().deletingLastPathComponent().appendingPathComponent("docs/openapi.yaml")

    private static func token(_ fixture: DeskFixture, _ role: Role) async throws -> HTTPFields {
        try await fixture.desk.staff.add("직원-\(role.rawValue)", role: role, by: fixture.actor)
        let token = try await fixture.desk.staff.makeToken(for: "직원-\(role.rawValue)", by: fixture.actor)
        return [.authorization: "Bearer \(token)"]
    }

    private static func field(_ name: String) throws -> HTTPField.Name {
        try #require(HTTPField.Name(name))
    }

    @Test("docs/openapi.yaml is what the program serves")
    func written() throws {
        if ProcessInfo.processInfo.environment["REDRESS_WRITE_DOCS"] == "1" {
            try Data(OpenAPIDocument.text.utf8).write(to: Self.page)
        }
        #expect(try String(contentsOf: Self.page, encoding: .utf8) == OpenAPIDocument.text)
    }

    @Test("Every route of the router is described, and everything described is a route")
    func routes() async throws {
        let fixture = try await DeskFixture()
        let judge = try SchemaJudge()
        guard case .object(let paths)? = judge.at(["paths"]) else { throw RedressError(.fault, "no paths") }
        var described: Set<String> = []
        for case (let path, .object(let methods)) in paths {
            for method in methods.keys { described.insert("\(method.uppercased()) \(path)") }
        }
        func names(_ router: Router<WebContext>) -> Set<String> {
            Set(router.routes.map { "\($0.method.rawValue) \($0.path)" })
        }
        #expect(names(buildRouter(desk: fixture.desk)) == described)
        let known = API.templates.flatMap { template in
            template.methods.map { "\($0) /" + template.path.joined(separator: "/") }
        }
        #expect(Set(known) == described, "what answers 405 knows the same paths and methods")
        let ids = API.operations.map(\.id)
        #expect(Set(ids).count == ids.count, "an operationId stands twice")
        for operation in API.operations where !operation.answer.contains("/") {
            #expect(judge.at(["components", "schemas", operation.answer]) != nil, "\(operation.answer)")
        }
        for name in Set(API.operations.flatMap(\.parameters)) {
            #expect(judge.at(["components", "parameters", name]) != nil, "\(name)")
        }
    }

    /// The description's own example of a request.
    private static func path(_ operation: RedressWeb.Operation, _ receipt: ReceiptNumber) -> String {
        let parts: [String: String] = [
            "receipt": receipt.description, "incident": DeskFixture.incident, "list": "unassigned",
            "period": "week", "month": "2021-07",
        ]
        let path = operation.path.split(separator: "/").map { part in
            part.hasPrefix("{") ? parts[String(part.dropFirst().dropLast())] ?? "x1" : String(part)
        }.joined(separator: "/")
        let query = operation.query.filter(\.isRequired).map { field -> String in
            switch field.example {
            case .text(let text): "\(field.name)=\(text.replacing("+", with: "%2B"))"
            case .integer(let number): "\(field.name)=\(number)"
            default: field.name
            }
        }
        return "/api/v1/" + path + (query.isEmpty ? "" : "?" + query.joined(separator: "&"))
    }

    private static func body(_ operation: RedressWeb.Operation, _ receipt: ReceiptNumber) throws
        -> ByteBuffer?
    {
        guard operation.method != .get, !operation.body.isEmpty else { return nil }
        let fields = operation.body.filter { operation.id == "lookUp" ? $0.name == "phone" : $0.isRequired }
            .map { field -> (String, JSONValue) in
                switch field.kind {
                case .receipt: (field.name, .text(receipt.description))
                case .receipts: (field.name, .list([.text(receipt.description)]))
                default: (field.name, field.example)
                }
            }
        let object = JSONValue.object(Dictionary(fields, uniquingKeysWith: { $1 }))
        return ByteBuffer(bytes: try JSONEncoder().encode(object))
    }

    @Test("Every operation answers every role as the one table of permissions says, and as it is described")
    func matrix() async throws {
        let judge = try SchemaJudge()
        let fixture = try await DeskFixture()
        try await fixture.allot(3)
        let receipt = try await fixture.addPerson(1)
        let (key, match) = (try Self.field("Idempotency-Key"), try Self.field("If-Match"))
        var tokens: [Role: HTTPFields] = [:]
        for role in Role.ofStaff { tokens[role] = try await Self.token(fixture, role) }
        let roles = tokens
        try await Application(router: buildRouter(desk: fixture.desk)).test(.router) { client in
            for operation in API.operations {
                for role in Role.ofStaff {
                    var headers = roles[role] ?? [:]
                    headers[key] = "\(operation.id)-\(role.rawValue)"
                    headers[match] = "\"0\""
                    let answer = try await client.executeRequest(
                        uri: Self.path(operation, receipt), method: operation.method, headers: headers,
                        body: try Self.body(operation, receipt))
                    let said =
                        "\(operation.id) as \(role.rawValue): \(answer.status) \(String(buffer: answer.body))"
                    let status = answer.status.code
                    if !role.permissions.contains(operation.permission) {
                        #expect(status == 403, "\(said)")
                    }
                    #expect(
                        status == operation.status || OpenAPIDocument.problems(operation).contains(status),
                        "\(said)")
                    #expect(status < 500, "\(said)")
                    let isProblem = status >= 400
                    guard isProblem || !operation.answer.contains("/") else { continue }
                    let value = try JSONDecoder().decode(
                        JSONValue.self, from: Data(answer.body.readableBytesView))
                    let faults = judge.faults(value, against: isProblem ? "Problem" : operation.answer)
                    #expect(faults.isEmpty, "\(operation.id) as \(role.rawValue): \(faults)")
                }
            }
        }
    }

    @Test("Nobody without a role gets past any operation, and the desk asks too")
    func denied() async throws {
        let fixture = try await DeskFixture()
        let receipt = try await fixture.addPerson(1)
        let stranger = Actor(name: "p1", role: .citizen)
        for operation in API.operations
        where !["countDue", "listHolidays", "declareRelation"].contains(operation.id) {
            var query: [String: JSONValue] = [:]
            for field in operation.query where field.isRequired { query[field.name] = field.example }
            var body: [String: JSONValue] = [:]
            for field in operation.body where field.isRequired { body[field.name] = field.example }
            if operation.id == "lookUp" { body = ["phone": "010-0000-0001"] }
            if operation.id == "addAttachment" { body["content"] = "iVBORw0KGgo=" }
            if operation.id == "note" { body["text"] = "x" }
            let call = Call(
                desk: fixture.desk, actor: stranger,
                parameters: [
                    "receipt": receipt.description, "incident": DeskFixture.incident, "list": "mine",
                    "period": "week", "month": "2021-07", "name": "x", "contact": "x", "request": "x",
                    "digest": "x", "attachment": "x", "notice": "x", "representative": "x",
                ], query: query, body: body, version: nil, key: nil)
            do {
                _ = try await operation.run(call)
                Issue.record("\(operation.id) let a citizen through")
            } catch let error as RedressError {
                #expect(error.code == .notAllowed || error.code == .notFound, "\(operation.id): \(error)")
            }
        }
    }

    @Test(
        "The same key is done once, another body under it is refused, and a change names the version it saw")
    func keysAndVersions() async throws {
        let fixture = try await DeskFixture()
        let receipt = try await fixture.addPerson(1)
        let agent = try await Self.token(fixture, .agent)
        let supervisor = try await Self.token(fixture, .supervisor)
        let (key, match) = (try Self.field("Idempotency-Key"), try Self.field("If-Match"))
        try await Application(router: buildRouter(desk: fixture.desk)).test(.router) { client in
            func post(_ path: String, _ headers: HTTPFields, _ extra: HTTPFields, _ body: String) async throws
                -> TestResponse
            {
                try await client.executeRequest(
                    uri: "/api/v1/" + path, method: .post, headers: headers + extra,
                    body: ByteBuffer(string: body))
            }
            let allot = "incidents/\(DeskFixture.incident)/pool/allotments"
            let seats =
                #"{"site":"C001","vaccine":"moderna","date":"2021-08-16","slot":"10:00","seats":2,"authority":"복구-1"}"#
            #expect(try await post(allot, supervisor, [:], seats).status == .badRequest)
            let first = try await post(allot, supervisor, [key: "a1"], seats)
            let again = try await post(allot, supervisor, [key: "a1"], seats)
            #expect(first.status == .ok && again.status == .ok)
            #expect(String(buffer: first.body) == String(buffer: again.body))
            let status = try await fixture.desk.pool.status(incident: DeskFixture.incident, by: fixture.actor)
            #expect(status.map(\.allotted) == [2], "given twice, done once")
            let other = try await post(allot, supervisor, [key: "a1"], seats.replacing("2,", with: "3,"))
            #expect(other.status == .unprocessableContent)

            let shown = try await client.executeRequest(
                uri: "/api/v1/cases/\(receipt)", method: .get, headers: agent, body: nil)
            let tag = try #require(shown.headers[.eTag])
            let note = #"{"text":"문자 화면 확인함"}"#
            let path = "cases/\(receipt)/notes"
            #expect(try await post(path, agent, [key: "n1"], note).status == .preconditionRequired)
            let done = try await post(path, agent, [key: "n2", match: tag], note)
            #expect(done.status == .ok && done.headers[.eTag] != nil && done.headers[.eTag] != tag)
            #expect(try await post(path, agent, [key: "n3", match: tag], note).status == .preconditionFailed)
            let repeated = try await post(path, agent, [key: "n2", match: tag], note)
            #expect(repeated.status == .ok && repeated.headers[.eTag] == done.headers[.eTag])
            let unknown = try await post(
                "cases/\(receipt)/notes", agent, [key: "n4", match: tag], #"{"txt":"x"}"#)
            #expect(unknown.status == .badRequest)
            let method = try await client.executeRequest(
                uri: "/api/v1/lookups", method: .delete, headers: agent, body: nil)
            #expect(method.status == .methodNotAllowed && method.headers[.allow] == "POST")
            for path in ["work/next", "sessions", "me/birth-date"] {
                let wrong = try await client.executeRequest(
                    uri: "/api/v1/\(path)", method: .get, headers: agent, body: nil)
                #expect(wrong.status == .methodNotAllowed && wrong.headers[.allow] == "POST", "\(path)")
            }
            let strange = try await post(path, agent, [key: "n 5", match: tag], note)
            #expect(strange.status == .badRequest, "a key of other characters than the description allows")
            let stale = try await post(
                "work/bulk", supervisor, [key: "n7"],
                #"{"act":"note","receipts":["\#(receipt)"],"text":"x","confirm":"0"}"#)
            #expect(stale.status == .conflict, "a preview that is out of date is no fault of the server's")
            // Right in form, and the check digit is wrong: 422; not even the form: 400.
            for (other, status) in [("2021-000417-7", 422), ("2021", 400)] {
                let linked = try await post(
                    "cases/\(receipt)/link", supervisor, [key: "n6"], #"{"with":"\#(other)","reason":"x"}"#)
                #expect(linked.status.code == status, "\(String(buffer: linked.body))")
            }
        }
    }

    @Test("A list is read page by page without a gap or a double", arguments: ["cases", "work/unassigned"])
    func pages(list: String) async throws {
        let fixture = try await DeskFixture()
        for number in 1...5 { _ = try await fixture.addPerson(number) }
        let headers = try await Self.token(fixture, .auditor)
        try await Application(router: buildRouter(desk: fixture.desk)).test(.router) { client in
            func page(_ limit: Int, _ cursor: String?) async throws -> (receipts: [String], next: String?) {
                let next = cursor.map { "&cursor=" + $0.replacing("=", with: "%3D") } ?? ""
                let answer = try await client.executeRequest(
                    uri: "/api/v1/\(list)?limit=\(limit)" + next, method: .get, headers: headers, body: nil)
                guard
                    case .object(let page) = try JSONDecoder().decode(
                        JSONValue.self, from: Data(answer.body.readableBytesView)),
                    case .list(let items)? = page["items"]
                else { throw RedressError(.fault, String(buffer: answer.body)) }
                let receipts = items.compactMap { item -> String? in
                    if case .object(let fields) = item, case .text(let receipt)? = fields["receipt"] {
                        receipt
                    } else {
                        nil
                    }
                }
                if case .text(let cursor)? = page["next_cursor"] { return (receipts, cursor) }
                return (receipts, nil)
            }
            let whole = try await page(1000, nil)
            #expect(whole.receipts.count == 5 && whole.next == nil)
            var (seen, cursor): ([String], String?) = ([], nil)
            repeat {
                let some = try await page(2, cursor)
                seen += some.receipts
                cursor = some.next
            } while cursor != nil
            #expect(seen == whole.receipts)
        }
    }
}

extension HTTPFields {
    fileprivate static func + (one: HTTPFields, other: HTTPFields) -> HTTPFields {
        var all = one
        all.append(contentsOf: other)
        return all
    }
}
