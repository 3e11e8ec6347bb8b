/// One server an installation: the second one is refused and told who the first is.
import Glibc
import RedressCore

/// Held while an installation is served; the system lets go of it when the process ends, however it ends.
public final class ServerLock: Sendable {
    private let descriptor: Int32

    /// Takes the lock of the installation in `folder` and writes this process's id beside it.
    ///
    /// - Throws: `.refused` naming the process that serves the installation already.
    public init(folder: String) throws {
        let path = folder + "/server.pid"
        descriptor = unsafe open(path, O_RDWR | O_CREAT | O_CLOEXEC, 0o600)
        guard descriptor >= 0 else {
            throw RedressError(.unavailable, "\(path) cannot be opened: \(systemReason()).")
        }
        guard flock(descriptor, LOCK_EX | LOCK_NB) == 0 else {
            let holder = Self.read(descriptor)
            _ = close(descriptor)
            throw RedressError(
                .refused, "Process \(holder) serves this installation already. Stop it, or use it as it is.",
                details: ["pid": holder])
        }
        let text = Array("\(getpid())\n".utf8)
        _ = ftruncate(descriptor, 0)
        _ = unsafe text.withUnsafeBytes { unsafe pwrite(descriptor, $0.baseAddress, $0.count, 0) }
    }

    deinit {
        _ = close(descriptor)
    }

    private static func read(_ descriptor: Int32) -> String {
        var buffer = [UInt8](repeating: 0, count: 32)
        let count = unsafe buffer.withUnsafeMutableBytes {
            unsafe pread(descriptor, $0.baseAddress, $0.count, 0)
        }
        let digits = buffer.prefix(max(0, count)).prefix { (48...57).contains($0) }
        return digits.isEmpty ? "(unknown)" : String(decoding: digits, as: UTF8.self)
    }
}
