/// A waiting-room log read by the program itself, beside DuckDB making the same table of tickets, `wc` and a digest.
import Foundation
import RedressCore
import RedressDesk
import RedressSimulator
import Subprocess
import SystemPackage

struct IngestBenchmark {
    private var folder = NSTemporaryDirectory() + "/redress-ingest"
    private var people = 3000
    private var isOnlyPrepared = false
    private var python = "python3"
    private var program = CommandLine.arguments[0].replacing("RedressBenchmarks", with: "redress")

    init(arguments: [String]) throws {
        var rest = arguments[...]
        while let name = rest.popFirst(), let value = rest.popFirst() {
            switch name {
            case "--folder": folder = value
            case "--people": people = Int(value) ?? people
            case "--prepare": isOnlyPrepared = value == "only"
            case "--python": python = value
            case "--program": program = value
            default: throw RedressError(.usage, "There is no option \(name).")
            }
        }
    }

    private struct Answer: Decodable {
        var duckdb: String
        var lines: Int
        var bytes: Int
        var tickets: Int
        var rows: [Row]

        struct Row: Decodable {
            var name: String
            var seconds: Double
            var mebibytes: Int
        }
    }

    func run() async throws {
        let id = try await prepared()
        if isOnlyPrepared { return }
        let answer = try await Subprocess.run(
            python.contains("/") ? .path(FilePath(python)) : .name(python),
            arguments: [
                "-c", Self.script, program, folder + "/data", id, folder + "/incident/queue.jsonl",
                folder,
            ],
            output: .string(limit: 1 << 20), error: .string(limit: 1 << 20))
        guard answer.terminationStatus.isSuccess else {
            throw RedressError(
                .unavailable,
                "The peers did not run: pip install duckdb, then --python PATH. \(answer.standardError)"
            )
        }
        let report = try JSONDecoder().decode(Answer.self, from: Data(answer.standardOutput.utf8))
        print(
            "\(report.lines) lines, \(report.bytes >> 20) MiB, \(report.tickets) tickets; DuckDB \(report.duckdb)"
        )
        let ours = report.rows.first { $0.name == "redress" }?.seconds ?? 0
        for row in report.rows {
            print(
                "\(row.name): \(row.seconds) s, \(Int(Double(report.lines) / row.seconds)) lines/s, "
                    + "peak \(row.mebibytes) MiB, its time / ours \((row.seconds / ours * 100).rounded() / 100)"
            )
        }
    }

    /// The incident in the folder; made when there is none, so that a long preparation need not be timed.
    private func prepared() async throws -> String {
        let mark = folder + "/incident.id"
        if let id = try? String(contentsOfFile: mark, encoding: .utf8) { return id }
        let evening = try await EvidenceEvening.make(people: people, in: folder)
        try await evening.desk.close()
        try evening.incident.id.write(toFile: mark, atomically: true, encoding: .utf8)
        return evening.incident.id
    }

