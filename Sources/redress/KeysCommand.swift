/// `keys`: the keys personal data is sealed with.
import ArgumentParser
import RedressDesk

struct KeysCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "keys", abstract: "The keys personal data is sealed with.", subcommands: [Rotate.self])

    struct Rotate: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract:
                "Make a new key and seal everything with it; run again to finish an interrupted rotation.",
            discussion: "Copy the key ring's file elsewhere afterwards: it changed.")

        @Flag(help: "Drop the old keys at the end; older backups then do not open any more.")
        var forgetOld = false
        @OptionGroup var options: Options

        func run() async throws {
            let report = try await options.withDesk { desk, actor in
                try await withProgress("sealing", .count("values")) { bar in
                    try await desk.keyring.rotate(forgetting: forgetOld, by: actor) { bar($0, $1) }
                }
            }
            var rows = report.sealed.sorted { $0.key < $1.key }.map { [$0.key, "\($0.value)"] }
            rows.append(["people indexed", "\(report.people)"])
            try options.answer(
                report, Table([.init("sealed anew"), .init("count", .right)], rows: rows),
                note: "Key \(report.key). Copy the key ring's file to where its copy is kept.")
        }
    }
}
