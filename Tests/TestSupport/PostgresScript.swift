/// Runs real PostgreSQL servers for tests by a shell script, which ends them when the tests end, however they end.
#if Postgres
    import Foundation
    import RedressCore
    import Synchronization

    enum PostgresScript {
        // A script that is killed leaves its servers running: each is kept until it, or the test process, ends.
        private static let running = Mutex<[Program]>([])

        /// What every script begins with: the account that runs servers, where they are, and a folder of its own.
        ///
        /// `$1` is the folder and `$2` the process of the tests. The server refuses to run as root, so root takes the
        /// account that its package makes.
        private static let preamble = """
            set -e
            account=$(id -un); [ "$account" != root ] || account=postgres
            as() { if [ "$(id -un)" = "$account" ]; then "$@"; else runuser -u "$account" -- "$@"; fi; }
            bin=$(ls -d /usr/lib/postgresql/*/bin 2>/dev/null | sort -V | tail -1)
            [ -n "$bin" ] || bin=$(dirname "$(command -v initdb)")
            mkdir -m 700 "$1"; [ "$(id -un)" = "$account" ] || chown "$account" "$1"; cd "$1"
            exec >"$1.log" 2>&1
            make() { as "$bin/initdb" -D "$1" -U redress -A trust -E UTF8 --locale=C; }
            tests() { kill -0 "$parent" 2>/dev/null; }
            parent=$2

            """

        /// Starts a script in a fresh folder and returns when it says that all is ready (`touch "$1.ready"`).
        static func start(_ name: String, _ script: String, _ arguments: [String] = []) async throws
            -> (folder: String, runner: Program)
        {
            let folder = "/tmp/redress-\(name)-" + Identifier.make(at: WallClock.system.now()).suffix(12)
            let runner = try await Program.start(
                "/bin/bash", ["-c", preamble + script, "postgres-\(name)", folder, "\(getpid())"] + arguments)
            running.withLock { $0.append(runner) }
            let deadline = ContinuousClock.now + .seconds(120)
            while !FileManager.default.fileExists(atPath: folder + ".ready") {
                guard ContinuousClock.now < deadline, kill(runner.id, 0) == 0 else {
                    let log = (try? String(contentsOfFile: folder + ".log", encoding: .utf8)) ?? "no log"
                    throw RedressError(
                        .unavailable, "No PostgreSQL server could be started: \(log.suffix(800))")
                }
                try await Task.sleep(for: .milliseconds(30))
            }
            return (folder, runner)
        }
    }
#endif
