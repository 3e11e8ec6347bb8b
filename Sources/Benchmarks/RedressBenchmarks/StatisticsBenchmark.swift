/// One week's statistics over a million cases in sixty weeks, against DuckDB reading the same file in the same run.
import Foundation
import RedressCore
import RedressDesk
import RedressSQLite
import RedressStore

struct StatisticsBenchmark {
    private var folder = NSTemporaryDirectory() + "/redress-statistics"
    private var cases = 1_000_000
    private var python = "python3"
    private static let weeks = 60
    private static let operatorActor = Actor(name: "operator:benchmark", role: .operator)

    init(arguments: [String]) throws {
        var rest = arguments[...]
        while let name = rest.popFirst(), let value = rest.popFirst() {
            switch name {
            case "--folder": folder = value
            case "--cases": cases = Int(value) ?? cases
            case "--python": python = value
            default: throw RedressError(.usage, "There is no option \(name).")
            }
        }
    }

    func run() async throws {
        let data = folder + "/data"
        let last = StatisticsCrowd.start.adding(minutes: Self.weeks * 7 * 1440)
        // Two weeks on, when the last results have been told: what is still to come is not folded again and again.
        let now = last.adding(minutes: 14 * 1440)
        let installation = Installation(folder: data)
        let open: OpenDatabase = { path, schema, create in
            try SQLiteDatabase(path: path, schema: schema, create: create, clock: .fixed(at: now))
        }
        let desk: Desk
        if installation.exists {
            desk = try installation.open(open: open)
        } else {
            desk = try await installation.create(open: open)
            let seconds = try await timed {
                try await StatisticsCrowd(desk: desk, actor: Self.operatorActor).make(cases, Self.weeks)
            }
            print("made \(cases) cases: \(seconds) s")
        }
        print(
            "first fold of the journal (once): \(try await timed { try await desk.statistics.refresh() }) s")
        let newest = Week(containing: last).previous
        var ours = 0.0
        var counted: [Int] = []
        for (name, week) in [("newest week", newest), ("a week of last year", newest.advanced(by: -40))] {
            var times: [Double] = []
            var rows = 0
            for _ in 0..<5 {
                times.append(
                    try await timed {
                        rows = try await desk.statistics.weekly(week, by: Self.operatorActor).rows.count
                    })
            }
            print(
                "\(name) (\(week)), every figure and comparison, \(rows) rows: \(times.sorted()[2]) s (median of 5)"
            )
            let line = try await desk.statistics.weekly(week, by: Self.operatorActor).totals
            print(
                "  " + StatisticsMeasure.line.map { "\($0) \(line[$0]?.value ?? -1)" }.joined(separator: ", ")
            )
            guard week == newest else { continue }
            ours = times.sorted()[2]
            counted = ["opening", "received", "processed", "closing"].map { Int(line[$0]?.value ?? -1) }
        }
        try await desk.close()
        try compare(installation.database, newest, seconds: ours, line: counted)
    }

    private struct Peer: Decodable {
        var version: String
        var seconds: Double
        var line: [Int]
    }

    /// The week's line at five levels, counted by DuckDB from the journal in the same file, beside ours.
    private func compare(_ database: String, _ week: Week, seconds: Double, line: [Int]) throws {
        let process = Process()
        let answer = Pipe()
        process.executableURL = URL(fileURLWithPath: "/usr/bin/env")
        process.arguments = [
            python, "-c", Self.script, database, "\(week.start.milliseconds)", "\(week.end.milliseconds)",
        ]
        process.standardOutput = answer
        try process.run()
        let data = answer.fileHandleForReading.readDataToEndOfFile()
        process.waitUntilExit()
        guard process.terminationStatus == 0 else {
            throw RedressError(
                .unavailable,
                "DuckDB did not run: pip install duckdb==1.5.5 duckdb-extension-sqlite-scanner==1.5.5, then --python PATH."
            )
        }
        let peer = try JSONDecoder().decode(Peer.self, from: data)
        guard peer.line == line else {
            throw RedressError(.fault, "DuckDB counts \(peer.line), redress \(line).")
        }
        print(
            "DuckDB \(peer.version), only the line at five levels: \(peer.seconds) s (median of 3), same line \(line)"
        )
        print("DuckDB's time / ours for every figure of the newest week: \(peer.seconds / seconds)")
    }

