/// An advisory lock on a file beside the database, so that only one process writes or checkpoints at a time.
///
/// SQLite before 3.51.3 may corrupt a WAL when two connections write or checkpoint at once
/// (https://sqlite.org/wal.html#walresetbug); Debian 12 ships 3.40.1.
import Glibc
import RedressCore

final class FileLock: Sendable {
    private let descriptor: Int32
    private let path: String

    /// Opens (and makes, mode 0600) the lock file.
    init(path: String) throws {
        self.path = path
        descriptor = unsafe open(path, O_RDWR | O_CREAT | O_CLOEXEC, 0o600)
        guard descriptor >= 0 else {
            throw RedressError(.unavailable, "The lock file \(path) cannot be opened: \(reason(errno)).")
        }
    }

    deinit {
        _ = Glibc.close(descriptor)
    }

    /// Runs `body` while holding the lock; waits at most `timeout` for whoever holds it now.
    func whileHeld<T>(timeout: Duration, _ body: () throws -> T) throws -> T {
        try acquire(timeout: timeout)
        defer { _ = flock(descriptor, LOCK_UN) }
        return try body()
    }

    private func acquire(timeout: Duration) throws {
        let deadline = ContinuousClock.now + timeout
        var pause: UInt32 = 200
        while flock(descriptor, LOCK_EX | LOCK_NB) != 0 {
            guard errno == EWOULDBLOCK || errno == EINTR else {
                throw RedressError(.unavailable, "The lock file \(path) cannot be locked: \(reason(errno)).")
            }
            guard ContinuousClock.now < deadline else {
                throw RedressError(
                    .tryAgain,
                    "Another redress process has been writing for more than \(timeout). Try again.")
            }
            usleep(pause)
            pause = min(pause * 2, 10_000)
        }
    }
}

private func reason(_ code: Int32) -> String {
    unsafe String(cString: strerror(code))
}
