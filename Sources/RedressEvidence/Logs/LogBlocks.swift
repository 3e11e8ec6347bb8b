/// Streams a log file's decompressed bytes in blocks, with guards against bombs and files that change.

import RedressCore
import Subprocess
import SystemPackage

/// The bytes of one file.
struct LogBlocks: Sendable {
    let file: LogFile
    let limits: IngestLimits

    private static let blockBytes = 1 << 20

    /// Hands over the blocks in order. Returns false when the compressed stream ends before its end.
    func read(_ body: ([UInt8]) async throws -> Void) async throws -> Bool {
        switch file.encoding {
        case .plain: try await readPlain(body)
        case .gzip: try await readPacked("gzip", body)
        case .zstd: try await readPacked("zstd", body)
        }
    }

    /// Reads exactly the bytes that were identified: what was appended since belongs to another digest.
    private func readPlain(_ body: ([UInt8]) async throws -> Void) async throws -> Bool {
        let descriptor = try file.open()
        defer { try? descriptor.close() }
        var left = file.bytes
        try guardTotal(file.bytes)
        while left > 0 {
            let block = try readBlock(descriptor, limit: min(left, Self.blockBytes), path: file.path)
            if block.isEmpty {
                throw RedressError(
                    .tryAgain,
                    "\(file.path) became shorter while it was being read. Ingest the rotated files instead.",
                    details: ["path": file.path])
            }
            left -= block.count
            try await body(block)
            try Task.checkCancellation()
        }
        return true
    }

    private func readPacked(_ program: String, _ body: ([UInt8]) async throws -> Void) async throws -> Bool {
        let descriptor = try file.open()
        var total = 0
        let arguments: Arguments = program == "zstd" ? ["-dcq", "-M128MB"] : ["-dcq"]
        let status: TerminationStatus
        do {
            status = try await Subprocess.run(
                .name(program), arguments: arguments,
                input: .fileDescriptor(descriptor, closeAfterSpawningProcess: true), output: .sequence,
                error: .discarded
            ) { execution in
                var block: [UInt8] = []
                for try await part in execution.standardOutput {
                    unsafe part.withUnsafeBytes { unsafe block.append(contentsOf: $0) }
                    if block.count < Self.blockBytes { continue }
                    total += block.count
                    try guardTotal(total)
                    try await body(block)
                    block = []
                }
                total += block.count
                try guardTotal(total)
                if !block.isEmpty { try await body(block) }
            }.terminationStatus
        } catch let error as SubprocessError where error.code == .executableNotFound {
            throw RedressError(
                .unavailable,
                "\(file.path) is packed with \(program), which is not installed here. Install it.",
                details: ["program": program])
        }
        if status.isSuccess { return true }
        if total == 0 {
            throw RedressError(
                .badData, "\(file.path) cannot be unpacked by \(program): it is damaged from its start.",
                details: ["path": file.path])
        }
        return false
    }

    private func guardTotal(_ bytes: Int) throws {
        let isBomb = file.encoding != .plain && bytes > 64 << 20 && bytes / limits.ratio > file.bytes
        if bytes > limits.totalBytes || isBomb {
            throw RedressError(
                .badData,
                "\(file.path) unpacks to more than is allowed (\(limits.ratio) times its size, or "
                    + "\(limits.totalBytes) bytes). If it is a real log, split it first.",
                details: ["path": file.path])
        }
    }
}
