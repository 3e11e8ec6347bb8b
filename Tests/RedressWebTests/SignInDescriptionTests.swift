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

@Suite("Signing in over HTTP answers as it is described")
struct SignInDescriptionTests {
    private static func value(_ answer: TestResponse) throws -> JSONValue {
        try JSONDecoder().decode(JSONValue.self, from: Data(answer.body.readableBytesView))
    }

    private static func text(_ value: JSONValue, _ name: String) throws -> String {
        guard case .object(let fields) = value, case .text(let text)? = fields[name] else {
            throw RedressError(.fault, "no \(name)")
        }
        return text
    }

    private static func send(
        _ client: any TestClientProtocol, _ method: HTTPRequest.Method, _ path: String, _ body: String? = nil,
        cookie: String? = nil, csrf: String? = nil
    ) async throws -> TestResponse {
        var headers: HTTPFields = [:]
        headers[.cookie] = cookie
        headers[try #require(HTTPField.Name("X-CSRF-Token"))] = csrf
        return try await client.executeRequest(
            uri: "/api/v1/" + path, method: method, headers: headers,
            body: body.map { ByteBuffer(string: $0) })
    }

    private static func cookie(_ answer: TestResponse) -> String {
        String((answer.headers[.setCookie] ?? "").prefix { $0 != ";" })
    }

    @Test("Staff: invitation, session, proof, new password, and every refusal is a problem")
    func staff() async throws {
        let judge = try SchemaJudge()
        let fixture = try await DeskFixture()
        try await fixture.desk.staff.add("김상담", role: .agent, by: fixture.actor)
        let invitation = try await fixture.desk.signIn.invite("김상담", by: fixture.actor)
        try await Application(router: buildRouter(desk: fixture.desk)).test(.router) { client in
            try await PasswordQueue.$costLog2.withValue(4) {
                let weak = try await Self.send(
                    client, .post, "enrolments", #"{"invitation":"\#(invitation)","password":"short"}"#)
                #expect(weak.status == .unprocessableContent)
                #expect(judge.faults(try Self.value(weak), against: "Problem").isEmpty)
                let password = SignedIn.password
                let enrolled = try await Self.send(
                    client, .post, "enrolments",
                    #"{"invitation":"\#(invitation)","password":"\#(password)"}"#)
                #expect(enrolled.status == .created)
                let enrolment = try Self.value(enrolled)
                #expect(judge.faults(enrolment, against: "Enrolment").isEmpty)
                guard case .object(let fields) = enrolment, case .list(let codes)? = fields["recovery_codes"],
                    case .text(let first)? = codes.first, case .text(let last)? = codes.last
                else { throw RedressError(.fault, "no codes") }
                let body = #"{"name":"김상담","password":"\#(password)","code":"\#(first)"}"#
                let begun = try await Self.send(client, .post, "sessions", body)
                #expect(begun.status == .created)
                let session = try Self.value(begun)
                #expect(judge.faults(session, against: "Session").isEmpty)
                let again = try await Self.send(client, .post, "sessions", body)
                #expect(again.status == .forbidden, "a code counts once")
                #expect(judge.faults(try Self.value(again), against: "Problem").isEmpty)
                let (cookie, csrf) = (Self.cookie(begun), try Self.text(session, "csrf"))
                let shown = try await Self.send(client, .get, "sessions/current", cookie: cookie)
                #expect(judge.faults(try Self.value(shown), against: "Session").isEmpty)
                let proved = try await Self.send(
                    client, .post, "sessions/current/proof",
                    #"{"password":"\#(password)","code":"\#(last)"}"#, cookie: cookie, csrf: csrf)
                #expect(proved.status == .ok)
                #expect(judge.faults(try Self.value(proved), against: "Session").isEmpty)
                let out = try await Self.send(
                    client, .delete, "sessions/current", cookie: cookie, csrf: csrf)
                #expect(out.status == .noContent)
                let gone = try await Self.send(client, .get, "sessions/current", cookie: cookie)
                #expect(gone.status == .unauthorized)
                #expect(judge.faults(try Self.value(gone), against: "Problem").isEmpty)
            }
        }
    }

    @Test("Roles, capacity and exports by session want a proof of the last five minutes; a token is its own")
    func proof() async throws {
        let fixture = try await DeskFixture()
        _ = try await fixture.addPerson(1)
        let lead = try await fixture.signIn(.supervisor, as: "김팀장")
        let token = try await fixture.desk.staff.makeToken(for: "김팀장", by: fixture.actor)
        let sensitive = API.operations.filter(\.wantsProof).map(\.id)
        for id in ["addStaff", "disableStaff", "allot", "apply", "exportSeats", "exportArrivals"] {
            #expect(sensitive.contains(id), "\(id)")
        }
        let path = "incidents/\(DeskFixture.incident)/exports/seats"
        try await Application(router: buildRouter(desk: fixture.desk)).test(.router) { client in
            let cookie = "\(SessionCookie.staff.rawValue)=\(lead.secret)"
            #expect(try await Self.send(client, .get, path, cookie: cookie).status == .ok)
            fixture.clock.advance(minutes: 6)
            let late = try await Self.send(client, .get, path, cookie: cookie)
            #expect(late.status == .forbidden)
            #expect(try Self.text(try Self.value(late), "type") == "urn:redress:problem:prove-again")
            let byToken = try await client.executeRequest(
                uri: "/api/v1/" + path, method: .get, headers: [.authorization: "Bearer \(token)"], body: nil)
            #expect(byToken.status == .ok)
        }
    }
}
