/// Two PostgreSQL clusters, the second a synchronous standby of the first, for what must survive the loss of one.
#if Postgres
    import Foundation
    import RedressCore

    /// A primary and its synchronous standby; the primary can be killed and the standby promoted.
    public final class PostgresPair: Sendable {
        private let folder: String
        private let runner: Program

        /// The address that names both servers, the standby first: whoever writes must find the other.
        public var url: String {
            "postgresql:///postgres?host=\(folder)/two,\(folder)/one&port=5433,5432&user=redress"
        }

        /// The address of the standby alone.
        public var standby: String { "postgresql:///postgres?host=\(folder)/two&port=5433&user=redress" }

        /// Makes both clusters and waits until a commit on the first is also on the second.
        public init() async throws {
            (folder, runner) = try await PostgresScript.start("pair", Self.script)
        }

        private static let script = """
            as mkdir one two
            make one/data
            as "$bin/pg_ctl" -D one/data -w -l one.log -o "-h '' -k $1/one -p 5432" start
            as "$bin/pg_basebackup" -D two/data -R -X stream -h "$1/one" -p 5432 -U redress
            as "$bin/pg_ctl" -D two/data -w -l two.log -o "-h '' -k $1/two -p 5433" start
            "$bin/psql" -qX -h "$1/one" -p 5432 -U redress -d postgres \\
                -c "ALTER SYSTEM SET synchronous_standby_names = '*'" -c "SELECT pg_reload_conf()"
            touch "$1.ready"
            killed=no
            while tests && [ ! -e "$1.stop" ]; do
                if [ -e "$1.kill" ] && [ $killed = no ]; then
                    killed=yes
                    kill -KILL -- $(head -1 one/data/postmaster.pid)
                    touch "$1.killed"
                    as "$bin/pg_ctl" -D two/data -w promote
                fi
                sleep 0.01
            done
            as "$bin/pg_ctl" -D two/data -m immediate stop || true
            as "$bin/pg_ctl" -D one/data -m immediate stop || true
            rm -rf "$1" "$1.log" "$1.ready" "$1.kill" "$1.killed" "$1.stop"
            """

        /// Kills the primary (SIGKILL), whose standby is then promoted; returns when it is dead.
        public func killPrimary() async throws {
            _ = FileManager.default.createFile(atPath: folder + ".kill", contents: nil)
            while !FileManager.default.fileExists(atPath: folder + ".killed") {
                try await Task.sleep(for: .milliseconds(5))
            }
        }

        /// Stops what runs and removes everything.
        public func stop() async throws {
            _ = FileManager.default.createFile(atPath: folder + ".stop", contents: nil)
            _ = try await runner.finish()
        }
    }
#endif
