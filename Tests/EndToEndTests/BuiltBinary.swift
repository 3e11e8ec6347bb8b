/// The built program as its users run it: a process with arguments, input, output and an exit code.
import Foundation
import RedressCore
import TestSupport
import Testing

/// What a run of the program came to.
struct Run {
    var status: Int32
    var output: String
    var errors: String

    /// The JSON document on standard output.
    func json() throws -> [String: Any] {
        let value = try JSONSerialization.jsonObject(with: Data(output.utf8))
        return try #require(value as? [String: Any], "standard output is no JSON object: \(output)")
    }

    /// The JSON array on standard output.
    func rows() throws -> [[String: Any]] {
        let value = try JSONSerialization.jsonObject(with: Data(output.utf8))
        return try #require(value as? [[String: Any]], "standard output is no JSON array: \(output)")
    }
}

/// Runs the program that was built beside the tests.
enum BuiltBinary {
    /// Where it is: beside the test bundle that is running.
    static let path =
        (try? FileManager.default.destinationOfSymbolicLink(atPath: "/proc/self/exe"))
        .map { URL(fileURLWithPath: $0).deletingLastPathComponent().appendingPathComponent("redress").path }
        ?? "redress"

    /// Runs it to its end.
    static func run(_ arguments: [String], input: String? = nil) async throws -> Run {
        let (process, streams) = try start(arguments, input: input)
        return try await finish(process, streams)
    }

    /// Runs it and kills it (SIGKILL) after a while, if it is still running then.
    static func run(_ arguments: [String], killAfter microseconds: Int) async throws -> Run {
        let (process, streams) = try start(arguments, input: nil)
        try await Task.sleep(for: .microseconds(microseconds))
        kill(process.processIdentifier, SIGKILL)
        return try await finish(process, streams)
    }

    private static func start(_ arguments: [String], input: String?) throws -> (Process, TemporaryFolder) {
        let streams = try TemporaryFolder()
        let process = Process()
        process.executableURL = URL(fileURLWithPath: path)
        process.arguments = arguments
        try streams.write("in", input ?? "")
        try streams.write("out", "")
        try streams.write("err", "")
        process.standardInput = FileHandle(forReadingAtPath: streams.file("in"))
        process.standardOutput = FileHandle(forWritingAtPath: streams.file("out"))
        process.standardError = FileHandle(forWritingAtPath: streams.file("err"))
        try process.run()
        return (process, streams)
    }

    private static func finish(_ process: Process, _ streams: TemporaryFolder) async throws -> Run {
        await withCheckedContinuation { continuation in
            DispatchQueue.global().async {
                process.waitUntilExit()
                continuation.resume()
            }
        }
        return Run(
            status: process.terminationReason == .exit
                ? process.terminationStatus : -process.terminationStatus,
            output: try String(contentsOfFile: streams.file("out"), encoding: .utf8),
            errors: try String(contentsOfFile: streams.file("err"), encoding: .utf8))
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
            let run = try await BuiltBinary.run(arguments + data)
            try #require(run.status == 0, "\(arguments.joined(separator: " ")): \(run.errors)")
            return run
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
