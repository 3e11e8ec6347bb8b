/// A real PostgreSQL server of the tests' own: made with `initdb` in a temporary folder, gone when the tests are.
#if Postgres
    import Foundation
    import RedressCore
    import Synchronization

    /// A server on a Unix socket of its own, and a fresh database of it for whoever asks.
    public final class PostgresServer: Sendable {
        /// The server that the tests of this process share, started at the first use.
        public static func shared() async throws -> PostgresServer { try await starting.value }

        private static let starting = Task { try await PostgresServer() }
        /// The folder with the cluster, owned by the account that runs the server.
        public let folder: String
        private let number = Atomic(0)

        private init() async throws {
            folder = "/tmp/redress-pg-" + Identifier.make(at: WallClock.system.now()).suffix(12)
            // The server stops and its folder goes when this process has ended, however it ended.
            let script = """
                set -e
                account=$(id -un); [ "$account" != root ] || account=postgres
                as() { if [ "$(id -un)" = "$account" ]; then "$@"; else runuser -u "$account" -- "$@"; fi; }
                bin=$(ls -d /usr/lib/postgresql/*/bin 2>/dev/null | sort -V | tail -1)
                [ -n "$bin" ] || bin=$(dirname "$(command -v initdb)")
                mkdir -m 700 "$1"; [ "$(id -un)" = "$account" ] || chown "$account" "$1"; cd "$1"
                as "$bin/initdb" -D "$1/data" -U redress -A trust -E UTF8 --locale=C >"$1.log" 2>&1
                as "$bin/postgres" -D "$1/data" -c listen_addresses= -c unix_socket_directories="$1" \\
                    -c max_connections=400 -c shared_buffers=64MB -c wal_sync_method=fdatasync >>"$1.log" 2>&1 &
                server=$!
                while [ ! -S "$1/.s.PGSQL.5432" ]; do kill -0 $server; sleep 0.05; done
                touch "$1.ready"
                while kill -0 "$2" 2>/dev/null && kill -0 $server 2>/dev/null; do sleep 0.2; done
                kill -INT $(head -1 "$1/data/postmaster.pid") 2>/dev/null || true
                wait $server || true
                rm -rf "$1" "$1.log" "$1.ready"
                """
            let runner = try await Program.start(
                "/bin/bash", ["-c", script, "postgres-server", folder, "\(getpid())"])
            Self.runners.withLock { $0.append(runner) }
            let deadline = ContinuousClock.now + .seconds(120)
            while !FileManager.default.fileExists(atPath: folder + ".ready") {
                guard ContinuousClock.now < deadline, kill(runner.id, 0) == 0 else {
                    let log = (try? String(contentsOfFile: folder + ".log", encoding: .utf8)) ?? "no log"
                    throw RedressError(
                        .unavailable, "No PostgreSQL server could be started: \(log.suffix(500))")
                }
                try await Task.sleep(for: .milliseconds(30))
            }
        }

        // Kept so that the program that watches over the server is not ended before this process is.
        private static let runners = Mutex<[Program]>([])

        /// The address of a fresh, empty database.
        public func database() async throws -> String {
            let name = "t\(number.add(1, ordering: .relaxed).newValue)"
            let made = try await Program.run(
                "psql",
                ["-qX", "-h", folder, "-U", "redress", "-d", "postgres", "-c", "CREATE DATABASE \(name)"])
            guard made.status == 0 else { throw RedressError(.unavailable, made.errors) }
            return "postgresql:///\(name)?host=\(folder)&user=redress"
        }
    }
#endif
