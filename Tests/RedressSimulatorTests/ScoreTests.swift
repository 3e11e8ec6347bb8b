// That the confusion table counts what it says it counts.
import RedressCore
import RedressSimulator
import Testing

@Suite struct ScoreTests {
    private func person(
        _ name: String, trick: Trick? = nil, met: [LookAlike] = [], affected: Bool = true
    ) -> PersonTruth {
        PersonTruth(
            person: name, name: "김영희", phone: "01000000001", birthDate: "1967-03-01", booking: "B" + name,
            trick: trick, lookAlikes: met, affected: affected)
    }

    @Test("Verdicts are counted by what is true of the person, and the wrong ones are named")
    func confusion() {
        let truth = [
            person("1"), person("2", met: [.tabs]), person("3", met: [.tabs, .reload]),
            person("4", trick: .script), person("5", trick: .script), person("6", affected: false),
            person("7"),
        ]
        let score = Score(
            truth: truth,
            outcomes: [
                "1": "verified", "2": "contradicted", "3": "undetermined", "4": "verified",
                "5": "contradicted", "6": "not-affected", "8": "verified",
            ])
        #expect(score.table[.honest] == ["verified": 1, "contradicted": 1, "undetermined": 1])
        #expect(score.table[.trick] == ["verified": 1, "contradicted": 1])
        #expect(score.table[.unaffected] == ["not-affected": 1])
        #expect(score.wronglyContradicted == ["2"])
        #expect(score.wronglyVerified == ["4"])
        #expect(score.byLookAlike[.tabs] == ["contradicted": 1, "undetermined": 1])
        #expect(score.byTrick[.script] == ["verified": 1, "contradicted": 1])
        #expect(score.missing == ["7"])
        #expect(score.unknown == ["8"])
        #expect(score.share(.trick, "contradicted") == 0.5)
        let text = score.description
        #expect(text.contains("honest                           1             1             1             0"))
        #expect(text.contains("wrongly contradicted: 1\nwrongly verified: 1"))
    }

    @Test("A share of nobody is no share")
    func nobody() {
        #expect(Score(truth: [], outcomes: [:]).share(.honest, "verified") == nil)
    }
}
