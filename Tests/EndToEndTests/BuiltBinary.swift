/// The built program as its users run it: a process with arguments, input, output and an exit code.
import Foundation
import RedressCore
import TestSupport
import Testing

extension Run {
    /// The JSON document on standard output.
    func json() throws -> [String: Any] {
        let value = try JSONSerialization.jsonObject(with: Data(output.utf8))
        return try #require(value as? [String: Any], "standard output is no JSON object: \(output)\(errors)")
    }

    /// The JSON array on standard output.
    func rows() throws -> [[String: Any]] {
        let value = try JSONSerialization.jsonObject(with: Data(output.utf8))
        return try #require(value as? [[String: Any]], "standard output is no JSON array: \(output)\(errors)")
    }
}

/// Runs the program that was built beside the tests.
enum BuiltBinary {
    /// Where it is: beside the test bundle that is running.
    static let path =
        (try? FileManager.default.destinationOfSymbolicLink(atPath: "/proc/self/exe"))
        .map { URL(fileURLWithPath: $0).deletingLastPathComponent().appendingPathComponent("redress").path }
        ?? "redress"

    /// Starts it.
    static func start(_ arguments: [String], environment: [String: String] = [:]) async throws -> Program {
        try await Program.start(path, arguments, environment: environment)
    }

    /// Runs it to its end.
    static func run(
        _ arguments: [String], input: String = "", environment: [String: String] = [:]
    ) async throws -> Run {
        try await Program.run(path, arguments, environment: environment, input: input)
    }

    /// Runs it to its end, which must be a good one.
    @discardableResult
    static func done(_ arguments: [String], environment: [String: String] = [:]) async throws -> Run {
        let run = try await run(arguments, environment: environment)
        try #require(run.status == 0, "\(arguments.joined(separator: " ")): \(run.errors)")
        return run
    }

    /// Runs it and kills it (SIGKILL) after a while, if it is still running then.
    static func run(_ arguments: [String], killAfter microseconds: Int) async throws -> Run {
        let program = try await start(arguments)
        try await Task.sleep(for: .microseconds(microseconds))
        program.signal(SIGKILL)
        return try await program.finish()
    }
}

/// An installation that the program itself made, with an incident that is verified and planned, not yet applied.
struct PlannedIncident {
    let folder: TemporaryFolder
    let incident: String
    let plan: String

    /// Makes it by the commands a user would type.
    static func make(people: Int, seed: Int) async throws -> PlannedIncident {
        let folder = try TemporaryFolder()
        let data = ["--data-dir", folder.file("data"), "--format", "json"]
        func done(_ arguments: [String]) async throws -> Run {
            try await BuiltBinary.done(arguments + data)
        }
        // Eighteen months ahead of any run there is no calendar yet; two days ago is what the demo takes.
        let evening = WallClock.system.now().date.adding(days: -2).description
        _ = try await done(["init"])
        let made = try await done(
            ["simulate", folder.file("logs"), "--people", "\(people)", "--seed", "\(seed)", "--on", evening]
        ).json()
        let id = "night"
        _ = try await done([
            "incident", "new", id, "--name", "장애", "--from", try #require(made["from"] as? String), "--to",
            try #require(made["to"] as? String), "--pass-keys", folder.file("logs/pass-keys.json"),
        ])
        for register in ["sites", "register", "revocations", "allotments"] {
            _ = try await done(["load", register, folder.file("logs/\(register).csv"), "--incident", id])
        }
        for (log, file) in [
            ("queue", "queue.jsonl"), ("booking", "booking.jsonl"), ("web", "web.log"), ("sms", "sms.jsonl"),
        ] {
            _ = try await done(["ingest", folder.file("logs/\(file)"), "--log", log, "--incident", id])
        }
        _ = try await done(["incident", "sweep", id])
        let plan = try await done(["plan", id]).json()
        return PlannedIncident(
            folder: folder, incident: id, plan: try #require(plan["digest"] as? String))
    }

    /// A copy of the installation, to be broken on its own.
    func copy(_ name: String) throws -> String {
        let path = folder.file(name)
        try FileManager.default.copyItem(atPath: folder.file("data"), toPath: path)
        return path
    }
}
