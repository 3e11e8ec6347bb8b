import Foundation
import HTTPTypes
import Hummingbird
import HummingbirdTesting
import NIOCore
import RedressCore
import RedressDesk
import RedressWeb
import TestSupport
import Testing

@Suite("The HTTP service")
struct ServiceTests {
    private static func token(_ fixture: DeskFixture, _ role: Role) async throws -> HTTPFields {
        try await fixture.desk.staff.add("직원-\(role.rawValue)", role: role, by: fixture.actor)
        let token = try await fixture.desk.staff.makeToken(for: "직원-\(role.rawValue)", by: fixture.actor)
        return [.authorization: "Bearer \(token)"]
    }

    @Test("It says that it lives and that it is ready, without asking who you are")
    func health() async throws {
        let fixture = try await DeskFixture()
        // As every command does at its end; without a signed head nothing is ready.
        try await fixture.desk.audit.anchorHead()
        try await Application(router: buildRouter(desk: fixture.desk)).test(.router) { client in
            for path in ["/healthz", "/readyz"] {
                let answer = try await client.executeRequest(uri: path, method: .get, headers: [:], body: nil)
                #expect(answer.status == .ok)
            }
        }
    }

    @Test("Nothing personal without a live token, and the refusal is a problem document")
    func unauthorized() async throws {
        let fixture = try await DeskFixture()
        let receipt = try await fixture.addPerson(1)
        try await Application(router: buildRouter(desk: fixture.desk)).test(.router) { client in
            for headers: HTTPFields in [
                [:], [.authorization: "Bearer rdr_wrong"], [.authorization: "Basic YTpi"],
            ] {
                let answer = try await client.executeRequest(
                    uri: "/api/v1/cases/\(receipt)", method: .get, headers: headers, body: nil)
                #expect(answer.status == .unauthorized)
                #expect(answer.headers[.contentType] == "application/problem+json")
                #expect(!String(buffer: answer.body).contains("B1"))
            }
        }
    }

    @Test("An agent finds a caller by any spelling of the number and reads the case; nothing is cached")
    func lookup() async throws {
        let fixture = try await DeskFixture()
        let receipt = try await fixture.addPerson(7)
        let headers = try await Self.token(fixture, .agent)
        try await Application(router: buildRouter(desk: fixture.desk)).test(.router) { client in
            let found = try await client.executeRequest(
                uri: "/api/v1/lookups", method: .post, headers: headers,
                body: ByteBuffer(string: #"{"phone":"+82 10-0000-0007"}"#))
            #expect(found.status == .ok)
            let text = String(buffer: found.body)
            #expect(text.contains(receipt.description))
            #expect(!text.contains("00000007"), "the number searched is never echoed")
            #expect(found.headers[.cacheControl] == "no-store")
            let read = try await client.executeRequest(
                uri: "/api/v1/cases/\(receipt)", method: .get, headers: headers, body: nil)
            #expect(read.status == .ok)
            #expect(String(buffer: read.body).contains("\"attempted_at\""))
        }
    }

    @Test("A caller is found in every way people say who they are, one way at a time")
    func everyWay() async throws {
        let fixture = try await DeskFixture()
        let receipt = try await fixture.addPerson(7)
        let headers = try await Self.token(fixture, .agent)
        try await Application(router: buildRouter(desk: fixture.desk)).test(.router) { client in
            func ask(_ body: String) async throws -> (HTTPResponse.Status, String) {
                let answer = try await client.executeRequest(
                    uri: "/api/v1/lookups", method: .post, headers: headers, body: ByteBuffer(string: body))
                return (answer.status, String(buffer: answer.body))
            }
            for body in [
                #"{"name":"홍길동","birth_date":"1967-03-01"}"#,
                #"{"name":"ghdrlfehd","birth_date":"1967-03-01"}"#,
                #"{"last_four":"0007","birth_date":"1967-03-01"}"#, #"{"last_four":"0007","name":"홍길동"}"#,
                #"{"booking":"B7"}"#, #"{"receipt":"\#(receipt)"}"#,
            ] {
                let (status, text) = try await ask(body)
                #expect(status == .ok && text.contains(receipt.description), "\(body)")
            }
            for body in [
                "{}", #"{"name":"홍길동"}"#, #"{"phone":"010-0000-0007","booking":"B7"}"#,
                #"{"name":"홍길동","birth_date":"1967-02-31"}"#, "[]", "null", #"{"phone":7}"#,
            ] {
                let (status, text) = try await ask(body)
                #expect(
                    status == .unprocessableContent || status == .badRequest, "\(body): \(status) \(text)")
            }
        }
    }

    @Test("A role that may not look people up is told so, and wrong input is a problem that says what to do")
    func refusals() async throws {
        let fixture = try await DeskFixture()
        let analyst = try await Self.token(fixture, .analyst)
        let agent = try await Self.token(fixture, .agent)
        try await Application(router: buildRouter(desk: fixture.desk)).test(.router) { client in
            func status(_ headers: HTTPFields, _ body: String) async throws -> HTTPResponse.Status {
                try await client.executeRequest(
                    uri: "/api/v1/lookups", method: .post, headers: headers, body: ByteBuffer(string: body)
                ).status
            }
            let attempts: [(HTTPFields, String, HTTPResponse.Status)] = [
                (analyst, #"{"phone":"010-0000-0001"}"#, .forbidden),
                (agent, #"{"phone":"12"}"#, .unprocessableContent),
                (agent, "nonsense", .badRequest),
                (agent, String(repeating: "x", count: 100_000), .contentTooLarge),
            ]
            for (headers, body, expected) in attempts {
                let answer = try await status(headers, body)
                #expect(answer == expected, "\(body.prefix(40))")
            }
            let absent = try await client.executeRequest(
                uri: "/api/v1/cases/2021-000417-8", method: .get, headers: agent, body: nil)
            #expect(absent.status == .notFound)
            let nowhere = try await client.executeRequest(
                uri: "/api/v2/x", method: .get, headers: agent, body: nil)
            #expect(nowhere.status == .notFound)
            #expect(nowhere.headers[.contentType] == "application/problem+json")
        }
    }
}
