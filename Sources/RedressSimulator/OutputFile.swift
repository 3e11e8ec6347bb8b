// Bytes to disk in large pieces, so that an incident of any size is written in little memory.
import Foundation
import RedressCore

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

/// Packs the file with gzip and removes the plain one; gives back the new path.
///
/// The name and time are left out of the packed file, so that the same seed gives the same bytes.
func packed(_ path: String) throws -> String {
    let gzip = Process()
    gzip.executableURL = URL(fileURLWithPath: "/usr/bin/env")
    gzip.arguments = ["gzip", "-n", "-f", "-6", path]
    do {
        try gzip.run()
    } catch {
        throw RedressError(.unavailable, "gzip cannot be started: \(error). Install it or write plain logs.")
    }
    gzip.waitUntilExit()
    guard gzip.terminationStatus == 0 else {
        throw RedressError(.unavailable, "gzip ended with \(gzip.terminationStatus) on \(path).")
    }
    return path + ".gz"
}
