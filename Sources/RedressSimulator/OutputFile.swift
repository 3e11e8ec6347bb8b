// Bytes to disk in large pieces, so that an incident of any size is written in little memory.
import Foundation
import RedressCore
import Subprocess

/// A file being written from its start.
final class OutputFile {
    let path: String
    private(set) var byteCount = 0
    private var buffer: [UInt8] = []
    private let handle: FileHandle
    private static let bufferSize = 1 << 18

    /// Creates the file, or empties the one that is there.
    init(path: String) throws {
        self.path = path
        guard FileManager.default.createFile(atPath: path, contents: nil),
            let handle = FileHandle(forWritingAtPath: path)
        else {
            throw RedressError(
                .unavailable, "\(path) cannot be written. Check that the folder is there and is yours.")
        }
        self.handle = handle
        buffer.reserveCapacity(OutputFile.bufferSize + 4096)
    }

    func write(_ bytes: [UInt8]) throws {
        buffer.append(contentsOf: bytes)
        byteCount += bytes.count
        if buffer.count >= OutputFile.bufferSize { try flush() }
    }

    func close() throws {
        try flush()
        try handle.close()
    }

    private func flush() throws {
        do {
            try handle.write(contentsOf: Data(buffer))
        } catch {
            throw RedressError(.unavailable, "\(path) cannot be written on: \(error). Is the disk full?")
        }
        buffer.removeAll(keepingCapacity: true)
    }
}

/// Packs files with gzip and removes the plain ones; gives back the new paths.
///
/// The name and time are left out of a packed file, so that the same seed gives the same bytes.
func packed(_ paths: [String]) async throws -> [String] {
    do {
        let gzip = try await Subprocess.run(
            .name("gzip"), arguments: Arguments(["-n", "-f", "-6"] + paths), output: .discarded,
            error: .string(limit: 1 << 16))
        guard gzip.terminationStatus.isSuccess else {
            throw RedressError(
                .unavailable, "gzip failed on \(paths.joined(separator: ", ")): \(gzip.standardError)")
        }
    } catch let error as SubprocessError {
        throw RedressError(.unavailable, "gzip cannot be started: \(error). Install it or write plain logs.")
    }
    return paths.map { $0 + ".gz" }
}
