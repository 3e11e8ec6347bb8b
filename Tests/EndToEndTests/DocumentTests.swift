import Foundation
import TestSupport
import Testing

@Suite("The documents say what the program does")
struct DocumentTests {
    private static let root = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
        .deletingLastPathComponent().deletingLastPathComponent()

    /// Every command, found by asking the program itself.
    private static func commands() async throws -> [[String]] {
        var found: [[String]] = []
        var queue: [[String]] = [[]]
        while let command = queue.popLast() {
            let run = try await BuiltBinary.run(["help"] + command)
            try #require(run.status == 0, "help \(command): \(run.errors)")
            let children = subcommands(run.output)
            if children.isEmpty { found.append(command) }
            queue += children.map { command + [$0] }
        }
        return found.sorted { $0.joined(separator: " ") < $1.joined(separator: " ") }
    }

    /// The names listed under the headings that end in SUBCOMMANDS or in a group's title.
    private static func subcommands(_ help: String) -> [String] {
        var names: [String] = []
        var isListing = false
        for line in help.split(separator: "\n", omittingEmptySubsequences: false) {
            if line.hasSuffix(":"), !line.hasPrefix(" ") || line.hasSuffix("SUBCOMMANDS:") {
                isListing = line.hasSuffix("SUBCOMMANDS:")
                continue
            }
            guard isListing, line.hasPrefix("  "), !line.hasPrefix("   "),
                let name = line.split(separator: " ").first
            else { continue }
            names.append(String(name))
        }
        return names.filter { $0 != "See" }
    }

    @Test("docs/cli.md holds the help of every command as the program prints it")
    func cli() async throws {
        var text = """
            # The command line

            What `redress help` prints for each command. This page is made by the tests: when the program changes,
            run `REDRESS_WRITE_DOCS=1 swift test --filter DocumentTests` and commit it.

            """
        for command in try await Self.commands() {
            let help = try await BuiltBinary.run(["help"] + command).output
            text +=
                "\n## redress \(command.joined(separator: " "))\n\n```\n\(help.trimmingCharacters(in: .newlines))\n```\n"
        }
        let page = Self.root.appendingPathComponent("docs/cli.md")
        if ProcessInfo.processInfo.environment["REDRESS_WRITE_DOCS"] == "1" {
            try Data(text.utf8).write(to: page)
        }
        #expect(try String(contentsOf: page, encoding: .utf8) == text)
        #expect(text.contains("## redress case accept"))
    }

    @Test("Every command line fixed by the design is understood")
    func fixed() async throws {
        for command in [
            ["demo"], ["init"], ["incident", "new"], ["load"], ["ingest"], ["incident", "sweep"],
            ["case", "list"],
            ["case", "show"], ["case", "verify"], ["case", "restore"], ["lookup"], ["plan"], ["apply"],
            ["pool", "status"], ["case", "accept"], ["stats", "weekly"], ["check"], ["audit", "verify"],
            ["calendar", "due"], ["staff", "add"], ["token", "create"], ["serve"],
        ] {
            let run = try await BuiltBinary.run(command + ["--help"])
            #expect(
                run.status == 0 && run.output.contains("USAGE: redress \(command.joined(separator: " "))"))
        }
    }

    @Test("The README's worked example runs as it is printed")
    func readme() async throws {
        let readme = try String(contentsOf: Self.root.appendingPathComponent("README.md"), encoding: .utf8)
        let start = try #require(readme.range(of: "<!-- example -->\n```sh\n"))
        let end = try #require(readme.range(of: "```", range: start.upperBound..<readme.endIndex))
        let script = String(readme[start.upperBound..<end.lowerBound])
        let tools = URL(fileURLWithPath: BuiltBinary.path).deletingLastPathComponent().path
        let path = ProcessInfo.processInfo.environment["PATH"] ?? ""
        let folder = try TemporaryFolder()
        let run = try await Program.run(
            "/bin/sh", ["-euc", script], environment: ["PATH": tools + ":" + path],
            in: folder.path)
        #expect(run.status == 0, "\(run.output)\(run.errors)")
        #expect(run.output.contains("restored"), "\(run.output)")
    }
}