    private static let script = """
        import duckdb, duckdb_extension_sqlite_scanner as scanner, glob, json, os, sys, time
        db = duckdb.connect()
        # Its bar would stand before the answer on standard output.
        db.execute("SET enable_progress_bar = false")
        folder = os.path.dirname(scanner.__file__)
        # DuckDB checks the signature of what it loads.
        db.execute("LOAD '" + glob.glob(folder + "/extensions/*/*.duckdb_extension")[0] + "'")
        db.execute("ATTACH '" + sys.argv[1] + "' AS s (TYPE sqlite, READ_ONLY)")
        start, end = sys.argv[2], sys.argv[3]
        sql = '''
        WITH step AS (SELECT case_id, seq, from_state, to_state, "at",
                lead("at") OVER (PARTITION BY case_id ORDER BY seq) AS next_at,
                lead(to_state) OVER (PARTITION BY case_id ORDER BY seq) AS next_to FROM s.case_move),
        telling AS (SELECT case_id, "at", NULL AS event FROM s.contact WHERE channel IN ('call','counter','letter')
            UNION ALL SELECT case_id, delivered_at, event FROM s.outbox WHERE delivered_at IS NOT NULL),
        decided AS (SELECT * FROM step WHERE to_state IN ('restored','rejected','withdrawn','not-affected')),
        -- An inner join: a left join with these conditions becomes a nested loop in DuckDB, which never ends.
        heard AS (SELECT decided.case_id, decided.seq, min(telling."at") AS heard_at
            FROM decided JOIN telling ON telling.case_id = decided.case_id WHERE telling."at" >= decided."at"
                AND (next_at IS NULL OR telling."at" < next_at) AND (event IS NULL OR event = to_state OR event LIKE to_state || '/%')
            GROUP BY 1, 2),
        decision AS (SELECT decided.case_id, decided.seq,
                least(heard_at, CASE WHEN next_to = 'closed' THEN next_at END) AS told_at
            FROM decided LEFT JOIN heard ON heard.case_id = decided.case_id AND heard.seq = decided.seq),
        flow AS (SELECT case_id, 'received' AS kind, "at", 1 AS sign FROM step WHERE from_state IS NULL
            UNION ALL SELECT case_id, 'processed', told_at, -1 FROM decision WHERE told_at IS NOT NULL
            UNION ALL SELECT case_id, 'out', "at", -1 FROM step WHERE to_state = 'transferred')
        SELECT channel, category, province, received_site,
            sum(CASE WHEN "at" < {0} THEN sign ELSE 0 END), sum(CASE WHEN "at" >= {0} AND kind = 'received' THEN 1 ELSE 0 END),
            sum(CASE WHEN "at" >= {0} AND kind = 'processed' THEN 1 ELSE 0 END), sum(sign)
        FROM flow JOIN s.grievance_case AS c ON c.id = case_id WHERE "at" < {1}
        GROUP BY GROUPING SETS ((), (channel), (category), (province), (received_site))
        '''.format(start, end)
        times = []
        for _ in range(3):
            begun = time.time()
            rows = db.execute(sql).fetchall()
            times.append(time.time() - begun)
        total = next(r for r in rows if r[0] is None and r[1] is None and r[2] is None and r[3] is None)
        print(json.dumps({"version": duckdb.__version__, "seconds": sorted(times)[1], "line": [int(n) for n in total[4:]]}))
        """

    private func timed(_ work: () async throws -> Void) async throws -> Double {
        let start = ContinuousClock.now
        try await work()
        let (seconds, attoseconds) = (ContinuousClock.now - start).components
        return ((Double(seconds) + Double(attoseconds) / 1e18) * 1000).rounded() / 1000
    }
}
