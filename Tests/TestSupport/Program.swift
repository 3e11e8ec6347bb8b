/// Programs that tests run as people run them: processes of their own with arguments, input, output and an exit code.
import Foundation
import RedressCore
import Subprocess
import SystemPackage

/// What a run of a program came to.
public struct Run: Sendable {
    /// The exit code; for a program that a signal ended, the signal's number below zero.
    public var status: Int32
    /// What it wrote on standard output.
    public var output: String
    /// What it wrote on standard error.
    public var errors: String
}

/// A program that is running.
///
/// Not `Foundation.Process`: its `run` reads past the end of a directory buffer when a process has over a thousand
/// files open, as a test process may, and takes the whole test run down with it.
public final class Program: Sendable {
    /// The process's id.
    public let id: Int32
    private let end: Task<Run, any Error>

    private init(id: Int32, end: Task<Run, any Error>) {
        self.id = id
        self.end = end
    }

    deinit { end.cancel() }

    /// Starts a program and returns when it runs; it is killed when the last reference to this value goes.
    ///
    /// - Parameters:
    ///   - path: an absolute path, or a name to be found in `PATH`.
    ///   - environment: variables that are set beside those of the test's own process.
    ///   - folder: the working folder; the test's own when nil.
    public static func start(
        _ path: String, _ arguments: [String], environment: [String: String] = [:], in folder: String? = nil,
        input: String = ""
    ) async throws -> Program {
        let streams = try TemporaryFolder()
        let (ids, started) = AsyncThrowingStream<Int32, any Error>.makeStream()
        let end = Task {
            do {
                try streams.write("in", input)
                let result = try await Subprocess.run(
                    path.contains("/") ? .path(FilePath(path)) : .name(path), arguments: Arguments(arguments),
                    environment: .inherit.updating(
                        Dictionary(
                            uniqueKeysWithValues: environment.map { (Environment.Key(stringLiteral: $0), $1) }
                        )),
                    workingDirectory: folder.map { FilePath($0) },
                    input: .fileDescriptor(
                        try .open(FilePath(streams.file("in")), .readOnly), closeAfterSpawningProcess: true),
                    output: try stream(streams.file("out")), error: try stream(streams.file("err"))
                ) { execution in
                    started.yield(execution.processIdentifier.value)
                    started.finish()
                }
                return Run(
                    status: code(result.terminationStatus),
                    output: try String(contentsOfFile: streams.file("out"), encoding: .utf8),
                    errors: try String(contentsOfFile: streams.file("err"), encoding: .utf8))
            } catch {
                started.finish(throwing: error)
                throw error
            }
        }
        for try await id in ids { return Program(id: id, end: end) }
        throw RedressError(.fault, "\(path) did not start.")
    }

    /// Runs a program to its end.
    public static func run(
        _ path: String, _ arguments: [String], environment: [String: String] = [:], in folder: String? = nil,
        input: String = ""
    ) async throws -> Run {
        try await start(path, arguments, environment: environment, in: folder, input: input).finish()
    }

    /// Waits for its end.
    public func finish() async throws -> Run { try await end.value }

    /// Sends it a signal; one that has ended by itself does not mind.
    public func signal(_ number: Int32) { _ = kill(id, number) }

    private static func stream(_ path: String) throws -> FileDescriptorOutput {
        .fileDescriptor(
            try .open(
                FilePath(path), .writeOnly, options: [.create, .truncate], permissions: [.ownerReadWrite]),
            closeAfterSpawningProcess: true)
    }

    private static func code(_ status: TerminationStatus) -> Int32 {
        switch status {
        case .exited(let code): code
        case .signaled(let signal): -signal
        }
    }
}
