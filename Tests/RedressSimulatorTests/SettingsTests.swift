// What may be asked of the simulator, and that it does just what was asked.
import Foundation
import RedressCore
import RedressSimulator
import Testing

@Suite struct SettingsTests {
    @Test("The same seed gives the same bytes, another seed gives others", arguments: [3, 77] as [UInt64])
    func sameSeedSameBytes(seed: UInt64) async throws {
        let settings = SimulationSettings.story(on: Story.evening, people: 120, seed: seed)
        let first = try await Story(settings)
        let second = try await Story(settings)
        var otherSettings = settings
        otherSettings.seed += 1
        let other = try await Story(otherSettings)
        #expect(try first.files() == second.files(), "seed \(seed)")
        #expect(first.incident.people == second.incident.people, "seed \(seed)")
        #expect(try first.files()["queue.jsonl"] != other.files()["queue.jsonl"], "seed \(seed)")
    }

    @Test("As many people are affected as were asked for, within 15 in 100")
    func affectedNearTarget() async throws {
        for seed in 1...2 as ClosedRange<UInt64> {
            let story = try await Story(.story(on: Story.evening, people: 500, seed: seed))
            let target = Double(story.settings.affectedTarget)
            #expect(abs(Double(story.incident.counts.affected) - target) <= target * 0.15, "seed \(seed)")
        }
    }

    @Test("Tricks come in the number asked for, each by its weight")
    func tricksAsAsked() async throws {
        var settings = SimulationSettings.story(on: Story.evening, people: 400, seed: 5)
        settings.affectedTarget = 140
        settings.trickShare = 0.5
        settings.tricks = [.airplaneMode: 2, .forgedPass: 1, .script: 0, .borrowedKey: 4]
        let counts = try await Story(settings).incident.counts
        #expect(counts.tricks == [.airplaneMode: 20, .forgedPass: 10, .borrowedKey: 40])
    }

    @Test("Without tricks and look-alikes everyone simply waits, is let in with a pass and books")
    func plainEvening() async throws {
        var settings = SimulationSettings.story(on: Story.evening, people: 200, seed: 8)
        settings.trickShare = 0
        settings.lookAlikes = [:]
        settings.nodeClocksMilliseconds = [:]
        let story = try await Story(settings)
        #expect(story.incident.counts.affected > 30)
        #expect(story.incident.people.allSatisfy { $0.lookAlikes.isEmpty && $0.trick == nil })
        for line in try story.lines(story.incident.bookingLogs) where line.op == "submit" {
            #expect(line.pass != nil && line.key != nil)
        }
    }

    @Test("Half of the affected book again unless another share is asked for", arguments: [0, 0.5, 1])
    func rebookedShare(share: Double) async throws {
        var settings = SimulationSettings.story(on: Story.evening, people: 200, seed: 4)
        settings.rebookedShare = share
        let counts = try await Story(settings).incident.counts
        #expect(abs(Double(counts.rebooked) - share * Double(counts.affected)) <= 1)
    }

    @Test("The evening can be any day: dates, times and the text follow it")
    func anotherEvening() async throws {
        let evening = try #require(CivilDate("2026-11-20"))
        let story = try await Story(.story(on: evening, people: 150, seed: 6))
        #expect(story.incident.id == "2026-11-20")
        #expect(story.incident.from.description == "2026-11-20T20:30:00+09:00")
        let rows = try story.rows(story.incident.revocations)
        #expect(rows.allSatisfy { $0["revoked_at"]?.hasPrefix("2026-11-21T11:0") ?? false })
        #expect(rows.allSatisfy { $0["text"]?.contains("20일 저녁") ?? false })
        #expect(story.incident.people.compactMap(\.original).contains { $0.date >= "2026-12-18" })
    }

    @Test("Settings out of range are refused with a sentence that names them")
    func refusals() async {
        var few = SimulationSettings.story(on: Story.evening, people: 19)
        few.affectedTarget = 0
        var many = SimulationSettings.story(on: Story.evening, people: 100)
        many.affectedTarget = 101
        var share = SimulationSettings.story(on: Story.evening, people: 100)
        share.loss[.queue] = 1.2
        var rotation = SimulationSettings.story(on: Story.evening, people: 100)
        rotation.rotationMinutes = 0
        var node = SimulationSettings.story(on: Story.evening, people: 100)
        node.lostNodes = ["wr-9"]
        for settings in [few, many, share, rotation, node] {
            let folder = Folder()
            let error = await #expect(throws: RedressError.self) {
                try await simulate(settings, into: folder.path)
            }
            #expect(error?.code == .usage)
            #expect(!FileManager.default.fileExists(atPath: folder.path))
        }
    }

    @Test("A folder that cannot be made is reported as unavailable")
    func unwritableFolder() async throws {
        let folder = Folder()
        try FileManager.default.createDirectory(atPath: folder.path, withIntermediateDirectories: true)
        let file = folder.path + "/file"
        try Data().write(to: URL(fileURLWithPath: file))
        let settings = SimulationSettings.story(on: Story.evening, people: 50)
        let error = await #expect(throws: RedressError.self) {
            try await simulate(settings, into: file + "/below")
        }
        #expect(error?.code == .unavailable)
    }
}
