import Foundation
import RedressCore
import RedressSQLite
import RedressStore
import TestSupport
import Testing

@Suite("Bad input gets a clear error, a stable exit code, and loses nothing")
struct BadInputTests {
    private struct Case {
        var arguments: [String]
        var status: Int32
        var says: String
    }

    /// An installation with one incident and its sites.
    private static func installation() async throws -> (TemporaryFolder, [String]) {
        let folder = try TemporaryFolder()
        let data = ["--data-dir", folder.file("data")]
        let setup: [[String]] = [
            ["init"],
            [
                "incident", "new", "night", "--name", "장애", "--from", "2021-07-19T20:30:00+09:00", "--to",
                "2021-07-19T22:00:00+09:00",
            ],
        ]
        for arguments in setup { try #require(try await BuiltBinary.run(arguments + data).status == 0) }
        let sites = try folder.write(
            "sites.csv",
            """
            site,name,province,municipality,latitude,longitude
            C001,강남관광정보센터,서울특별시,강남구,37.526829,127.027086
            """)
        try #require(
            try await BuiltBinary.run(["load", "sites", sites, "--incident", "night"] + data).status == 0)
        return (folder, data)
    }

    @Test("Each mistake a user can make says what, where and what to do, with the exit code of the design")
    func mistakes() async throws {
        let (folder, data) = try await Self.installation()
        let empty = try folder.write("empty.csv", "")
        let missing = try folder.write("missing.csv", "booking,person\nB1,p1\n")
        let broken = folder.file("broken.jsonl.gz")
        try Data([0x1F, 0x8B, 0x08, 0x00] + Array("and then no gzip at all".utf8))
            .write(to: URL(fileURLWithPath: broken))
        let cases = [
            Case(arguments: ["init"], status: 1, says: "already"),
            Case(
                arguments: ["load", "register", empty, "--incident", "night"], status: 65, says: "is empty"),
            Case(
                arguments: ["load", "register", missing, "--incident", "night"], status: 65,
                says: "lacks name, phone"),
            Case(
                arguments: ["load", "register", folder.path, "--incident", "night"], status: 65,
                says: "is a directory"),
            Case(
                arguments: ["load", "register", folder.file("absent.csv"), "--incident", "night"], status: 66,
                says: "no file"),
            Case(
                arguments: ["load", "sites", empty, "--incident", "day"], status: 66, says: "There is: night"),
            Case(
                arguments: ["ingest", folder.file("absent.jsonl"), "--log", "queue", "--incident", "night"],
                status: 66, says: "no file"),
            Case(
                arguments: ["ingest", folder.path, "--log", "queue", "--incident", "night"], status: 65,
                says: "is a directory"),
            Case(
                arguments: ["ingest", empty, "--log", "doors", "--incident", "night"], status: 2,
                says: "doors"),
            Case(arguments: ["case", "show", "2021-000417-9"], status: 65, says: "check digit"),
            Case(arguments: ["case", "show", "2021-000417-8"], status: 66, says: "no case"),
            Case(arguments: ["case", "list", "--state", "lost"], status: 2, says: "one of received"),
            Case(arguments: ["apply", "night", "--plan", "abc"], status: 66, says: "No plan abc"),
            Case(arguments: ["stats", "weekly", "--week", "2021-W60"], status: 65, says: "W"),
            Case(
                arguments: [
                    "incident", "new", "x", "--name", "x", "--from", "yesterday", "--to",
                    "2021-07-19T22:00:00+09:00",
                ], status: 2, says: "RFC 3339"),
            Case(
                arguments: [
                    "incident", "new", "night", "--name", "x", "--from", "2021-07-19T20:30:00+09:00", "--to",
                    "2021-07-19T22:00:00+09:00",
                ], status: 1, says: "already"),
            Case(
                arguments: [
                    "incident", "new", "y", "--name", "x", "--from", "2021-07-19T22:30:00+09:00", "--to",
                    "2021-07-19T22:00:00+09:00",
                ], status: 65, says: "before it ends"),
            Case(arguments: ["token", "create", "nobody"], status: 66, says: "no member of the staff"),
            Case(arguments: ["case", "list", "--as", "nobody"], status: 77, says: "token"),
            Case(arguments: ["nonsense"], status: 2, says: "nonsense"),
        ]
        for mistake in cases {
            let run = try await BuiltBinary.run(
                mistake.arguments + (mistake.arguments == ["nonsense"] ? [] : data))
            let label = mistake.arguments.joined(separator: " ")
            #expect(run.status == mistake.status, "\(label): \(run.errors)")
            #expect(run.errors.contains(mistake.says), "\(label): \(run.errors)")
            #expect(run.output.isEmpty, "\(label) prints nothing on standard output")
        }
        let check = try await BuiltBinary.run(["check"] + data)
        #expect(check.status == 0, "\(check.errors)")
    }

