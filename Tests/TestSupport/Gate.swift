/// A gate between a test and work that runs on threads of its own.
import Glibc
import Synchronization

/// Shut until it is opened, and open from then on.
public final class Gate: Sendable {
    private let isOpen = Mutex(false)

    /// Makes a gate that is shut.
    public init() {}

    /// Lets everybody through.
    public func open() { isOpen.withLock { $0 = true } }

    /// Holds the thread until it is open: for bodies that a database runs on its own threads.
    public func wait() { while !isOpen.withLock({ $0 }) { usleep(2000) } }

    /// Holds the task until it is open.
    public func reached() async {
        while !isOpen.withLock({ $0 }) { try? await Task.sleep(for: .milliseconds(2)) }
    }
}
