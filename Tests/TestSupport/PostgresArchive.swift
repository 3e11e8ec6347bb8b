/// A PostgreSQL cluster with an archive of its log, which can be backed up, lost, and restored beside itself.
#if Postgres
    import Foundation
    import RedressCore

    /// The commands are those of docs/operations.md.
    public final class PostgresArchive: Sendable {
        private let folder: String
        private let runner: Program

        /// The address of the server that is backed up.
        public var url: String { address("one") }
        /// The address of what was restored from the backup and the archived log.
        public var restored: String { address("two") }
        /// The address of what was restored from the backup alone.
        public var backupAlone: String { address("three") }

        /// Makes the cluster.
        public init() async throws {
            (folder, runner) = try await PostgresScript.start("archive", Self.script)
        }

        private static let script = """
            as mkdir one two three archive
            make one/data
            {
                echo "archive_mode = on"
                echo "archive_command = 'test ! -f $1/archive/%f && cp %p $1/archive/%f'"
            } >>one/data/postgresql.conf
            start() { as "$bin/pg_ctl" -D $1/data -w -l $1.log -o "-h '' -k $PWD/$1 -p 5432" start; }
            ask() { "$bin/psql" -qXAt -h "$PWD/$1" -p 5432 -U redress -d postgres -c "$2"; }
            start one
            touch "$1.ready"
            while tests && [ ! -e "$1.stop" ]; do
                if [ -e "$1.backup" ]; then
                    as "$bin/pg_basebackup" -D backup -X stream -c fast -h "$1/one" -p 5432 -U redress
                    as "$bin/pg_verifybackup" backup
                    rm "$1.backup"
                fi
                if [ -e "$1.restore" ]; then
                    last=$(ask one "SELECT pg_walfile_name(pg_switch_wal())")
                    until [ -e "archive/$last" ]; do sleep 0.05; done
                    kill -KILL -- $(head -1 one/data/postmaster.pid)
                    for place in two three; do as cp -a backup $place/data; done
                    echo "restore_command = 'cp $1/archive/%f %p'" >>two/data/postgresql.auto.conf
                    as touch two/data/recovery.signal
                    start two
                    start three
                    until [ "$(ask two "SELECT pg_is_in_recovery()")" = f ]; do sleep 0.05; done
                    rm "$1.restore"
                fi
                sleep 0.02
            done
            for place in one two three; do as "$bin/pg_ctl" -D $place/data -m immediate stop || true; done
            rm -rf "$1" "$1.log" "$1.ready" "$1.stop"
            """

        private func address(_ place: String) -> String {
            "postgresql:///postgres?host=\(folder)/\(place)&user=redress"
        }

        /// Makes a base backup and verifies it.
        public func backUp() async throws { try await order("backup") }

        /// Archives what is left of the log, kills the server, and restores twice: with the archive, and without.
        public func loseAndRestore() async throws { try await order("restore") }

        /// Stops what runs and removes everything.
        public func stop() async throws {
            _ = FileManager.default.createFile(atPath: folder + ".stop", contents: nil)
            _ = try await runner.finish()
        }

        private func order(_ what: String) async throws {
            let path = "\(folder).\(what)"
            _ = FileManager.default.createFile(atPath: path, contents: nil)
            while FileManager.default.fileExists(atPath: path) {
                guard kill(runner.id, 0) == 0, FileManager.default.fileExists(atPath: folder) else {
                    let log = (try? String(contentsOfFile: folder + ".log", encoding: .utf8)) ?? "no log"
                    throw RedressError(.fault, "The \(what) failed: \(log.suffix(1500))")
                }
                try await Task.sleep(for: .milliseconds(20))
            }
        }
    }
#endif
