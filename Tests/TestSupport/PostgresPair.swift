/// Two servers of the tests' own, the second a synchronous standby of the first, for drills of a takeover.
#if Postgres
    import Foundation
    import RedressCore

    /// A primary and its synchronous standby; the primary can be killed and the standby promoted.
    public final class PostgresPair: Sendable {
        private let folder: String
        private let runner: Program

        /// The address that names both servers.
        public var url: String {
            "postgresql:///postgres?host=\(folder)/one,\(folder)/two&port=5432,5433&user=redress"
        }

        /// Makes both clusters and waits until a commit on the first is also on the second.
        public init() async throws {
            folder = "/tmp/redress-pair-" + Identifier.make(at: WallClock.system.now()).suffix(12)
            let script = """
                set -e
                account=$(id -un); [ "$account" != root ] || account=postgres
                as() { if [ "$(id -un)" = "$account" ]; then "$@"; else runuser -u "$account" -- "$@"; fi; }
                bin=$(ls -d /usr/lib/postgresql/*/bin 2>/dev/null | sort -V | tail -1)
                [ -n "$bin" ] || bin=$(dirname "$(command -v initdb)")
                mkdir -m 700 "$1"; [ "$(id -un)" = "$account" ] || chown "$account" "$1"; cd "$1"
                exec >"$1.log" 2>&1
                as mkdir one two
                as "$bin/initdb" -D one/data -U redress -A trust -E UTF8 --locale=C
                as "$bin/pg_ctl" -D one/data -w -l one.log -o "-h '' -k $1/one -p 5432" start
                as "$bin/pg_basebackup" -D two/data -R -X stream -h "$1/one" -p 5432 -U redress
                as "$bin/pg_ctl" -D two/data -w -l two.log -o "-h '' -k $1/two -p 5433" start
                "$bin/psql" -qX -h "$1/one" -p 5432 -U redress -d postgres \\
                    -c "ALTER SYSTEM SET synchronous_standby_names = '*'" -c "SELECT pg_reload_conf()"
                touch "$1.ready"
                killed=no
                while kill -0 "$2" 2>/dev/null && [ ! -e "$1.stop" ]; do
                    if [ -e "$1.kill" ] && [ $killed = no ]; then
                        killed=yes
                        kill -KILL -- $(head -1 one/data/postmaster.pid)
                        as "$bin/pg_ctl" -D two/data -w promote
                    fi
                    sleep 0.05
                done
                as "$bin/pg_ctl" -D two/data -m immediate stop || true
                as "$bin/pg_ctl" -D one/data -m immediate stop || true
                rm -rf "$1" "$1.log" "$1.ready" "$1.kill" "$1.stop"
                """
            runner = try await Program.start(
                "/bin/bash", ["-c", script, "postgres-pair", folder, "\(getpid())"])
            let deadline = ContinuousClock.now + .seconds(120)
            while !FileManager.default.fileExists(atPath: folder + ".ready") {
                guard ContinuousClock.now < deadline, kill(runner.id, 0) == 0 else {
                    let log = (try? String(contentsOfFile: folder + ".log", encoding: .utf8)) ?? "no log"
                    throw RedressError(
                        .unavailable, "No pair of servers could be started: \(log.suffix(800))")
                }
                try await Task.sleep(for: .milliseconds(30))
            }
        }

        /// Kills the primary at once (SIGKILL) and promotes the standby.
        public func killPrimary() {
            _ = FileManager.default.createFile(atPath: folder + ".kill", contents: nil)
        }

        /// Stops what runs and removes everything.
        public func stop() async throws {
            _ = FileManager.default.createFile(atPath: folder + ".stop", contents: nil)
            _ = try await runner.finish()
        }
    }
#endif
