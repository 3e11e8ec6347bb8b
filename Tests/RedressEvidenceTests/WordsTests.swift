/// Proves that every finding can be read aloud in both languages, and that files of settings teach their mistakes.

import FoundationEssentials
import RedressCore
import RedressEvidence
import Testing

@Suite struct WordsTests {
    @Test(
        "Every sentence exists in both languages, ends as one, and uses the same values",
        arguments: Message.allCases)
    func sentences(_ message: Message) {
        var places: [Set<String>] = []
        for language in Language.allCases {
            let bare = Finding(.attempt, .missing, source: .queue, message: message).text(language)
            #expect(!bare.isEmpty)
            #expect(bare.hasSuffix("."))
            #expect(!bare.contains("{"))
            if language == .ko { #expect(bare.contains("니다"), "\(bare)") }
            var used: Set<String> = []
            for name in [
                "time", "date", "slot", "number", "served", "share", "minutes", "others", "queue", "booking",
                "web", "sms",
            ] {
                let with = Finding(
                    .attempt, .missing, source: .queue, message: message, values: [name: "\u{2603}"])
                if with.text(language).contains("\u{2603}") { used.insert(name) }
            }
            places.append(used)
        }
        #expect(places[0] == places[1], "\(message)")
    }

    @Test("A policy with an unknown, missing or impossible key is refused by its name")
    func policy() throws {
        let shipped = try Policy.shipped()
        #expect(shipped.birthYears == [1967, 1968])
        let path = #filePath.replacing(
            "Tests/RedressEvidenceTests/WordsTests.swift", with: "data/policies/default.yaml")
        let yaml = try String(decoding: Data(contentsOf: URL(filePath: path)), as: UTF8.self)
        #expect(try Policy(yaml: Array(yaml.utf8)) == shipped)
        for (change, word) in [
            (yaml + "\nfrontier_slak: 1\n", "frontier_slak"),
            (yaml.replacing("clock_step_s: 300", with: ""), "clock_step_s"),
            (yaml.replacing("clock_step_s: 300", with: "clock_step_s: soon"), "clock_step_s"),
            (yaml.replacing("sample: 4096", with: "sample: 1"), "sample"),
        ] {
            let error = #expect(throws: RedressError.self) { _ = try Policy(yaml: Array(change.utf8)) }
            #expect(error?.message.contains(word) == true)
        }
    }

    @Test("A verdict reads back from its stored form as it was written")
    func coding() async throws {
        let bench = try Workbench()
        let evening = Evening(people: 40)
        try await bench.ingest(evening)
        let verdict = try await bench.examiner().verdict(for: evening.record(2))
        let stored = try JSONEncoder().encode(verdict)
        #expect(try JSONDecoder().decode(Verdict.self, from: stored) == verdict)
    }
}
