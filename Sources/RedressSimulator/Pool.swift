// The reserved pool that the agency allots: enough on most lost slots, short on a few, spare seats nearby.
import RedressCore

/// Draws the seats kept for restoration.
struct Pool {
    private let centres: Centres
    private var dice: Dice

    init(centres: Centres, dice: Dice) {
        self.centres = centres
        self.dice = dice
    }

    /// Seats by slot for the slots that were lost, one entry a person, in an order that does not change.
    mutating func allot(for lost: [Slot]) -> [(Slot, Int)] {
        var wanted: [Slot: Int] = [:]
        for slot in lost { wanted[slot, default: 0] += 1 }
        var seats: [Slot: Int] = [:]
        for slot in wanted.keys.sorted(by: isOrdered) {
            let count = wanted[slot] ?? 0
            let missing = dice.chance(0.08) ? 1 + dice.below(count) : 0
            seats[slot, default: 0] += count - missing
            for _ in 0..<missing { makeUp(for: slot, &seats) }
            if dice.chance(0.03) { seats[elsewhere(slot), default: 0] += 1 }
        }
        return seats.filter { $0.value > 0 }.sorted { isOrdered($0.key, $1.key) }
    }

    /// A missing seat is found at another time, at the nearest centre, on a later day, or not at all.
    private mutating func makeUp(for slot: Slot, _ seats: inout [Slot: Int]) {
        var other = slot
        switch dice.weighted([35, 25, 25, 15]) {
        case 0: other = elsewhere(slot)
        case 1: other.centre = centres.nearest(to: slot.centre)
        case 2: other.date = slot.date.adding(days: slot.date.isoWeekday == 6 ? 2 : 1)
        default: return
        }
        seats[other, default: 0] += 1
    }

    /// The same centre and day at another time.
    private mutating func elsewhere(_ slot: Slot) -> Slot {
        let others = SlotBook.times.filter { $0 != slot.time }
        return Slot(centre: slot.centre, date: slot.date, time: dice.pick(others) ?? slot.time)
    }

    private func isOrdered(_ left: Slot, _ right: Slot) -> Bool {
        (left.centre, left.date, left.time) < (right.centre, right.date, right.time)
    }
}
