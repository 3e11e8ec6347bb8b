/// Proves of a simulated evening's cases that every citation holds, and that a verdict taken again says what changed.
import Foundation
import RedressCore
import RedressEvidence
import RedressSimulator
import RedressStore
import TestSupport
import Testing

@testable import RedressDesk

@Suite("Evidence of cases, from files to verdicts and back to the lines")
struct EvidenceCaseTests {
    private static func load(
        _ fixture: DeskFixture, people: Int, also: [OtherWindow] = []
    ) async throws -> SimulatedIncident {
        let settings = SimulationSettings.story(
            on: CivilDate(daysSinceEpoch: 18_827), people: people, seed: 33)
        let incident = try await simulate(settings, into: fixture.folder.file("night"))
        var new = NewIncident(
            id: "night", name: incident.name, from: incident.from, to: incident.to)
        new.passKeys = try String(contentsOfFile: incident.passKeys, encoding: .utf8)
        new.otherWindows = also
        try await fixture.desk.incidents.create(new, by: fixture.actor)
        for (register, path) in [
            (Register.sites, incident.sites), (.register, incident.register),
            (.revocations, incident.revocations),
        ] {
            _ = try await fixture.desk.registers.load(
                register, from: path, incident: "night", by: fixture.actor)
        }
        return incident
    }

    private static func ingest(_ fixture: DeskFixture, _ log: LogKind, _ paths: [String]) async throws {
        for path in paths {
            _ = try await fixture.desk.evidenceDesk.ingest(
                path, log: log, incident: "night", runs: fixture.folder.file("runs"), by: fixture.actor)
        }
    }

    @Test(
        "Every citation of every case points at its line, registers too, and a packet shows nothing personal")
    func citations() async throws {
        let fixture = try await DeskFixture()
        let incident = try await Self.load(fixture, people: 150)
        try await Self.ingest(fixture, .queue, incident.queueLogs)
        try await Self.ingest(fixture, .booking, incident.bookingLogs)
        try await Self.ingest(fixture, .web, incident.webLogs)
        try await Self.ingest(fixture, .sms, incident.smsLogs)
        _ = try await fixture.desk.incidents.sweep("night", by: fixture.actor)
        let cases = try await fixture.desk.cases.list(incident: "night", by: fixture.actor)
        var files: [LogFile] = []
        for path in incident.queueLogs + incident.bookingLogs + incident.webLogs + incident.smsLogs {
            files.append(try await LogFile.identify(path: path))
        }
        for path in [incident.register, incident.revocations] {
            var file = try await LogFile.identify(path: path)
            file.isRegister = true
            files.append(file)
        }
        let verdicts = try await fixture.desk.database.read { connection in
            let store = CaseStore(connection)
            return try store.all(incident: "night").compactMap { row in
                try store.verdicts(of: row.id).first.map {
                    try JSONDocument.read(Verdict.self, from: $0.document)
                }
            }
        }
        let citations = Set(verdicts.flatMap { $0.findings.flatMap(\.citations) })
        let read = try await CitedLines.read(citations, from: files)
        #expect(verdicts.count == cases.count && cases.count > 20)
        #expect(read.count == citations.count)
        #expect(read.filter { !$0.isIntact }.isEmpty)
        let rows = read.filter { line in files.contains { $0.isRegister && $0.sha256 == line.file } }
        #expect(rows.count >= cases.count)
        #expect(rows.allSatisfy { $0.masked.hasPrefix("booking=") })

        let person = try #require(incident.people.first { $0.person == cases[0].person })
        let page = try await fixture.desk.evidenceDesk.packet(
            try ReceiptNumber(cases[0].receipt), .ko, by: fixture.actor, origin: "test")
        let packet = try EvidencePacket.read(html: page)
        #expect(packet.files.contains { $0.isRegister })
        #expect(try await packet.faults(logs: files) == [])
        #expect(!page.contains(person.name) && !page.contains(person.phone))
        #expect(!page.contains(person.birthDate))
        // A register in which one byte is another is another file, and its row is no longer what was cited.
        let text = try String(contentsOfFile: incident.register, encoding: .utf8)
        let forged = try fixture.folder.write(
            "forged.csv", text.replacing(person.booking ?? "", with: "B999"))
        let others = files.filter { $0.path != incident.register }
        #expect(try await !packet.faults(logs: others + [LogFile.identify(path: forged)]).isEmpty)
    }