    /// Each contender is a process of its own, so that its peak memory is its own; `wait4` tells it.
    private static let script = #"""
        import json, os, shutil, statistics, subprocess, sys, time
        program, data, incident, log, folder = sys.argv[1:6]
        duck = '''
        import duckdb, hashlib, sys, threading
        log, out, which = sys.argv[1:4]
        db = duckdb.connect(out)
        db.execute("SET enable_progress_bar = false")
        source = '''+"'''"+'''read_json(?, format='newline_delimited', ignore_errors=true, columns={ts:'TIMESTAMPTZ',
            node:'VARCHAR', seq:'BIGINT', op:'VARCHAR', rc:'VARCHAR', queue:'VARCHAR', key:'VARCHAR', prev:'VARCHAR',
            number:'BIGINT', ahead:'BIGINT', sid:'VARCHAR', did:'VARCHAR', ip:'VARCHAR', cts:'BIGINT',
            pass:'VARCHAR'})'''+"'''"+'''
        if which == "reduced":
            db.execute(f"CREATE TABLE ticket AS SELECT key, min(ts) AS first, max(ts) AS last, count(*) AS lines, "
                       f"min(number) AS number FROM {source} GROUP BY key", [log])
        else:
            # What redress keeps, with line numbers as citations (redress also keeps offset, length and fingerprint).
            whole = threading.Thread(target=lambda: hashlib.file_digest(open(log, "rb"), "sha256").hexdigest())
            whole.start()
            db.execute(f"CREATE TEMP TABLE line AS SELECT row_number() OVER () AS n, epoch_ms(ts) AS t, * EXCLUDE (ts, ahead) "
                       f"FROM {source}", [log])
            db.execute("CREATE TABLE ticket AS SELECT key, min(t) AS first, arg_min(n, t) AS first_line, "
                       "max(t) AS last, arg_max(n, t) AS last_line, list(DISTINCT t // 10000) AS polls, "
                       "list(DISTINCT node) AS nodes FROM line GROUP BY key")
            for other in ["sid", "did", "ip", "prev", "number"]:
                db.execute(f"CREATE TABLE ticket_{other} AS SELECT key, {other}, min(t) AS first, arg_min(n, t) AS line "
                           f"FROM line WHERE {other} IS NOT NULL GROUP BY key, {other}")
            db.execute("CREATE TABLE session_device AS SELECT sid, did, min(t) AS first, arg_min(n, t) AS line "
                       "FROM line GROUP BY sid, did")
            db.execute("CREATE TABLE clock AS SELECT did, node, (cts - t) >> 14 AS bucket, min(t) AS first, "
                       "arg_min(n, t) AS line, max(t) AS last FROM line WHERE cts IS NOT NULL GROUP BY did, node, bucket")
            db.execute("CREATE TABLE outcome AS SELECT key, t, op, rc, node, seq, number, sid, did, queue, pass, n "
                       "FROM line WHERE op <> 'poll' OR rc <> 'wait'")
            db.execute("CREATE TABLE frontier AS SELECT queue, t // 60000 AS minute, list((key, number, t, n)) AS admitted "
                       "FROM line WHERE rc IN ('pass', 'bypass', 'express') GROUP BY queue, minute")
            db.execute("CREATE TABLE numbers AS SELECT number // 256 AS block, list(DISTINCT number % 256) AS seen, "
                       "min(t) AS first, max(t) AS last FROM line WHERE number IS NOT NULL GROUP BY block")
            db.execute("CREATE TABLE coverage AS SELECT node, t // 60000 AS minute, count(*) AS lines, list(seq) AS seqs "
                       "FROM line GROUP BY node, minute")
            whole.join()
        db.execute("CHECKPOINT")
        print(db.execute("SELECT count(*) FROM ticket").fetchone()[0])
        '''
        tables = folder + "/duckdb.db"
        def run(arguments):
            begun = time.monotonic()
            process = subprocess.Popen(arguments, stdout=subprocess.PIPE, stderr=subprocess.PIPE)
            out = process.stdout.read()
            error = process.stderr.read()
            _, status, usage = os.wait4(process.pid, 0)
            if status != 0:
                sys.exit(error.decode())
            return time.monotonic() - begun, usage.ru_maxrss // 1024, out
        contenders = {
            "redress": lambda n: [program, "ingest", log, "--log", "queue", "--incident", incident, "--data-dir", f"{data}-{n}"],
            "DuckDB, the same facts": lambda n: [sys.executable, "-c", duck, log, tables, "full"],
            "DuckDB, a reduced table": lambda n: [sys.executable, "-c", duck, log, tables, "reduced"],
            "wc -l": lambda n: ["wc", "-l", log],
            "sha256sum": lambda n: ["sha256sum", log],
        }
        taken = {name: [] for name in contenders}
        tickets = lines = 0
        for n in range(3):
            shutil.copytree(data, f"{data}-{n}")
            for name, command in contenders.items():
                if os.path.exists(tables):
                    os.remove(tables)
                took, memory, out = run(command(n))
                taken[name].append((took, memory))
                if name.startswith("DuckDB"):
                    tickets = int(out)
                if name == "wc -l":
                    lines = int(out.split()[0])
            shutil.rmtree(f"{data}-{n}")
        import importlib.metadata
        print(json.dumps({"duckdb": importlib.metadata.version("duckdb"), "lines": lines, "bytes": os.path.getsize(log),
            "tickets": tickets, "rows": [{"name": name, "seconds": round(statistics.median(t for t, _ in runs), 3),
                "mebibytes": max(m for _, m in runs)} for name, runs in taken.items()]}))
        """#
}
