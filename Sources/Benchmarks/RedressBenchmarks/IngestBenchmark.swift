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
    private var python = "python3"
    private var program = CommandLine.arguments[0].replacing("RedressBenchmarks", with: "redress")

    init(arguments: [String]) throws {
        var rest = arguments[...]
        while let name = rest.popFirst(), let value = rest.popFirst() {
            switch name {
            case "--folder": folder = value
            case "--people": people = Int(value) ?? people
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
        let evening = try await EvidenceEvening.make(people: people, in: folder)
        try await evening.desk.close()
        let answer = try await Subprocess.run(
            .name(python),
            arguments: [
                "-c", Self.script, program, folder + "/data", evening.incident.id,
                evening.incident.queueLogs[0],
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

    /// Each contender is a process of its own, so that its peak memory is its own; `wait4` tells it.
    private static let script = #"""
        import json, os, shutil, statistics, subprocess, sys, time
        program, data, incident, log, folder = sys.argv[1:6]
        duck = '''
        import duckdb, sys
        log, out = sys.argv[1:3]
        db = duckdb.connect(out)
        db.execute("SET enable_progress_bar = false")
        # What redress keeps of a ticket: when, how often, where, which browser and device, which number and end.
        db.execute("""
            CREATE TABLE ticket AS SELECT key, min(ts) AS first, max(ts) AS last, count(*) AS lines,
                count(DISTINCT epoch_ms(ts) // 10000) AS polled, min(number) AS number,
                min(cts - epoch_ms(ts)) AS skew_from, max(cts - epoch_ms(ts)) AS skew_to,
                list(DISTINCT node) AS nodes, list(DISTINCT sid) AS sessions, list(DISTINCT did) AS devices,
                list(DISTINCT ip) AS addresses, list(DISTINCT prev) AS replaced,
                list(DISTINCT pass) AS passes, list(DISTINCT rc) AS answers
            FROM read_json(?, format='newline_delimited', ignore_errors=true, columns={ts:'TIMESTAMPTZ', node:'VARCHAR',
                seq:'BIGINT', op:'VARCHAR', rc:'VARCHAR', queue:'VARCHAR', key:'VARCHAR', prev:'VARCHAR',
                number:'BIGINT', ahead:'BIGINT', sid:'VARCHAR', did:'VARCHAR', ip:'VARCHAR', cts:'BIGINT',
                pass:'VARCHAR'}) GROUP BY key""", [log])
        db.execute("""CREATE TABLE coverage AS SELECT node, date_trunc('minute', ts) AS minute, count(*) AS lines,
                min(seq) AS seq_from, max(seq) AS seq_to
            FROM read_json(?, format='newline_delimited', ignore_errors=true,
                columns={ts:'TIMESTAMPTZ', node:'VARCHAR', seq:'BIGINT'}) GROUP BY ALL""", [log])
        db.execute("CHECKPOINT")
        print(db.execute("SELECT count(*) FROM ticket").fetchone()[0])
        '''
        tables = folder + "/duckdb.db"
        def run(arguments):
            begun = time.time()
            process = subprocess.Popen(arguments, stdout=subprocess.PIPE, stderr=subprocess.PIPE)
            out = process.stdout.read()
            error = process.stderr.read()
            _, status, usage = os.wait4(process.pid, 0)
            if status != 0:
                sys.exit(error.decode())
            return time.time() - begun, usage.ru_maxrss // 1024, out
        contenders = {
            "redress": lambda n: [program, "ingest", log, "--log", "queue", "--incident", incident, "--data-dir", f"{data}-{n}"],
            "DuckDB": lambda n: [sys.executable, "-c", duck, log, tables],
            "wc -l": lambda n: ["wc", "-l", log],
            "sha256sum": lambda n: ["sha256sum", log],
        }
        taken = {name: [] for name in contenders}
        tickets = lines = 0
        for n in range(3):
            shutil.copytree(data, f"{data}-{n}")
            if os.path.exists(tables):
                os.remove(tables)
            for name, command in contenders.items():
                took, memory, out = run(command(n))
                taken[name].append((took, memory))
                if name == "DuckDB":
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
