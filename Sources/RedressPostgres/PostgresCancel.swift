/// Stops the statement that a connection runs, from another thread.
#if Postgres
    import CPostgres
    import Synchronization

    /// What libpq needs to ask the server to stop.
    final class PostgresCancel: Sendable {
        private let handle: Mutex<UInt>

        init(_ handle: OpaquePointer?) {
            self.handle = Mutex(UInt(bitPattern: handle))
        }

        deinit {
            handle.withLock { unsafe PQfreeCancel(OpaquePointer(bitPattern: $0)) }
        }

        /// Asks the server to stop; the statement then fails with class 57014.
        func stop() {
            handle.withLock { handle in
                var reason = [CChar](repeating: 0, count: 256)
                _ = unsafe PQcancel(OpaquePointer(bitPattern: handle), &reason, Int32(reason.count))
            }
        }
    }
#endif
