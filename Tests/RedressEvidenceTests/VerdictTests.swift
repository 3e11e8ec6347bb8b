/// Proves what the rules make of honest people and of those who took a short cut.

import RedressCore
import RedressEvidence
import Testing

@Suite struct VerdictTests {
    @Test("Everybody who waited and booked in turn is verified when the logs are complete")
    func honest() async throws {
        let bench = try Workbench()
        let evening = Evening(people: 120)
        try await bench.ingest(evening)
        let verdicts = try await bench.examiner().verdicts(for: (0..<120).map { evening.record($0) })
        for (index, verdict) in verdicts.enumerated() {
            #expect(verdict.outcome == .verified, "person \(index): \(summary(verdict))")
            #expect(verdict.attemptedAt == evening.people[index].submitted)
        }
    }

    @Test(
        "Every short cut is contradicted by two independent sources when the logs are complete",
        arguments: Conduct.allCases.filter { $0 != .honest })
    func shortCuts(_ conduct: Conduct) async throws {
        let bench = try Workbench()
        let evening = Evening(people: 160) { $0 % 16 == 15 ? conduct : .honest }
        try await bench.ingest(evening)
        let verdicts = try await bench.examiner().verdicts(for: (0..<160).map { evening.record($0) })
        for (index, verdict) in verdicts.enumerated() {
            let expected: VerdictOutcome = index % 16 == 15 ? .contradicted : .verified
            #expect(verdict.outcome == expected, "person \(index): \(summary(verdict))")
        }
    }

    private func summary(_ verdict: Verdict) -> String {
        verdict.findings.map {
            "\($0.rule.rawValue)=\($0.outcome.rawValue)/\($0.message.rawValue)\($0.conclusive ? "!" : "")\($0.values)"
        }.joined(separator: " ")
    }
}
