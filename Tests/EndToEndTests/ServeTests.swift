import Foundation
import FoundationNetworking
import TestSupport
import Testing

@Suite("The service as a process")
struct ServeTests {
    @Test("It serves lookup and cases to a token, survives commands beside it, and ends cleanly when told to")
    func serve() async throws {
        let planned = try await PlannedIncident.make(people: 120, seed: 3)
        let data = planned.folder.file("data")
        let place = ["--data-dir", data, "--format", "json"]
        _ = try await BuiltBinary.run(["staff", "add", "김상담", "--role", "agent"] + place)
        let token = try #require(
            try await BuiltBinary.run(["token", "create", "김상담"] + place).json()["token"] as? String)
        let port = freePort()
        let server = try await BuiltBinary.start(["serve", "--port", "\(port)", "--data-dir", data])
        let base = "http://127.0.0.1:\(port)"
        #expect(try await Self.waitUntilReady(base + "/readyz"))

        let second = try await BuiltBinary.run(["serve", "--port", "0", "--data-dir", data])
        #expect(second.status == 1)
        #expect(second.errors.contains("Process \(server.id) serves"), "\(second.errors)")

        let cases = try await BuiltBinary.run(["case", "list", "--incident", planned.incident] + place).rows()
        let receipt = try #require(
            cases.first { $0["verdict"] as? String == "verified" }?["receipt"] as? String)
        _ = try await BuiltBinary.run(["case", "restore", receipt] + place)
        let (answer, status) = try await Self.get(base + "/api/v1/cases/\(receipt)", token: token)
        #expect(status == 200)
        #expect(
            ["restored", "offered"].contains(answer["state"] as? String),
            "the server sees the command's change")
        #expect(try await Self.get(base + "/api/v1/cases/\(receipt)", token: "wrong").1 == 401)

        server.signal(SIGTERM)
        #expect(try await server.finish().status == 0, "it ends by itself when told to")
        #expect(try await BuiltBinary.run(["check"] + place).status == 0)
    }

    static func waitUntilReady(_ address: String) async throws -> Bool {
        for _ in 0..<1200 {
            if let answer = try? await get(address, token: nil), answer.1 == 200 { return true }
            try await Task.sleep(for: .milliseconds(50))
        }
        return false
    }

    private static func get(_ address: String, token: String?) async throws -> ([String: Any], Int) {
        var request = URLRequest(url: try #require(URL(string: address)))
        if let token { request.setValue("Bearer \(token)", forHTTPHeaderField: "Authorization") }
        let (data, response) = try await URLSession.shared.data(for: request)
        let document = try? JSONSerialization.jsonObject(with: data) as? [String: Any]
        return (document ?? [:], (response as? HTTPURLResponse)?.statusCode ?? 0)
    }
}
