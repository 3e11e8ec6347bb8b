/// Proves what somebody who can add log lines cannot do, and that missing logs never count against a person.

import RedressCore
import RedressEvidence
import Testing

@Suite struct AdversaryTests {
    @Test(
        "Log lines alone never verify anyone: without a register or revocation row the best is undetermined")
    func linesAlone() async throws {
        let bench = try Workbench()
        let evening = Evening(people: 60)
        try await bench.ingest(evening)
        let examiner = try await bench.examiner()
        for index in 0..<60 {
            var record = evening.record(index)
            record.bookings = []
            record.revocations = []
            let verdict = try examiner.verdict(for: record)
            #expect(verdict.outcome == .undetermined, "person \(index)")
            #expect(verdict.findings.first { $0.rule == .admitted }?.outcome == .supports)
            // It is the register's row alone that makes the difference.
            #expect(try examiner.verdict(for: evening.record(index)).outcome == .verified)
        }
    }

    @Test(
        "A forged line under a server's used number makes that minute good for nobody, and nobody contradicted"
    )
    func duplicates() async throws {
        let bench = try Workbench()
        let evening = Evening(people: 64) { $0 % 16 == 15 ? .airplane : .honest }
        try await bench.ingest(evening)
        let before = try await bench.examiner()
        let cleanPicture = try IncidentPicture(context: try await bench.context(), source: bench.store)
        #expect(cleanPicture.coverageReport.allSatisfy { !$0.isDisputed })
        #expect(try before.verdict(for: evening.record(15)).outcome == .contradicted)
        let forged = evening.booking.map { $0.replacing(#""status":200"#, with: #""status":201"#) }
        try await bench.ingest(lines(forged.filter { $0.contains("\"submit\"") }), .booking)
        let picture = try IncidentPicture(context: try await bench.context(), source: bench.store)
        #expect(picture.coverageReport.contains { $0.kind == .booking && $0.isDisputed && !$0.isComplete })
        for verdict in try await bench.examiner().verdicts(for: (0..<64).map({ evening.record($0) })) {
            #expect(verdict.outcome == .undetermined)
        }
    }

    @Test("A text message is a log line too: texts alone verify nobody, whatever the register says")
    func textsAlone() async throws {
        let bench = try Workbench()
        let evening = Evening(people: 20)
        try await bench.ingest(lines(evening.sms), .sms)
        for index in 0..<20 {
            let verdict = try await bench.examiner().verdict(for: evening.record(index))
            #expect(verdict.outcome == .undetermined)
            #expect(verdict.findings.first { $0.rule == .told }?.outcome == .supports)
            var unknown = evening.record(index)
            unknown.bookings = []
            unknown.revocations = []
            #expect(try await bench.examiner().verdict(for: unknown).outcome == .undetermined)
        }
    }

    @Test(
        "Forged lines under used numbers spoil the minutes they stand in and no other",
        arguments: [LogKind.queue, .booking, .sms])
    func spoiled(_ kind: LogKind) async throws {
        let bench = try Workbench()
        let evening = Evening(people: 60)
        try await bench.ingest(evening)
        let all = (0..<60).map { evening.record($0) }
        let before = try await bench.examiner().verdicts(for: all)
        #expect(before.allSatisfy { $0.outcome == .verified })
        let source = kind == .queue ? evening.queue : kind == .booking ? evening.booking : evening.sms
        let forged = source.filter { $0.contains("\"ts\":\"2021-07-19T20:35:") }
            .map { $0.replacing("\"op\":", with: "\"x\":1,\"op\":") }
        #expect(!forged.isEmpty)
        try await bench.ingest(lines(forged), kind)
        let picture = try IncidentPicture(context: try await bench.context(), source: bench.store)
        let minute = (Instant("2021-07-19T20:35:00+09:00")?.milliseconds ?? 0) / 60_000
        #expect(Set(picture.coverageReport.filter(\.isDisputed).map(\.minute)) == [minute])
        #expect(picture.coverageReport.contains { $0.isDisputed && $0.kind == kind })
        let after = try await bench.examiner().verdicts(for: all)
        #expect(after.allSatisfy { $0.outcome == .verified || $0.outcome == .undetermined })
        for (person, verdict) in zip(evening.people, after)
        where abs(person.submitted.milliseconds / 60_000 - minute) > 2 {
            #expect(verdict.outcome == .verified, "\(kind), person \(person.index)")
        }
    }

    @Test(
        "Whatever is lost, no honest person is contradicted", arguments: [0, 0.05, 0.2, 0.5, 0.9],
        [1, 2] as [UInt64])
    func loss(_ share: Double, _ seed: UInt64) async throws {
        var dice = Dice(seed: seed)
        func kept(_ source: [String]) -> [UInt8] {
            lines(source.filter { _ in Double(dice.next() % 10_000) >= share * 10_000 })
        }
        let bench = try Workbench()
        let evening = Evening(people: 96) { $0 % 8 == 7 ? .direct : .honest }
        try await bench.ingest(kept(evening.queue), .queue)
        try await bench.ingest(kept(evening.booking), .booking)
        try await bench.ingest(kept(evening.web), .web)
        try await bench.ingest(kept(evening.sms), .sms)
        let verdicts = try await bench.examiner().verdicts(for: (0..<96).map { evening.record($0) })
        for (index, verdict) in verdicts.enumerated() {
            let forbidden: VerdictOutcome = index % 8 == 7 ? .verified : .contradicted
            #expect(verdict.outcome != forbidden, "loss \(share), seed \(seed), person \(index)")
        }
    }

    @Test(
        "A server whose whole log is lost leaves holes that keep anyone from being contradicted by its silence"
    )
    func lostServer() async throws {
        let bench = try Workbench()
        let evening = Evening(people: 96)
        try await bench.ingest(lines(evening.queue.filter { !$0.contains("\"wr-2\"") }), .queue)
        try await bench.ingest(lines(evening.booking), .booking)
        try await bench.ingest(lines(evening.web), .web)
        try await bench.ingest(lines(evening.sms), .sms)
        let verdicts = try await bench.examiner().verdicts(for: (0..<96).map { evening.record($0) })
        #expect(verdicts.allSatisfy { $0.outcome == .verified || $0.outcome == .undetermined })
        #expect(verdicts.contains { $0.outcome == .undetermined })
        #expect(verdicts.contains { $0.outcome == .verified })
    }

    @Test(
        "A booking that stands is not affected, one given up by choice neither, one rebooked after the text is"
    )
    func standing() async throws {
        let bench = try Workbench()
        let evening = Evening(people: 40)
        try await bench.ingest(evening)
        let examiner = try await bench.examiner()
        var record = evening.record(3)
        record.revocations = []
        record.bookings[0].status = .confirmed
        #expect(try examiner.verdict(for: record).outcome == .notAffected)
        record.bookings[0].status = .cancelled
        #expect(try examiner.verdict(for: record).outcome == .notAffected)
        var rebooked = evening.record(3)
        var later = rebooked.bookings[0]
        later.booking = "B3-later"
        later.status = .confirmed
        later.date = CivilDate("2021-08-23")
        rebooked.bookings.append(later)
        #expect(try examiner.verdict(for: rebooked).outcome == .verified)
    }

    @Test("Another published window is named only where it would change the verdict")
    func sensitivity() async throws {
        let bench = try Workbench()
        let evening = Evening(people: 60)
        try await bench.ingest(evening)
        var context = try await bench.context()
        let late = IncidentWindow(
            source: "press", from: Evening.start.adding(minutes: 36), to: Evening.start.adding(minutes: 120))
        context.otherWindows = [late]
        let examiner = try Examiner(context: context, source: bench.store)
        let early = try examiner.verdict(for: evening.record(0))
        #expect(early.outcome == .verified)
        #expect(early.sensitivity.map(\.windowSource) == ["press"])
        #expect(early.sensitivity.first?.outcome == .undetermined)
        #expect(try examiner.verdict(for: evening.record(59)).sensitivity.isEmpty)
    }

    @Test("More logs change a verdict visibly, and the same logs never do")
    func again() async throws {
        let bench = try Workbench()
        let evening = Evening(people: 40)
        try await bench.ingest(lines(evening.booking), .booking)
        let before = try await bench.examiner().verdict(for: evening.record(5))
        #expect(before.outcome == .undetermined)
        #expect(try await bench.examiner().verdict(for: evening.record(5)) == before)
        try await bench.ingest(lines(evening.queue), .queue)
        let after = try await bench.examiner().verdict(for: evening.record(5))
        #expect(after.outcome == .verified)
        #expect(after.digest != before.digest)
        #expect(after.changes(since: before).contains { $0.rule == .admitted && $0.after == .supports })
    }
}
