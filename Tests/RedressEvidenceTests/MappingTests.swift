/// Proves that the shipped mappings read their samples, and that a wrong mapping says what is wrong.

import FoundationEssentials
import RedressCore
import RedressEvidence
import Testing

@Suite struct MappingTests {
    private static let folder =
        #filePath.replacing("Tests/RedressEvidenceTests/MappingTests.swift", with: "data/mappings/")

    @Test(
        "A shipped mapping reads every line of its sample",
        arguments: [
            ("netfunnel-style", LogKind.queue), ("queue-it", .web), ("aws-virtual-waiting-room", .queue),
        ])
    func samples(_ name: String, _ kind: LogKind) async throws {
        let mapping = try Mapping(yaml: Array(Data(contentsOf: URL(filePath: Self.folder + name + ".yaml"))))
        #expect(mapping.name == name)
        let store = MemoryFacts()
        let file = try await LogFile.identify(path: Self.folder + name + ".sample.log")
        let progress = try await store.add(
            LogIngest(file: file, kind: kind, mapping: mapping, joinKey: testKey), in: try Workbench().runs)
        #expect(progress.quarantined == 0, "\(store.quarantined)")
        #expect(progress.lines > 1)
        #expect(!store.all.isEmpty)
        #expect(store.all.keys.contains { $0.kind == (kind == .queue ? .ticket : .session) })
    }

    @Test("A mapped wait is judged like a native one: the person of the sample queued and was let on")
    func judged() async throws {
        let mapping = try Mapping(
            yaml: Array(Data(contentsOf: URL(filePath: Self.folder + "netfunnel-style.yaml"))))
        let bench = try Workbench()
        let file = try await LogFile.identify(path: Self.folder + "netfunnel-style.sample.log")
        try await bench.store.add(
            LogIngest(file: file, kind: .queue, mapping: mapping, joinKey: testKey), in: bench.runs)
        let submit =
            #"{"ts":"2021-07-19T21:51:40.120+09:00","node":"app-3","seq":1,"op":"submit","person":"p1","sid":"s71","#
            + #""did":"d88","key":"K9F4","booking":"B1","site":"C012","date":"2021-08-16","slot":"10:00","status":200}"#
        try await bench.ingest(lines([submit]), .booking)
        let verdict = try await bench.examiner().verdict(
            for: PersonRecord(person: "p1", phone: nil, claimed: "B1"))
        let outcomes = Dictionary(uniqueKeysWithValues: verdict.findings.map { ($0.rule, $0) })
        #expect(outcomes[.queued]?.outcome == .supports)
        #expect(outcomes[.queued]?.values["number"] == "9100")
        #expect(outcomes[.admitted]?.outcome == .supports)
    }

    private static let withNotes = try? Mapping(
        yaml: Array(
            """
            name: notes
            format: csv
            columns: [when, what, ticket, note]
            skip: ["#"]
            fields:
              ts: {from: when, time: epoch-ms}
              op: what
              key: ticket
            """.utf8))

    @Test("A quoted cell may hold line breaks: its row is one, however the bytes are cut into blocks")
    func lineBreaks() async throws {
        let mapping = try #require(Self.withNotes)
        var text = "# \"when\n"
        var rows = 0
        while text.utf8.count < 3 << 20 {
            let time = 1_626_692_591_000 + rows * 10
            text += "\(time),poll,K\(rows % 400),\"first \"\"half\"\",\nsecond half\r\n\nend \(rows)\"\n"
            text += "\(time + 5),poll,K\(rows % 400),5\"\" of rain\n"
            rows += 2
        }
        let bytes = Array(text.utf8)
        let store = MemoryFacts()
        let bench = try Workbench()
        let file = try await LogFile.identify(path: try bench.write(bytes))
        let progress = try await store.add(
            LogIngest(file: file, kind: .queue, mapping: mapping, joinKey: testKey), in: bench.runs)
        #expect(progress.quarantined == 0, "\(store.quarantined.prefix(3))")
        #expect(progress.lines == bytes.count { $0 == 10 })
        let whole = MemoryFacts()
        try whole.add(
            try LogIngest.batch(
                of: bytes, kind: .queue, mapping: mapping, joinKey: testKey, fileTag: file.tag))
        #expect(store.all == whole.all)
    }

    @Test("A quote that is never closed costs its own line and none after it")
    func openQuote() throws {
        let mapping = try #require(Self.withNotes)
        let good = "1626692591000,poll,K1,fine\n"
        let text = good + "1626692591000,poll,K1,\"open\n" + String(repeating: good, count: 100) + good
        let batch = try LogIngest.batch(
            of: Array(text.utf8), kind: .queue, mapping: mapping, joinKey: testKey)
        #expect(batch.progress.lines == 103)
        #expect(batch.quarantined.map(\.line) == [2])
        let broken = good + "late,poll,K1,\"one\ntwo\nthree\"\n" + good
        let aside = try LogIngest.batch(
            of: Array(broken.utf8), kind: .queue, mapping: mapping, joinKey: testKey)
        #expect(aside.progress.lines == 5)
        #expect(aside.quarantined.map(\.line) == [2, 3, 4])
        let offsets = aside.quarantined.map { (good.utf8.count, $0.offset, $0.length) }
        #expect(offsets[1].1 == offsets[0].1 + offsets[0].2 + 1)
        #expect(offsets[2].1 + offsets[2].2 + 1 == broken.utf8.count - good.utf8.count)
    }

    @Test(
        "A wrong mapping is refused with the word that is wrong",
        arguments: [
            ("name: a\nformat: xml\nfields: {ts: when}\n", "xml"),
            ("name: a\nformat: json\nfields: {ts: {from: t, time: lunar}}\n", "lunar"),
            ("name: a\nformat: json\nfields: {colour: t, ts: t}\n", "colour"),
            ("name: a\nformat: json\nfields: {key: k}\n", "ts"),
            ("name: a\nformat: regex\npattern: '('\nfields: {ts: t}\n", "pattern"),
            ("name: a\nformat: json\nfields: {ts: t}\nextra: 1\n", "extra"),
            ("format: json\nfields: {ts: t}\n", "name"),
        ])
    func wrong(_ yaml: String, _ word: String) throws {
        let error = #expect(throws: RedressError.self) { _ = try Mapping(yaml: Array(yaml.utf8)) }
        #expect(error?.message.contains(word) == true, "\(error?.message ?? "")")
    }

    /// The log is not part of the project; the variable names where it lies.
    private static let realLogPath = ProcessInfo.processInfo.environment["REDRESS_COMBINED_LOG"]

    @Test(
        "A real public access log in the combined format reads with nothing lost",
        .enabled(if: realLogPath != nil, "Set REDRESS_COMBINED_LOG to a log of 10,000 lines."))
    func realLog() async throws {
        let path = try #require(Self.realLogPath)
        let bench = try Workbench()
        let file = try await LogFile.identify(path: path)
        let progress = try await bench.ingest(file, .web)
        #expect(progress.lines == 10_000)
        #expect(progress.lines == progress.parsed + progress.quarantined)
        // A real log holds a line or two that were cut while being written: they are counted, not dropped.
        #expect(progress.quarantined <= 10, "\(bench.store.quarantined.prefix(3))")
        #expect(bench.store.quarantined.count == progress.quarantined)
    }
}
