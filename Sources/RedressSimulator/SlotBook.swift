// The public seats: who takes which, and never more of them than there are.
import RedressCore

/// Seats that the public can book, counted by slot.
struct SlotBook {
    static let vaccine = "moderna"
    /// Seats of one slot in the public system.
    static let seatsPerSlot = 6
    /// Half-hours from 09:00 with the last at 17:30, without the lunch hour from 12:00.
    static let times = (18...35).filter { $0 != 24 && $0 != 25 }.map { TimeOfDay(minutes: $0 * 30) }

    private let days: [CivilDate]
    private var taken: [Slot: Int] = [:]
    private var dice: Dice

    /// Dates start four weeks after the evening, as the story's 16 August did.
    init(_ settings: SimulationSettings) {
        let first = settings.evening.adding(days: 28)
        days = (0..<400).map { first.adding(days: $0) }.filter { $0.isoWeekday != 7 }
        dice = Dice(seed: settings.seed, purpose: "slots")
    }

    /// A free seat at the centre, early days first, in the week most people asked for.
    mutating func take(centre: Int) -> Slot {
        let day = dice.weighted([5, 4, 3, 3, 2, 2, 1, 1, 1])
        return take(centre: centre, fromDay: day)
    }

    /// A free seat about a week after another, as people got who had to book again.
    mutating func take(after original: Slot) -> Slot {
        let earliest = original.date.adding(days: 7)
        let day = days.firstIndex { $0 >= earliest } ?? days.count - 1
        return take(centre: original.centre, fromDay: day + dice.below(2), avoiding: original.time)
    }

    mutating func release(_ slot: Slot) {
        taken[slot, default: 1] -= 1
    }

    func takenSeats(of slot: Slot) -> Int { taken[slot] ?? 0 }

    private mutating func take(centre: Int, fromDay: Int, avoiding: TimeOfDay? = nil) -> Slot {
        var day = min(fromDay, days.count - 1)
        var tries = 0
        while true {
            let time = dice.pick(SlotBook.times) ?? TimeOfDay(minutes: 540)
            let slot = Slot(centre: centre, date: days[day], time: time)
            tries += 1
            if time != avoiding, takenSeats(of: slot) < SlotBook.seatsPerSlot {
                taken[slot, default: 0] += 1
                return slot
            }
            // A day that keeps turning out full is given up for the next.
            if tries.isMultiple(of: 12) { day = min(day + 1, days.count - 1) }
        }
    }
}
