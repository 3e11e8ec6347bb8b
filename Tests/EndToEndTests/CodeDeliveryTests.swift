/// A citizen's code, from the request over HTTP through the service's own worker to a gateway, and back as a session.
import Foundation
import FoundationNetworking
import RedressCore
import RedressDesk
import TestSupport
import Testing

@Suite("Codes reach a telephone")
struct CodeDeliveryTests {
    private static let secret = [UInt8](repeating: 6, count: 32)

    @Test(
        "A code leaves by the gateway that is named, at any hour, while notices cannot; and it opens a session"
    )
    func gateway() async throws {
        let folder = try TemporaryFolder()
        let stub = try NoticeStub(secret: Self.secret)
        try await stub.start()
        let secret = folder.file("secret")
        try Data(Self.secret).write(to: URL(fileURLWithPath: secret))
        // All day is quiet: only what is urgent leaves.
        try await Self.serving(
            folder,
            [
                "REDRESS_NOTICE_URL": stub.address, "REDRESS_NOTICE_SECRET_FILE": secret,
                "REDRESS_NOTICE_QUIET": "00:00-23:59",
            ]
        ) { base in
            try await Self.signIn(base) { request in stub.told.first { $0.id == request } }
        }
        #expect(stub.told.count == 1 && stub.badSignatures == 0)
        #expect(!FileManager.default.fileExists(atPath: folder.file("data/notices.jsonl")))
        try await stub.stop()
    }

    @Test("Without a gateway the code is a line of notices.jsonl, and there is no other file of codes")
    func file() async throws {
        let folder = try TemporaryFolder()
        let path = folder.file("data/notices.jsonl")
        try await Self.serving(folder, [:]) { base in
            try await Self.signIn(base) { request in
                let text = (try? String(contentsOfFile: path, encoding: .utf8)) ?? ""
                return text.split(separator: "\n")
                    .compactMap { try? JSONDecoder().decode(OutgoingNotice.self, from: Data($0.utf8)) }
                    .first { $0.id == request }
            }
        }
        #expect(!FileManager.default.fileExists(atPath: folder.file("data/codes.jsonl")))
    }

    private static func serving(
        _ folder: TemporaryFolder, _ environment: [String: String],
        _ body: (_ base: String) async throws -> Void
    ) async throws {
        let data = folder.file("data")
        try await BuiltBinary.done(["init", "--data-dir", data])
        let port = freePort()
        let server = try await BuiltBinary.start(
            ["serve", "--port", "\(port)", "--data-dir", data], environment: environment)
        let base = "http://127.0.0.1:\(port)"
        var isReady = false
        for _ in 0..<1200 where !isReady {
            isReady = (try? await post(base + "/readyz", nil))?.status == 200
            if !isReady { try await Task.sleep(for: .milliseconds(50)) }
        }
        #expect(isReady)
        try await body(base)
        server.signal(SIGTERM)
        #expect(try await server.finish().status == 0)
    }

    private static func signIn(_ base: String, _ find: (String) -> OutgoingNotice?) async throws {
        let asked = try await post(base + "/api/v1/codes", #"{"phone":"010-1234-5678"}"#)
        #expect(asked.status == 202)
        let request = try #require(asked.body["request"] as? String)
        var found: OutgoingNotice?
        for _ in 0..<6000 where found == nil {
            found = find(request)
            if found == nil { try await Task.sleep(for: .milliseconds(50)) }
        }
        let notice = try #require(found, "the code did not leave")
        #expect(notice.to == "01012345678" && notice.kind == .short)
        let code = notice.text.drop { !$0.isNumber }.prefix(6)
        #expect(code.count == 6 && code.allSatisfy(\.isNumber))
        let begun = try await post(base + "/api/v1/codes/\(request)/session", #"{"code":"\#(code)"}"#)
        #expect(begun.status == 201)
    }

    private static func post(
        _ address: String, _ body: String?
    ) async throws -> (status: Int, body: [String: Any]) {
        var request = URLRequest(url: try #require(URL(string: address)))
        if let body {
            request.httpMethod = "POST"
            request.httpBody = Data(body.utf8)
            request.setValue("application/json", forHTTPHeaderField: "Content-Type")
        }
        let (data, response) = try await URLSession.shared.data(for: request)
        let document = try? JSONSerialization.jsonObject(with: data) as? [String: Any]
        return ((response as? HTTPURLResponse)?.statusCode ?? 0, document ?? [:])
    }
}
