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
        /// The folder with the cluster and its socket, owned by the account that runs the server.
        public let folder: String
        /// Its port: a number in the socket's name, and on loopback where the server listens there.
        public let port: Int
        private let number = Atomic(0)

        private static let script = """
            make data
            if [ "$4" = encrypted ]; then
                as openssl req -x509 -newkey rsa:2048 -nodes -days 2 -subj /CN=localhost \\
                    -addext subjectAltName=DNS:localhost,IP:127.0.0.1 -keyout server.key -out server.crt
                chmod 600 server.key
                set -- "$1" "$2" "$3" -c ssl=on -c ssl_cert_file="$1/server.crt" -c ssl_key_file="$1/server.key" \\
                    -c listen_addresses=127.0.0.1
            else
                set -- "$1" "$2" "$3" -c listen_addresses=$4
            fi
            folder=$1; port=$3; shift 3
            as "$bin/postgres" -D "$folder/data" -c port=$port -c unix_socket_directories="$folder" \\
                -c max_connections=1000 -c shared_buffers=64MB -c wal_sync_method=fdatasync "$@" &
            server=$!
            # The socket is there before the server answers on it.
            until "$bin/pg_isready" -q -h "$folder" -p $port; do kill -0 $server; sleep 0.05; done
            touch "$folder.ready"
            while tests && [ ! -e "$folder.stop" ] && kill -0 $server 2>/dev/null; do sleep 0.2; done
            kill -INT $(head -1 data/postmaster.pid) 2>/dev/null || true
            wait $server || true
            rm -rf "$folder" "$folder.log" "$folder.ready" "$folder.stop"
            """

        private init() async throws {
            port = 5432
            folder = try await PostgresScript.start("server", Self.script, ["5432", ""]).folder
        }

        /// A server of its own on loopback too.
        ///
        /// - Parameter kind: `plain` or `encrypted`: the latter with a certificate for `localhost` in `server.crt`.
        public init(onLoopback kind: Loopback) async throws {
            port = freePort()
            folder = try await PostgresScript.start(
                "server", Self.script, ["\(port)", kind == .encrypted ? "encrypted" : "127.0.0.1"]
            ).folder
        }

        deinit { _ = FileManager.default.createFile(atPath: folder + ".stop", contents: nil) }

        /// What a server on loopback speaks.
        public enum Loopback: Sendable {
            case plain
            case encrypted
        }

        /// The address of a fresh, empty database.
        public func database() async throws -> String {
            let name = "t\(number.add(1, ordering: .relaxed).newValue)"
            let made = try await Program.run(
                "psql",
                [
                    "-qX", "-h", folder, "-p", "\(port)", "-U", "redress", "-d", "postgres", "-c",
                    "CREATE DATABASE \(name)",
                ])
            guard made.status == 0 else { throw RedressError(.unavailable, made.errors) }
            return "postgresql:///\(name)?host=\(folder)&port=\(port)&user=redress"
        }
    }
#endif
