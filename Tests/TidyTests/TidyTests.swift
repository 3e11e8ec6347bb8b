import Foundation
import Testing

@Suite("The repository stays tidy")
struct TidyTests {
    private static let root = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
        .deletingLastPathComponent().deletingLastPathComponent()

    private static func files(_ folders: [String]) throws -> [(name: String, text: String)] {
        try folders.flatMap { folder -> [(String, String)] in
            let base = root.appendingPathComponent(folder)
            let names = try #require(FileManager.default.enumerator(atPath: base.path))
            return try names.compactMap { $0 as? String }.filter { $0.hasSuffix(".swift") }.map { name in
                (
                    folder + "/" + name,
                    try String(contentsOf: base.appendingPathComponent(name), encoding: .utf8)
                )
            }
        }
    }

    @Test("Every source file opens with a sentence that says what it is for")
    func opening() throws {
        let files = try Self.files(["Sources"])
        #expect(files.count > 60)
        for file in files {
            #expect(file.text.hasPrefix("//"), "\(file.name) opens without a comment")
        }
    }

    @Test("Each boundary keeps one thing out: the engine, SQL, HTTP and IO stay in their layer")
    func boundaries() throws {
        for file in try Self.files(["Sources"]) {
            let lines = file.text.split(separator: "\n").map(String.init)
            func imports(_ module: String) -> Bool {
                lines.contains { $0.hasSuffix("import \(module)") }
            }
            if !file.name.contains("/RedressSQLite/") {
                #expect(!imports("GRDB") && !imports("CSQLite"), "\(file.name) imports the engine")
            }
            if !file.name.contains("/RedressPostgres/") {
                #expect(!imports("CPostgres"), "\(file.name) imports the engine")
            }
            if !file.name.contains("/RedressWeb/") {
                #expect(!imports("Hummingbird"), "\(file.name) imports the web framework")
            }
            if file.name.contains("/RedressCore/") {
                for module in ["RedressStore", "RedressDesk", "Subprocess", "SystemPackage", "Glibc"] {
                    #expect(!imports(module), "\(file.name) imports \(module): no IO in Core")
                }
            }
            if file.name.contains("/RedressEvidence/") {
                #expect(!imports("RedressStore"), "\(file.name): the rules know no database")
            }
        }
    }

    @Test("No mark of unfinished work, no forced unwrap by another name, no path of a machine")
    func marks() throws {
        let marks = ["TO" + "DO", "FIX" + "ME", "X" + "XX:", "try" + "!", "/wo" + "rk/", "/ho" + "me/user"]
        for file in try Self.files(["Sources", "Tests"]) {
            for mark in marks { #expect(!file.text.contains(mark), "\(file.name) has \(mark)") }
        }
    }

    @Test("Every link between the documents leads to a file that is there")
    func links() throws {
        let pages =
            ["README.md"]
            + (try FileManager.default.contentsOfDirectory(atPath: Self.root.path + "/docs"))
            .filter { $0.hasSuffix(".md") }.map { "docs/" + $0 }
        for page in pages {
            let url = Self.root.appendingPathComponent(page)
            let text = try String(contentsOf: url, encoding: .utf8)
            for match in text.matches(of: /\]\(([^):#]+)\)/) {
                let target = url.deletingLastPathComponent().appendingPathComponent(String(match.1)).path
                #expect(FileManager.default.fileExists(atPath: target), "\(page) links to \(match.1)")
            }
        }
    }

    @Test("Every row of docs/security.md names tests, and every test it names is there")
    func namedTests() throws {
        let page = try String(
            contentsOf: Self.root.appendingPathComponent("docs/security.md"), encoding: .utf8)
        let base = Self.root.appendingPathComponent("Tests")
        let paths = try #require(FileManager.default.enumerator(atPath: base.path)).compactMap {
            $0 as? String
        }
        let swift = try Self.files(["Tests"]).map(\.text).joined()
        let python = try paths.filter { $0.hasSuffix(".py") }
            .map { try String(contentsOf: base.appendingPathComponent($0), encoding: .utf8) }.joined()
        /// Whether a suite, a function or a file of the tests is called this.
        func isThere(_ name: String) -> Bool {
            if name.hasPrefix("test_"), !name.hasSuffix(".py") { return python.contains("def \(name)(") }
            let path = name.replacing("Tests/", with: "", maxReplacements: name.hasPrefix("Tests/") ? 1 : 0)
            return paths.contains { $0 == path || $0.hasSuffix("/\(path)") || $0.hasSuffix("\(path).swift") }
        }
        let rows = page.split(separator: "\n").filter { $0.hasPrefix("| ") && !$0.hasPrefix("| ---") }
            .filter { !$0.hasPrefix("| requirement") }
        #expect(rows.count > 40)
        for row in rows {
            let cell = row.split(separator: "|").last.map(String.init) ?? ""
            let titles = cell.matches(of: /"([^"]+)"/).map { String($0.1) }
            let names = cell.matches(of: /`([^`]+)`/).map { String($0.1) }
            #expect(!(titles + names).isEmpty, "no test is named for: \(row)")
            for title in titles {
                let whole = title.hasSuffix("…") ? "\"\(title.dropLast())" : "\"\(title)\""
                #expect(swift.contains(whole), "there is no test “\(title)”")
            }
            for name in names { #expect(isThere(name), "there is no test \(name)") }
        }
    }

    @Test("The top level holds what the architecture names and nothing else")
    func topLevel() throws {
        let names = try FileManager.default.contentsOfDirectory(atPath: Self.root.path)
            .filter { !$0.hasPrefix(".") && $0 != "Package.resolved" }
        #expect(Set(names).isSubset(of: ["Package.swift", "Sources", "Tests", "README.md", "data", "docs"]))
    }
}
