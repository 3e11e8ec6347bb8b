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

/// A member of the staff with a browser: a session's cookie, and forms that carry what the page gave them.
struct Visitor: Sendable {
    let client: any TestClientProtocol
    let staff: SignedIn

    func get(_ path: String, signedIn: Bool = true, language: String = "ko") async throws -> TestResponse {
        try await client.executeRequest(
            uri: path, method: .get, headers: headers(signedIn ? staff.secret : nil, language), body: nil)
    }

    /// Sends a form; it carries the session's forgery token unless `csrf` says otherwise.
    func post(
        _ path: String, _ fields: [String: String], signedIn: Bool = true, secret: String? = nil,
        csrf: String? = nil, headers extra: HTTPFields = [:]
    ) async throws -> TestResponse {
        var all = headers(signedIn ? secret ?? staff.secret : nil, "ko")
        for field in extra { all.append(field) }
        var fields = fields
        fields["csrf"] = csrf ?? staff.csrf
        let body = fields.map { name, value in
            let escaped = value.addingPercentEncoding(withAllowedCharacters: .alphanumerics) ?? ""
            return "\(name)=\(escaped)"
        }
        return try await client.executeRequest(
            uri: path, method: .post, headers: all, body: ByteBuffer(string: body.joined(separator: "&")))
    }

    /// Sends a form with a file.
    func post(
        _ path: String, file: [UInt8], named name: String, type: String, csrf: String? = nil
    ) async throws -> TestResponse {
        var all = headers(staff.secret, "ko")
        all[.contentType] = "multipart/form-data; boundary=parts"
        var body = ByteBuffer(
            string: """
                --parts\r\nContent-Disposition: form-data; name="csrf"\r\n\r\n\(csrf ?? staff.csrf)\r\n\
                --parts\r\nContent-Disposition: form-data; name="file"; filename="\(name)"\r\n\
                Content-Type: \(type)\r\n\r\n
                """)
        body.writeBytes(file)
        body.writeString("\r\n--parts--\r\n")
        return try await client.executeRequest(uri: path, method: .post, headers: all, body: body)
    }

    func text(_ answer: TestResponse) -> String {
        #expect(answer.status == .ok, "\(String(buffer: answer.body).suffix(600))")
        return String(buffer: answer.body)
    }

    private func headers(_ secret: String?, _ language: String) -> HTTPFields {
        let session = secret.map { "\(SessionCookie.staff.rawValue)=\($0); " } ?? ""
        return [.cookie: session + "redress_language=\(language)"]
    }
}

/// Somebody of a role in front of the pages.
func withPages(
    role: Role = .supervisor, _ body: @Sendable @escaping (Visitor, DeskFixture) async throws -> Void
) async throws {
    let fixture = try await DeskFixture()
    // Of its own: all tests at once are more than one service lets wait.
    try await PasswordQueue.$shared.withValue(PasswordQueue()) {
        let staff = try await fixture.signIn(role)
        try await Application(router: buildSite(desk: fixture.desk)).test(.router) { client in
            try await body(Visitor(client: client, staff: staff), fixture)
        }
    }
}

extension TestResponse {
    /// The page as text.
    var page: String { String(buffer: body) }

    /// The session that the answer begins; nil when it begins none.
    var session: String? {
        headers[.setCookie]?.prefixMatch(of: /__Host-redress-staff=([^;]+);/).map { String($0.1) }
    }

    /// The value of a hidden field.
    func field(_ name: String) -> String? {
        let start = "name=\"\(name)\" value=\""
        guard let range = page.firstRange(of: start) else { return nil }
        return String(page[range.upperBound...].prefix { $0 != "\"" })
    }
}
