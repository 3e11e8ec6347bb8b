import Foundation
import RedressCore
import RedressDesk
import RedressEvidence
import RedressSimulator
import TestSupport
import Testing

@Suite("Servers whose clocks are far off")
struct SkewedClocksTests {
    @Test(
        "Nobody honest is contradicted, and nobody else verified, when servers' clocks are 5 to 20 minutes apart",
        arguments: [(people: 300, seed: 1), (people: 1000, seed: 3)] as [(people: Int, seed: UInt64)])
    func skewed(_ size: (people: Int, seed: UInt64)) async throws {
        let fixture = try await DeskFixture()
        let desk = fixture.desk
        var settings = SimulationSettings.story(
            on: CivilDate(daysSinceEpoch: 18_827), people: size.people, seed: size.seed)
        settings.nodeClocksMilliseconds = ["wr-1": -600_000, "wr-4": 1_200_000, "app-2": 300_000]
        let incident = try await simulate(settings, into: fixture.folder.file("night"))
        var new = NewIncident(id: "skewed", name: incident.name, from: incident.from, to: incident.to)
        new.passKeys = try String(contentsOfFile: incident.passKeys, encoding: .utf8)
        try await desk.incidents.create(new, by: fixture.actor)
        for (register, path) in [
            (Register.sites, incident.sites), (.register, incident.register),
            (.revocations, incident.revocations),
        ] {
            _ = try await desk.registers.load(register, from: path, incident: "skewed", by: fixture.actor)
        }
        for (log, paths) in [
            (LogKind.queue, incident.queueLogs), (.booking, incident.bookingLogs), (.web, incident.webLogs),
            (.sms, incident.smsLogs),
        ] {
            for path in paths {
                _ = try await desk.evidenceDesk.ingest(
                    path, log: log, incident: "skewed", runs: fixture.folder.file("runs"), by: fixture.actor)
            }
        }
        _ = try await desk.incidents.sweep("skewed", by: fixture.actor)
        let verdicts = Dictionary(
            try await desk.cases.list(incident: "skewed", by: fixture.actor).map {
                ($0.person, $0.verdict.value ?? "")
            },
            uniquingKeysWith: { $1 })
        let score = Score(truth: incident.people, outcomes: verdicts)
        #expect(score.wronglyContradicted == [])
        #expect(score.wronglyVerified == [])
        #expect(score.count(.honest, "verified") > 50)
    }
}
