/// The built `redress` binary, found beside the test bundle and run as people run it.
import Foundation
import RedressCore
import Testing

enum Binary {
    /// One row of `case list`.
    struct ListedCase: Decodable {
        var receipt: String
        var state: String
    }

    /// A command that ended with a failure code.
    struct Failure: Error {
        var arguments: [String]
        var code: Int32
        var text: String
    }

    /// Where the binary lies: in the folder of the test bundle.
    static let path: String = {
        var folder = URL(fileURLWithPath: CommandLine.arguments.first ?? "").deletingLastPathComponent()
        for _ in 0..<6 {
            let candidate = folder.appendingPathComponent("redress")
            if FileManager.default.isExecutableFile(atPath: candidate.path) { return candidate.path }
            folder = folder.deletingLastPathComponent()
        }
        return ".build/debug/redress"
    }()

    /// Starts a command; its output goes nowhere.
    static func start(_ arguments: [String], environment: [String: String] = [:]) throws -> Process {
        let process = Process()
        process.executableURL = URL(fileURLWithPath: path)
        process.arguments = arguments
        process.environment = ProcessInfo.processInfo.environment.merging(environment) { $1 }
        process.standardOutput = FileHandle.nullDevice
        process.standardError = FileHandle.nullDevice
        try process.run()
        return process
    }

    /// Runs a command to its end and returns what it printed.
    @discardableResult
    static func run(_ arguments: [String], environment: [String: String] = [:]) throws -> Data {
        let process = Process()
        let output = Pipe()
        process.executableURL = URL(fileURLWithPath: path)
        process.arguments = arguments
        process.environment = ProcessInfo.processInfo.environment.merging(environment) { $1 }
        process.standardOutput = output
        process.standardError = FileHandle.nullDevice
        try process.run()
        let data = output.fileHandleForReading.readDataToEndOfFile()
        process.waitUntilExit()
        guard process.terminationStatus == 0 else {
            throw Failure(
                arguments: arguments, code: process.terminationStatus,
                text: String(decoding: data, as: UTF8.self))
        }
        return data
    }

    /// Every case of an installation.
    static func cases(_ folder: String) throws -> [ListedCase] {
        let data = try run(["case", "list", "--data-dir", folder, "--format", "json"])
        return try JSONDecoder().decode([ListedCase].self, from: data)
    }

    /// Two supervisors uphold these claims, as people do where no logs are left.
    static func uphold(_ receipts: [String], _ folder: String) throws {
        var tokens: [String: String] = [:]
        for name in ["kim", "lee"] {
            try run(["staff", "add", name, "--role", "supervisor", "--data-dir", folder])
            let data = try run(["token", "create", name, "--data-dir", folder])
            let text = String(decoding: data, as: UTF8.self)
            let start = try #require(text.range(of: "rdr_")).lowerBound
            tokens[name] = String(text[start...].prefix { $0.isLetter || $0.isNumber || "_-".contains($0) })
        }
        for receipt in receipts {
            try run(
                ["case", "uphold", receipt, "--reason", "훈련", "--as", "kim", "--data-dir", folder],
                environment: ["REDRESS_TOKEN": tokens["kim"] ?? ""])
            try run(
                ["case", "uphold", receipt, "--approve", "--as", "lee", "--data-dir", folder],
                environment: ["REDRESS_TOKEN": tokens["lee"] ?? ""])
        }
    }
}