    @Test(
        "A log distilled elsewhere is printed once it is here, found again where it was moved, and read once")
    func elsewhere() async throws {
        let fixture = try await DeskFixture()
        let incident = try await Self.load(fixture, people: 150)
        let desk = fixture.desk.evidenceDesk
        let text = try await desk.exportJoinKey("night", by: fixture.actor)
        let secret = try #require(Data(base64Encoded: text.trimmingCharacters(in: .whitespacesAndNewlines)))
        let key = JoinKey(secret: [UInt8](secret))
        var logs: [SpooledLog] = []
        var sources: [DistilledSource] = []
        for path in incident.queueLogs {
            let file = try await LogFile.identify(path: path)
            let log = try await LogIngest(file: file, kind: .queue, joinKey: key).run(
                in: fixture.folder.file("elsewhere"))
            sources.append(
                DistilledSource(sha256: file.sha256, kind: .queue, progress: log.progress, quarantined: []))
            logs.append(log)
        }
        let facts = fixture.folder.file("queue.facts")
        _ = try DistilledFile.write(SpooledLog.facts(of: logs), sources: sources, to: facts)
        let taken = try await desk.ingestDistilled(facts, incident: "night", by: fixture.actor)
        #expect(taken.files == incident.queueLogs.count && taken.lines > 0)
        try await Self.ingest(fixture, .booking, incident.bookingLogs)
        try await Self.ingest(fixture, .web, incident.webLogs)
        try await Self.ingest(fixture, .sms, incident.smsLogs)
        _ = try await fixture.desk.incidents.sweep("night", by: fixture.actor)
        let row = try #require(
            try await fixture.desk.cases.list(incident: "night", by: fixture.actor).first {
                $0.verdict.value == "verified"
            })
        func packet() async throws -> String {
            try await desk.packet(try ReceiptNumber(row.receipt), .en, by: fixture.actor, origin: "test")
        }
        let missing = await #expect(throws: RedressError.self) { _ = try await packet() }
        #expect(missing?.code == .badData)
        try await Self.ingest(fixture, .queue, incident.queueLogs)
        #expect(try await EvidencePacket.read(html: packet()).files.count > 1)
        let moved = fixture.folder.file("moved.jsonl")
        try FileManager.default.moveItem(atPath: incident.queueLogs[0], toPath: moved)
        await #expect(throws: RedressError.self) { _ = try await packet() }
        let again = try await desk.ingest(
            moved, log: .queue, incident: "night", runs: fixture.folder.file("runs"), by: fixture.actor)
        #expect(again.skippedFiles == 1 && again.lines == 0)
        #expect(try await EvidencePacket.read(html: packet()).files.count > 1)
    }

    @Test("A verdict taken again says which rules changed and why, and what another window would make of it")
    func again() async throws {
        let fixture = try await DeskFixture()
        let evening = CivilDate(daysSinceEpoch: 18_827)
        let press = OtherWindow(
            source: "press", from: Instant(evening, TimeOfDay(minutes: 21 * 60 + 30)),
            to: Instant(evening, TimeOfDay(minutes: 22 * 60)))
        let incident = try await Self.load(fixture, people: 150, also: [press])
        try await Self.ingest(fixture, .booking, incident.bookingLogs)
        _ = try await fixture.desk.incidents.sweep("night", by: fixture.actor)
        try await Self.ingest(fixture, .queue, incident.queueLogs)
        _ = try await fixture.desk.incidents.sweep("night", by: fixture.actor)
        var changed = 0
        var sensitive = 0
        for row in try await fixture.desk.cases.list(incident: "night", by: fixture.actor)
        where row.verdict.value == "verified" {
            let detail = try await fixture.desk.cases.show(
                try ReceiptNumber(row.receipt), by: fixture.actor, origin: "test")
            #expect(detail.changedBy == ["logs"])
            let admitted = try #require(detail.changes.first { $0.rule == "admitted" })
            #expect(admitted.after == "supports" && admitted.before != "supports")
            #expect(!admitted.text.isEmpty && !admitted.textKo.isEmpty && !admitted.citations.isEmpty)
            changed += 1
            // Whoever booked before the press has the failure begin is verified under the agency's window alone.
            let early =
                try #require(row.attemptedAt.value.flatMap { Instant($0) })
                < Instant(
                    evening, TimeOfDay(minutes: 21 * 60 + 25))
            if early {
                #expect(detail.sensitivity == [SensitivityView(source: "press", verdict: "undetermined")])
                sensitive += 1
            }
        }
        #expect(changed > 20 && sensitive > 0)
    }

    @Test("Logs that come in amid many verdicts: everybody is judged once, those left by the later logs")
    func meanwhile() async throws {
        let fixture = try await DeskFixture()
        let incident = try await Self.load(fixture, people: 60)
        try await Self.ingest(fixture, .booking, incident.bookingLogs)
        _ = try await fixture.desk.incidents.sweep("night", by: fixture.actor)
        let cases = try await fixture.desk.database.read { try CaseStore($0).all(incident: "night") }
        let records = try await fixture.desk.records(of: cases, incident: "night")
        // So many that not all of them can be under way before the logs are in.
        let count = 512 * (2 * ProcessInfo.processInfo.activeProcessorCount + 4)
        let many = (0..<count).map { records[$0 % records.count] }
        var early: [Verdict] = []
        var digests: [String?] = Array(repeating: nil, count: count)
        try await fixture.desk.evidenceDesk.verdicts(for: many, incident: "night", by: fixture.actor) {
            stretch, verdicts in
            if early.isEmpty {
                early = verdicts
                try await Self.ingest(fixture, .queue, incident.queueLogs)
            }
            for (place, verdict) in zip(stretch, verdicts) {
                #expect(digests[place] == nil, "judged twice")
                digests[place] = verdict.digest
            }
        }
        var late: [String] = []
        try await fixture.desk.evidenceDesk.verdicts(for: records, incident: "night", by: fixture.actor) {
            late += $1.map(\.digest)
        }
        #expect(records.count > 5 && late.count == records.count && early[0].digest != late[0])
        #expect(digests.allSatisfy { $0 != nil })
        let last = (count - 512)..<count
        #expect(last.allSatisfy { digests[$0] == late[$0 % records.count] })
    }

    @Test(
        "A window that names nobody, the agency, or ends before it starts is refused",
        arguments: [
            "agency=2021-07-19T20:48:00+09:00/2021-07-19T22:00:00+09:00",
            "press=2021-07-19T22:00:00+09:00/2021-07-19T20:48:00+09:00",
        ])
    func refused(_ text: String) async throws {
        let fixture = try await DeskFixture()
        let evening = CivilDate(daysSinceEpoch: 18_827)
        var new = NewIncident(
            id: "other", name: "other", from: Instant(evening, TimeOfDay(minutes: 1230)),
            to: Instant(evening, TimeOfDay(minutes: 1320)))
        new.otherWindows = [try #require(OtherWindow(text))]
        await #expect(throws: RedressError.self) {
            try await fixture.desk.incidents.create(new, by: fixture.actor)
        }
        #expect(OtherWindow("press") == nil && OtherWindow("press=2021/2022") == nil)
    }
}
