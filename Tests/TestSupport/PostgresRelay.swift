/// A wire between program and server that tests can cut: before a commit gets through, or before its answer does.
#if Postgres
    import Foundation
    import Glibc
    import RedressCore
    import Synchronization

    /// Passes everything on between a Unix socket of its own and that of a server, until it is told otherwise.
    public final class PostgresRelay: Sendable {
        /// What happens to the next commit that comes by.
        public enum Fate: Sendable {
            /// It gets through and is answered.
            case answered
            /// It never reaches the server.
            case lost
            /// The server carries it out, and the answer never arrives.
            case unanswered
        }

        private struct State {
            var fate = Fate.answered
            var isOpen = true
            var wires: [Int32: Int32] = [:]
        }

        /// The folder of its socket: what `host` names.
        public let folder: String
        private let server: String
        private let listener: Int32
        private let state = Mutex(State())

        /// Listens before a server.
        public init(before server: PostgresServer) throws {
            folder = "/tmp/redress-relay-" + Identifier.make(at: WallClock.system.now()).suffix(12)
            self.server = server.folder + "/.s.PGSQL.\(server.port)"
            try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
            listener = socket(AF_UNIX, Int32(SOCK_STREAM.rawValue), 0)
            let bound = unsafe Self.with(folder + "/.s.PGSQL.5432") { unsafe bind(listener, $0, $1) }
            guard bound == 0, listen(listener, 64) == 0 else {
                throw RedressError(.unavailable, "No socket could be made in \(folder).")
            }
            let door = listener
            Thread.detachNewThread { [weak self] in
                while true {
                    let client = accept(door, nil, nil)
                    guard client >= 0 else { return }
                    guard let self else { return }
                    self.join(client)
                }
            }
        }

        deinit {
            cut()
            _ = shutdown(listener, Int32(SHUT_RDWR))
            _ = close(listener)
            try? FileManager.default.removeItem(atPath: folder)
        }

        /// The same address by way of this wire.
        public func address(_ url: String) throws -> String {
            guard let database = url.split(separator: "?").first else { throw RedressError(.badData, url) }
            return "\(database)?host=\(folder)&user=redress"
        }

        /// Decides over the next commit.
        public func nextCommit(is fate: Fate) { state.withLock { $0.fate = fate } }

        /// Whether new connections get through.
        public func setOpen(_ isOpen: Bool) { state.withLock { $0.isOpen = isOpen } }

        /// Cuts every connection there is.
        public func cut() {
            state.withLock { state in
                for (client, server) in state.wires { Self.end(client, server) }
            }
        }

        private func join(_ client: Int32) {
            let server = socket(AF_UNIX, Int32(SOCK_STREAM.rawValue), 0)
            let isJoined = state.withLock { state in
                guard state.isOpen else { return false }
                let reached = unsafe Self.with(self.server) { unsafe connect(server, $0, $1) }
                guard reached == 0 else { return false }
                state.wires[client] = server
                return true
            }
            guard isJoined else {
                _ = close(client)
                _ = close(server)
                return
            }
            let wire = Wire()
            Thread.detachNewThread {
                Self.pump(client, server) { bytes in self.judge(bytes, wire) }
                self.part(client, server, wire)
            }
            Thread.detachNewThread {
                Self.pump(server, client) { _ in !wire.isSilenced.load(ordering: .sequentiallyConsistent) }
                self.part(client, server, wire)
            }
        }

        /// One connection: whether its answers are kept back, and how many of its directions have ended.
        private final class Wire: Sendable {
            let isSilenced = Atomic(false)
            let ended = Atomic(0)
        }

        private static let commit = Array("COMMIT\0".utf8)

        /// Whether what the client sent may pass.
        private func judge(_ bytes: ArraySlice<UInt8>, _ wire: Wire) -> Bool {
            guard bytes.firstRange(of: Self.commit) != nil else { return true }
            let fate = state.withLock { state in
                defer { state.fate = .answered }
                return state.fate
            }
            if fate == .unanswered { wire.isSilenced.store(true, ordering: .sequentiallyConsistent) }
            return fate != .lost
        }

        /// Ends both directions with the first, and frees the sockets with the second.
        private func part(_ client: Int32, _ server: Int32, _ wire: Wire) {
            Self.end(client, server)
            guard wire.ended.add(1, ordering: .sequentiallyConsistent).newValue == 2 else { return }
            state.withLock { $0.wires[client] = nil }
            _ = close(client)
            _ = close(server)
        }

        private static func end(_ client: Int32, _ server: Int32) {
            _ = shutdown(client, Int32(SHUT_RDWR))
            _ = shutdown(server, Int32(SHUT_RDWR))
        }

        /// Passes bytes on until an end closes or `mayPass` says no.
        private static func pump(_ from: Int32, _ to: Int32, mayPass: (ArraySlice<UInt8>) -> Bool) {
            var buffer = [UInt8](repeating: 0, count: 1 << 16)
            while true {
                let count = unsafe buffer.withUnsafeMutableBytes {
                    unsafe recv(from, $0.baseAddress, $0.count, 0)
                }
                guard count > 0, mayPass(buffer[..<count]) else { return }
                var sent = 0
                while sent < count {
                    let more = unsafe buffer.withUnsafeBytes {
                        unsafe send(
                            to, $0.baseAddress.map { unsafe $0 + sent }, count - sent,
                            Int32(MSG_NOSIGNAL))
                    }
                    guard more > 0 else { return }
                    sent += more
                }
            }
        }

        private static func with(
            _ path: String, _ body: (UnsafePointer<sockaddr>, socklen_t) -> Int32
        ) -> Int32 {
            var address = sockaddr_un()
            address.sun_family = sa_family_t(AF_UNIX)
            unsafe withUnsafeMutableBytes(of: &address.sun_path) {
                unsafe $0.copyBytes(from: Array(path.utf8))
            }
            return unsafe withUnsafePointer(to: &address) { pointer in
                unsafe pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                    unsafe body($0, socklen_t(MemoryLayout<sockaddr_un>.size))
                }
            }
        }
    }
#endif
