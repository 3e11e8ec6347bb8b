// That each trick leaves in the logs what such a system would really write, and each look-alike too.
import Foundation
import RedressCore
import RedressSimulator
import Testing

/// An evening with many jumpers, and the lines each person left.
private struct Jumpers: Sendable {
    let story: Story
    let queue: [String: [LogLine]]
    let keys: [String: LogLine]
    let submits: [String: LogLine]
    let firstShown: [String: String]
    let secrets: [String]

    static let shared = Task { try await Jumpers() }

    init() async throws {
        var settings = SimulationSettings.story(on: Story.evening, people: 400, seed: 23)
        settings.trickShare = 0.5
        settings.tricks = Dictionary(uniqueKeysWithValues: Trick.allCases.map { ($0, 1) })
        story = try await Story(settings)
        secrets = try passSecrets(of: story)
        var queue: [String: [LogLine]] = [:]
        var keys: [String: LogLine] = [:]
        for line in try story.lines(story.incident.queueLogs) {
            queue[line.did ?? "", default: []].append(line)
            keys[line.key ?? ""] = line
        }
        var submits: [String: LogLine] = [:]
        var firstShown: [String: String] = [:]
        for line in try story.lines(story.incident.bookingLogs) {
            if let pass = line.pass, let device = line.did, firstShown[pass] == nil {
                firstShown[pass] = device
            }
            if line.op == "submit", let person = line.person, submits[person] == nil {
                submits[person] = line
            }
        }
        self.queue = queue
        self.keys = keys
        self.submits = submits
        self.firstShown = firstShown
    }

    func submits(by trick: Trick) throws -> [LogLine] {
        let people = story.incident.people.filter { $0.trick == trick && $0.affected }
        #expect(people.count >= 5)
        return try people.map { try #require(submits[$0.person]) }
    }
}

@Suite struct TrickTests {
    @Test("Airplane mode shows the key that clients store when the queue does not answer")
    func airplaneMode() async throws {
        for submit in try await Jumpers.shared.value.submits(by: .airplaneMode) {
            #expect(submit.key == "connection_timeout" && submit.pass == nil)
        }
    }

    @Test("A changed clock steps by more than an hour on a ticket that still waits")
    func changedClock() async throws {
        let jumpers = try await Jumpers.shared.value
        for submit in try jumpers.submits(by: .changedClock) {
            let first = try #require(jumpers.queue[submit.did ?? ""]?.first)
            let nodeClock: Int64 = first.node == "wr-3" ? 380_000 : 0
            let before = (first.cts ?? 0) - (first.time - nodeClock)
            let after = (submit.cts ?? 0) - submit.time
            #expect(after - before > 3_600_000)
            #expect(jumpers.keys[submit.key ?? ""]?.rc == "wait" && submit.pass == nil)
        }
    }

    @Test("A borrowed key comes with a good pass that another device showed first")
    func borrowedKey() async throws {
        let jumpers = try await Jumpers.shared.value
        for submit in try jumpers.submits(by: .borrowedKey) {
            let pass = try #require(submit.pass)
            #expect(passClaims(of: pass, signedWithOneOf: jumpers.secrets) != nil)
            #expect(jumpers.firstShown[pass] != submit.did)
        }
        #expect(jumpers.story.incident.people.contains { $0.lookAlikes.contains(.copiedPass) })
    }

    @Test("A forged pass is signed with no listed secret")
    func forgedPass() async throws {
        let jumpers = try await Jumpers.shared.value
        for submit in try jumpers.submits(by: .forgedPass) {
            let pass = try #require(submit.pass)
            #expect(pass.split(separator: ".").count == 3)
            #expect(passClaims(of: pass, signedWithOneOf: jumpers.secrets) == nil)
            #expect(jumpers.keys[submit.key ?? ""]?.rc == "wait")
        }
    }

    @Test("Who skips ahead shows a ticket far behind those being let in")
    func skippedAhead() async throws {
        let jumpers = try await Jumpers.shared.value
        for submit in try jumpers.submits(by: .skippedAhead) {
            let ticket = try #require(jumpers.keys[submit.key ?? ""])
            #expect(ticket.rc == "wait" && ticket.did == submit.did && (ticket.ahead ?? 0) > 20)
            #expect(submit.pass == nil)
        }
    }

    @Test("A direct call shows no key and opens no page")
    func directCall() async throws {
        let jumpers = try await Jumpers.shared.value
        let web = try jumpers.story.text(jumpers.story.incident.webLogs[0]).split(separator: "\n")
        for submit in try jumpers.submits(by: .directCall) {
            let session = try #require(submit.sid)
            let mine = web.filter { $0.contains(" sid=\(session) ") }
            #expect(submit.key == nil && submit.pass == nil)
            #expect(mine.count == 2 && mine.allSatisfy { $0.contains("\"POST /api/") })
        }
    }

    @Test("A script holds many tickets on one device and asks faster than told")
    func script() async throws {
        let jumpers = try await Jumpers.shared.value
        for submit in try jumpers.submits(by: .script) {
            let lines = jumpers.queue[submit.did ?? ""] ?? []
            let numbers = Dictionary(grouping: lines) { $0.number ?? 0 }
            #expect(numbers.count >= 8)
            let most = numbers.values.map(\.count).max() ?? 0
            #expect(most > 100)
        }
    }

    @Test("Every look-alike happens to honest people, and only to them is it put down")
    func lookAlikes() async throws {
        var settings = SimulationSettings.story(on: Story.evening, people: 600, seed: 31)
        settings.lostNodes = ["wr-1"]
        let story = try await Story(settings)
        let met = Set(story.incident.people.flatMap(\.lookAlikes))
        #expect(met == Set(LookAlike.allCases))
        #expect(story.incident.people.allSatisfy { $0.trick == nil || $0.lookAlikes.isEmpty })
    }

    @Test("A node that fails open says so, without a pass, and those people book with their own ticket")
    func failedOpen() async throws {
        let story = try await Story.small.value
        let bypassed = try story.lines(story.incident.queueLogs).filter { $0.rc == "bypass" }
        #expect(bypassed.count >= 5 && bypassed.allSatisfy { $0.node == "wr-2" && $0.pass == nil })
        let keys = Set(bypassed.compactMap(\.key))
        let people = Set(
            story.incident.people.filter { $0.lookAlikes.contains(.failedOpen) && $0.affected }.map(\.person))
        let shown = try story.lines(story.incident.bookingLogs)
            .filter { $0.op == "submit" && people.contains($0.person ?? "") && $0.ts < "2021-07-20" }
        #expect(!shown.isEmpty && shown.allSatisfy { keys.contains($0.key ?? "") && $0.pass == nil })
    }

    @Test("In an outage the node is silent for all its tickets")
    func outage() async throws {
        let story = try await Story.small.value
        let silent = ("2021-07-19T21:05:00"..<"2021-07-19T21:06:35")
        let lines = try story.lines(story.incident.queueLogs)
        #expect(!lines.contains { $0.node == "wr-4" && silent.contains(String($0.ts.prefix(19))) })
        #expect(lines.contains { $0.node == "wr-1" && silent.contains(String($0.ts.prefix(19))) })
    }
}