    @Test("A register row that fails is set aside with its line, the rest loads, and the exit code says so")
    func quarantine() async throws {
        let (folder, data) = try await Self.installation()
        let file = try folder.write(
            "register.csv",
            """
            booking,person,name,phone,birth_date,site,vaccine,dose,date,slot,booked_at,status,colour
            B1,p1,홍길동,010-0000-0001,1967-03-01,C001,moderna,1,2021-08-16,10:00,2021-07-19T20:45:00+09:00,revoked,red
            B2,p2,김영희,010-0000-0002,1967-02-30,C001,moderna,1,2021-08-16,10:00,2021-07-19T20:46:00+09:00,revoked,red
            B3,p3,이철수,0100,1967-03-01,C001,moderna,1,2021-08-16,10:00,2021-07-19T20:47:00+09:00,revoked,red
            B4,p4,박민수,010-0000-0004,1967-03-01,C999,moderna,1,2021-08-16,10:00,2021-07-19T20:48:00+09:00,revoked,red
            B5,p5,최"수진,010-0000-0005,1967-03-01,C001,moderna,1,2021-08-16,10:00,2021-07-19T20:49:00+09:00,revoked,red
            B6,p6,정다은,010-0000-0006
            B7,p7,강하늘,010-0000-0007,1967-03-01,C001,moderna,1,2021-08-16,10:00,2021-07-19T20:50:00+09:00,revoked,red
            """)
        let run = try await BuiltBinary.run(
            ["load", "register", file, "--incident", "night", "--format", "json"] + data)
        #expect(run.status == 65)
        let report = try run.json()
        #expect(report["rows"] as? Int == 7)
        #expect(report["loaded"] as? Int == 2)
        #expect(report["quarantined"] as? Int == 5)
        #expect(run.errors.contains("the column colour is not known"))
        for line in 3...7 {
            #expect(run.errors.contains("register.csv:\(line)"), "line \(line): \(run.errors)")
        }
        #expect(!run.errors.contains("0100,"), "nothing personal in the reasons")
        let found = try await BuiltBinary.run(
            ["lookup", "--phone", "-", "--format", "json"] + data, input: "+82 10 0000 0007\n")
        let people = try #require(try found.json()["people"] as? [[String: Any]])
        #expect(people.count == 1)
        #expect(!found.output.contains("00000007"), "the number searched is never echoed")
    }

    @Test(
        "A log of blank and broken lines reads to its end; the same file again is skipped; standard input is kept"
    )
    func logs() async throws {
        let (folder, data) = try await Self.installation()
        let line =
            #"{"ts":"2021-07-19T20:45:00.000+09:00","node":"sms-1","seq":1,"op":"send","phone":"01000000001","template":"BOOKING_COMPLETE","booking":"B1","status":"sent"}"#
        let text = "\(line)\n\n{\"ts\":\"2021-07-19T20:4\nnot json at all\n"
        let file = try folder.write("sms.jsonl", text)
        let ingest = ["--log", "sms", "--incident", "night", "--format", "json"] + data
        let first = try await BuiltBinary.run(["ingest", file] + ingest)
        #expect(first.status == 0, "\(first.errors)")
        let report = try first.json()
        #expect(report["lines"] as? Int == 4)
        #expect(report["quarantined"] as? Int == 2)
        #expect(report["parsed"] as? Int == 2)
        #expect(try await BuiltBinary.run(["ingest", file] + ingest).json()["skipped_files"] as? Int == 1)
        let piped = try await BuiltBinary.run(["ingest", "-"] + ingest, input: text + "{}\n")
        #expect(try piped.json()["lines"] as? Int == 5)
        let other = try folder.write(
            "other.jsonl", text + "\n" + line.replacingOccurrences(of: "\"seq\":1", with: "\"seq\":2"))
        #expect(try await Program.run("gzip", [other]).status == 0)
        let packed = try await BuiltBinary.run(["ingest", other + ".gz"] + ingest)
        #expect(try packed.json()["parsed"] as? Int == 4, "\(packed.errors)")
        let blank = try folder.write("blank.jsonl", "\n\n")
        #expect(try await BuiltBinary.run(["ingest", blank] + ingest).status == 0)
    }

    @Test("A database written by a newer program is refused, and left as it was")
    func newer() async throws {
        let (folder, data) = try await Self.installation()
        let database = folder.file("data/redress.sqlite")
        let handle = try SQLiteDatabase(path: database, schema: .desk, create: false)
        try await handle.write { connection in
            try connection.run("INSERT INTO schema_version (version, applied_at) VALUES (999, 0)")
        }
        try await handle.close()
        let run = try await BuiltBinary.run(["case", "list"] + data)
        #expect(run.status == 69)
        #expect(run.errors.contains("newer than this program knows"))
    }
}
