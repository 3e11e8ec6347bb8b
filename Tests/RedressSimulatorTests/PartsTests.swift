// That the parts a simulation stands on do what they say: the agenda, the dice, the seats, the marks.
import RedressCore
import Testing

@testable import RedressSimulator

@Suite struct PartsTests {
    @Test("The agenda gives everything back by time, and at one time in the order it was put in")
    func agendaOrder() {
        for seed in 1...20 as ClosedRange<UInt64> {
            var dice = Dice(seed: seed)
            var agenda = Agenda()
            var expected: [(time: Int64, ticket: Int)] = []
            for ticket in 0..<200 {
                let time = dice.within(0...50)
                agenda.poll(ticket: ticket, at: time)
                expected.append((time, ticket))
            }
            expected.sort { ($0.time, $0.ticket) < ($1.time, $1.ticket) }
            var given: [Int] = []
            while let (_, action) = agenda.next() {
                if case .poll(let ticket) = action { given.append(ticket) }
            }
            #expect(given == expected.map(\.ticket), "seed \(seed)")
        }
    }

    @Test("What the agenda performs may put in more, and each is done once")
    func agendaClosures() throws {
        var done: [Int64] = []
        var agenda = Agenda()
        for time in [30, 10, 20] as [Int64] { agenda.perform(at: time) { done.append(time) } }
        while let (time, action) = agenda.next() {
            guard case .perform(let body) = action else { continue }
            try body()
            if time == 10 { agenda.perform(at: 15) { done.append(15) } }
        }
        #expect(done == [10, 15, 20, 30])
    }

    @Test("The dice stay in range, and waiting times have the mean asked for")
    func dice() {
        var dice = Dice(seed: 9)
        #expect((0..<10_000).allSatisfy { _ in (-5...5).contains(dice.within(-5...5)) })
        #expect((0..<10_000).allSatisfy { _ in (0..<1).contains(dice.unit()) })
        let waits = (0..<20_000).map { _ in dice.exponential(meanMilliseconds: 1_000) }
        let mean = Double(waits.reduce(0, +)) / Double(waits.count)
        #expect((970...1_030).contains(mean))
        let heads = (0..<20_000).count { _ in dice.chance(0.3) }
        #expect((5_700...6_300).contains(heads))
        var other = Dice(seed: 9, purpose: "other")
        #expect(other.next() != dice.next())
    }

    @Test("No slot is given out more often than it has seats, however many ask")
    func seats() {
        var book = SlotBook(.story(on: Story.evening))
        let slots = (0..<3_000).map { _ in book.take(centre: 3) }
        let taken = Dictionary(grouping: slots, by: \.self).mapValues(\.count)
        #expect(taken.values.allSatisfy { $0 <= SlotBook.seatsPerSlot })
        #expect(slots.allSatisfy { $0.date.isoWeekday != 7 })
        let later = book.take(after: slots[0])
        #expect(later.date >= slots[0].date.adding(days: 7) && later.time != slots[0].time)
    }

    @Test("Marks, phone numbers and addresses do not repeat")
    func marks() {
        let names = Names()
        #expect(Set((0..<100_000).map { mark("K", $0) }).count == 100_000)
        #expect(Set((0..<100_000).map(names.phone)).count == 100_000)
        #expect(Set((0..<100_000).map(Crowd.address)).count == 100_000)
        #expect(names.phone(index: 7).count == 11)
    }

    @Test("All 284 centres are there, and the nearest one is near")
    func centres() throws {
        let centres = try Centres()
        #expect(centres.all.count == 284)
        for index in stride(from: 0, to: 284, by: 17) {
            let nearest = centres.all[centres.nearest(to: index)]
            #expect(nearest.site != centres.all[index].site)
            #expect(abs(nearest.latitude - centres.all[index].latitude) < 1.5)
        }
    }
}
