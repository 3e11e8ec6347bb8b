// When things happen that evening: opening, collapse, repairs, outages, and how fast people are let in.
import RedressCore

/// The fixed course of the evening, in true time.
struct Timetable {
    /// The first people open the page.
    let doors: Instant
    /// Booking starts.
    let opening: Instant
    /// The window in which, the agency said, no booking could have completed.
    let from: Instant
    let to: Instant
    /// The waiting room closes for the night.
    let closing: Instant
    /// The batch of revocations the next day, and the hour until which people were told to book again.
    let revocation: Instant
    let rebookingEnd: Instant
    /// When the passes' secret was replaced; empty without rotation.
    let rotations: [Instant]
    /// Waiting-room nodes that were down, by index.
    let outages: [(node: Int, from: Instant, to: Instant)]
    /// The node that let everyone through, from when, and after how many its watchdog restarted it.
    let failOpen: (node: Int, from: Instant, quota: Int)?

    private let people: Double
    private let windowQuota: Double

    static let roomNodes = ["wr-1", "wr-2", "wr-3", "wr-4"]
    static let failOpenNode = 1
    /// The application was frozen this long before each edge of the window, and a little after it.
    static let freezeMilliseconds: Int64 = 30_000
    /// How fast people were let in, in five-minute steps from 20:28: stalls, restarts, servers added.
    private static let pace = [
        0.5, 0.3, 0, 0.7, 1, 1.2, 0.4, 1.1, 1.3, 0, 1.4, 1.5, 0.8, 1.6, 1.2, 1.7, 1.5, 1.8,
    ]

    init(_ settings: SimulationSettings) {
        func tonight(_ hour: Int, _ minute: Int) -> Instant {
            Instant(settings.evening, TimeOfDay(minutes: hour * 60 + minute))
        }
        let nextDay = settings.evening.adding(days: 1)
        doors = tonight(19, 50)
        opening = tonight(20, 0)
        from = tonight(20, 30)
        to = tonight(22, 0)
        closing = tonight(23, 40)
        revocation = Instant(nextDay, TimeOfDay(minutes: 11 * 60))
        rebookingEnd = Instant(nextDay, TimeOfDay(minutes: 18 * 60))
        rotations = settings.share(of: .secretRotation) > 0 ? [tonight(21, 26)] : []
        outages =
            settings.share(of: .outage) > 0
            ? [
                (3, tonight(21, 5), tonight(21, 5).adding(milliseconds: 95_000)),
                (0, tonight(21, 41), tonight(21, 41).adding(milliseconds: 95_000)),
            ] : []
        let target = Double(settings.affectedTarget)
        let letThrough = target * settings.share(of: .failedOpen)
        failOpen =
            letThrough >= 1
            ? (Timetable.failOpenNode, tonight(20, 52).adding(milliseconds: 10_000), Int(letThrough)) : nil
        people = Double(settings.people)
        // Some who are let in never book, and a family books more than once on one admission.
        let bookingsPerAdmission = 0.95 * (1 + 1.4 * settings.share(of: .family))
        let turned = target * (1 - settings.trickShare) / bookingsPerAdmission - letThrough
        // Some places go to people who close the page just before their turn.
        windowQuota = max(0, turned * 1.03)
    }

    /// How many waiting people the servers could take in a minute.
    func admissionsPerMinute(at time: Instant) -> Double {
        let minute = (time.milliseconds - opening.milliseconds) / 60_000
        switch minute {
        case ..<0: return 0
        case ..<28: return people * 0.04 / 28
        case ..<118:
            let step = Timetable.pace[min(Int(minute - 28) / 5, Timetable.pace.count - 1)]
            return windowQuota * step / Timetable.pace.reduce(0, +) / 5
        case ..<121: return 0
        default: return people * 0.035
        }
    }

    func isDown(node: Int, at time: Instant) -> Bool {
        outages.contains { $0.node == node && $0.from <= time && time < $0.to }
    }

    /// True near an outage, when nobody could tell a trick from bad luck.
    func isNearOutage(_ time: Instant) -> Bool {
        outages.contains {
            $0.from.adding(minutes: -3) <= time && time < $0.to.adding(minutes: 5)
        }
    }

    /// The end of the freeze of the application, when one is on.
    func freezeEnd(at time: Instant) -> Instant? {
        for edge in [from, to] {
            let end = edge.adding(milliseconds: 2_000)
            if edge.adding(milliseconds: -Timetable.freezeMilliseconds) <= time, time < end { return end }
        }
        return nil
    }

    /// How many application servers ran: more were added while the outage lasted.
    func applicationNodes(at time: Instant) -> Int {
        let added = [20, 50, 75].count { time >= from.adding(minutes: $0) }
        return 3 + added
    }
}
