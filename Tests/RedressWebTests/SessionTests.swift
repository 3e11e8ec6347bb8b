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

@Suite("Sessions over HTTP")
struct SessionTests {
    private struct Answer: Decodable {
        var csrf: String?
    }

    private static func cookie(_ answer: TestResponse) -> String? {
        answer.headers[.setCookie].map { String($0.prefix { $0 != ";" }) }
    }

    /// Signs a citizen in as far as the code, over HTTP; the cookie and the forgery token.
    private static func begin(
        _ fixture: DeskFixture, _ client: any TestClientProtocol, _ phone: String
    ) async throws -> (cookie: String, csrf: String, answer: TestResponse) {
        let asked = try await client.executeRequest(
            uri: "/api/v1/codes", method: .post, headers: [:],
            body: ByteBuffer(string: #"{"phone":"\#(phone)"}"#))
        #expect(asked.status == .accepted)
        let decoder = JSONDecoder()
        decoder.keyDecodingStrategy = .convertFromSnakeCase
        let made = try decoder.decode(CodeRequest.self, from: Data(asked.body.readableBytesView))
        let request = made.request
        let code = try #require(try await fixture.code(of: made))
        let begun = try await client.executeRequest(
            uri: "/api/v1/codes/\(request)/session", method: .post, headers: [:],
            body: ByteBuffer(string: #"{"code":"\#(code)"}"#))
        #expect(begun.status == .created)
        let csrf = try JSONDecoder().decode(Answer.self, from: Data(begun.body.readableBytesView)).csrf
        return (try #require(cookie(begun)), try #require(csrf), begun)
    }

    @Test(
        "The cookie is bound to this host, hidden from scripts and from other sites, and changes with each step"
    )
    func cookies() async throws {
        let fixture = try await DeskFixture()
        _ = try await fixture.addPerson(7)
        let token = HTTPField.Name("X-CSRF-Token")
        try await Application(router: buildRouter(desk: fixture.desk)).test(.router) { client in
            let begun = try await Self.begin(fixture, client, "010-0000-0007")
            let header = begun.answer.headers[.setCookie] ?? ""
            for part in ["__Host-redress=", "Path=/", "Secure", "HttpOnly", "SameSite=Strict"] {
                #expect(header.contains(part), "\(part)")
            }
            var headers: HTTPFields = [.cookie: begun.cookie]
            let body = ByteBuffer(string: #"{"phone":"01000000007","birth_date":"1967-03-01"}"#)
            let forged = try await client.executeRequest(
                uri: "/api/v1/me/birth-date", method: .post, headers: headers, body: body)
            #expect(forged.status == .forbidden, "no forgery token")
            if let token { headers[token] = begun.csrf }
            let opened = try await client.executeRequest(
                uri: "/api/v1/me/birth-date", method: .post, headers: headers, body: body)
            #expect(opened.status == .created)
            let cookie = try #require(Self.cookie(opened))
            #expect(cookie != begun.cookie)
            for (cookie, status) in [(begun.cookie, HTTPResponse.Status.unauthorized), (cookie, .ok)] {
                let read = try await client.executeRequest(
                    uri: "/api/v1/me/session", method: .get, headers: [.cookie: cookie], body: nil)
                #expect(read.status == status)
            }
        }
    }

    @Test("What another site makes a browser send is refused, with a session or without")
    func crossSite() async throws {
        let fixture = try await DeskFixture()
        let site = try #require(HTTPField.Name("Sec-Fetch-Site"))
        try await Application(router: buildRouter(desk: fixture.desk)).test(.router) { client in
            for (value, status) in [
                ("cross-site", HTTPResponse.Status.forbidden), ("same-site", .forbidden),
                ("same-origin", .accepted),
            ] {
                let answer = try await client.executeRequest(
                    uri: "/api/v1/codes", method: .post, headers: [site: value],
                    body: ByteBuffer(string: #"{"phone":"01000000001"}"#))
                #expect(answer.status == status, "\(value)")
            }
        }
    }

    @Test(
        "A citizen's cookie opens nothing of the staff's, and too many codes are a 429 that says how long to wait"
    )
    func limits() async throws {
        let fixture = try await DeskFixture()
        let receipt = try await fixture.addPerson(7)
        try await Application(router: buildRouter(desk: fixture.desk)).test(.router) { client in
            let begun = try await Self.begin(fixture, client, "010-0000-0007")
            let secret = begun.cookie.drop { $0 != "=" }
            for cookie in [begun.cookie, "__Host-redress-staff\(secret)"] {
                let answer = try await client.executeRequest(
                    uri: "/api/v1/cases/\(receipt)", method: .get, headers: [.cookie: cookie], body: nil)
                #expect(answer.status == .unauthorized)
            }
            let again = try await client.executeRequest(
                uri: "/api/v1/codes", method: .post, headers: [:],
                body: ByteBuffer(string: #"{"phone":"010 0000 0007"}"#))
            #expect(again.status == .tooManyRequests)
            #expect(again.headers[.retryAfter] == "60")
        }
    }
}
