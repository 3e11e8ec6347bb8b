import Foundation
import FoundationNetworking
import RedressCore
import TestSupport
import Testing

@Suite("The demo, as the README runs it")
struct DemoTests {
    @Test(
        "No honest person is contradicted, nothing is oversold, and whoever is not back on the date is listed"
    )
    func story() async throws {
        let folder = try TemporaryFolder()
        let data = folder.file("demo")
        let run = try await BuiltBinary.run([
            "demo", "--data-dir", data, "--people", "800", "--seed", "5", "--format", "json",
        ])
        #expect(run.status == 0, "\(run.errors)")
        let report = try run.json()
        let truth = try #require(report["truth"] as? [String: Int])
        #expect(truth["wrongly_contradicted"] == 0)
        #expect(truth["wrongly_verified"] == 0)
        #expect((truth["honest"] ?? 0) > 100)
        #expect(report["oversold"] as? Int == 0)
        #expect(report["check_ok"] as? Bool == true)
        #expect(report["audit_ok"] as? Bool == true)
        try await compareWithTruth(data)
    }

    /// Holds the cases against the simulator's own file, without asking the program what it thinks of them.
    private func compareWithTruth(_ data: String) async throws {
        let text = try String(contentsOfFile: data + "/incident/truth.csv", encoding: .utf8)
        var lines = text.split(separator: "\n").map {
            $0.split(separator: ",", omittingEmptySubsequences: false)
        }
        let header = lines.removeFirst().map { $0.filter { !$0.isWhitespace } }
        let person = try #require(header.firstIndex(of: "person"))
        let answer = try #require(header.firstIndex(of: "answer"))
        let later = try #require(header.firstIndex { $0.hasPrefix("later") })
        let truth = Dictionary(lines.map { (String($0[person]), $0) }, uniquingKeysWith: { $1 })
        let incident = try await BuiltBinary.run(["incident", "list", "--data-dir", data, "--format", "json"])
            .rows()
        let id = try #require(incident.first?["id"] as? String)
        let cases = try await BuiltBinary.run([
            "case", "list", "--incident", id, "--data-dir", data, "--format", "json",
        ]).rows()
        for row in cases where row["verdict"] as? String == "verified" {
            let known = try #require(truth[row["person"] as? String ?? ""])
            let heldNothing = known[later].isEmpty
            let saidYes = known[answer] == "yes"
            let restored = row["restored"] as? [String: String]
            let isBack =
                restored?["date"] == row["date"] as? String && restored?["slot"] == row["slot"] as? String
                && restored?["site"] == row["site"] as? String
            #expect(isBack == (heldNothing || saidYes), "\(row["receipt"] ?? "") of \(known[person])")
        }
    }

    @Test("A served demo prints samples that open the pages, each code in the file that is named")
    func served() async throws {
        let folder = try TemporaryFolder()
        let data = folder.file("demo")
        let port = freePort()
        let run = try await BuiltBinary.start([
            "demo", "--serve", "--port", "\(port)", "--data-dir", data, "--people", "300",
        ])
        let base = "http://127.0.0.1:\(port)"
        #expect(try await ServeTests.waitUntilReady(base + "/readyz"))
        let page = try #require(URL(string: base + "/"))
        let (bytes, _) = try await URLSession.shared.data(from: page)
        #expect(String(decoding: bytes, as: UTF8.self).contains("/my/phone"))
        run.signal(SIGTERM)
        let ended = try await run.finish()
        #expect(ended.status == 0, "\(ended.errors)")
        let sample = try #require(
            ended.output.firstMatch(of: /(010-\d{4}-\d{4})\s+(\d{4}-\d{2}-\d{2})\s+a seat is held/))
        let register = try String(contentsOfFile: data + "/incident/register.csv", encoding: .utf8)
        #expect(register.contains(",\(sample.1.filter(\.isNumber)),\(sample.2),"))
        for name in ["이상담", "김팀장", "박통계", "최감사"] { #expect(ended.output.contains(name)) }
        #expect(ended.output.contains("/staff") && ended.output.contains(".jsonl"))
        #expect(try await BuiltBinary.run(["check", "--data-dir", data]).status == 0)
    }

    @Test("A second demo in the same folder says so and changes nothing")
    func second() async throws {
        let folder = try TemporaryFolder()
        let arguments = ["demo", "--data-dir", folder.file("demo"), "--people", "60", "--format", "json"]
        #expect(try await BuiltBinary.run(arguments).status == 0)
        let before = try contents(folder.file("demo"))
        let second = try await BuiltBinary.run(arguments)
        #expect(second.status == 1)
        #expect(second.errors.contains("nothing was changed"))
        #expect(try contents(folder.file("demo")) == before)
    }

    @Test("With the historical date the lost seats are past, and the lower rungs of the ladder show")
    func historical() async throws {
        let folder = try TemporaryFolder()
        let report = try await BuiltBinary.run([
            "demo", "--data-dir", folder.file("demo"), "--people", "300", "--on", "2021-07-19", "--format",
            "json",
        ]).json()
        let restored = try #require(report["restored"] as? [String: Int])
        #expect(restored["original_slot"] == 0)
        #expect((restored["other_date"] ?? 0) > 0)
        #expect(report["check_ok"] as? Bool == true)
    }

    private func contents(_ folder: String) throws -> [String: Data] {
        let names = try FileManager.default.contentsOfDirectory(atPath: folder)
        return Dictionary(
            names.map { ($0, FileManager.default.contents(atPath: folder + "/" + $0) ?? Data()) },
            uniquingKeysWith: { $1 })
    }
}
