import Foundation
import HTTPTypes
import RedressCore
import Testing

@testable import RedressWeb

@Suite("Problems have types that integrators can rely on")
struct ProblemTypeTests {
    private static let root = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
        .deletingLastPathComponent().deletingLastPathComponent()

    @Test("Every type that the service can answer with stands in docs/api.md")
    func documented() throws {
        let page = try String(
            contentsOf: Self.root.appendingPathComponent("docs/api.md"), encoding: .utf8)
        var types: Set<String> = ["unauthorized", "changed", "version-changed", "internal"]
        let codes: [RedressError.Code] = [
            .refused, .usage, .badData, .notFound, .unavailable, .fault, .tryAgain, .notAllowed,
        ]
        for code in codes { types.insert(code.rawValue) }
        for key in ["other-request", "in-flight", "unknown"] { types.insert("key-\(key)") }
        let base = Self.root.appendingPathComponent("Sources/RedressWeb")
        let names = try #require(FileManager.default.enumerator(atPath: base.path))
        for case let name as String in names where name.hasSuffix(".swift") {
            let text = try String(contentsOf: base.appendingPathComponent(name), encoding: .utf8)
            for match in text.matches(of: #/ProblemError\(\s*\.\w+, "([a-z-]+)"/#) {
                types.insert(String(match.1))
            }
        }
        #expect(types.count >= 16)
        for type in types.sorted() { #expect(page.contains("`\(type)`"), "\(type)") }
    }

    @Test("A refusal answers its status and type, and a fault tells nothing of the inside")
    func statuses() {
        for (code, status, type) in [
            (RedressError.Code.refused, 409, "refused"), (.usage, 400, "usage"), (.badData, 422, "bad-data"),
            (.notFound, 404, "not-found"), (.unavailable, 503, "unavailable"), (.tryAgain, 503, "try-again"),
            (.notAllowed, 403, "not-allowed"), (.fault, 500, "internal"),
        ] {
            let problem = ProblemMiddleware.problem(RedressError(code, "Column 3 of grievance_case."))
            #expect(problem.status == status && problem.type == "urn:redress:problem:\(type)")
            #expect(problem.detail.contains("grievance_case") == (code != .fault))
        }
        let waiting = ProblemMiddleware.problem(
            RedressError(.tryAgain, "Wait.", details: ["retry_after_s": "60"]))
        #expect(waiting.status == 429)
        let changed = ProblemMiddleware.problem(RedressError.changed("The request was decided meanwhile."))
        #expect(changed.status == 409 && changed.type == "urn:redress:problem:changed")
    }
}
