/// The statutory count itself: from receipt and period to the due time, with every day accounted for.

extension WorkingCalendar {
    /// The most extensions a period can have: one by the agency, a second with the citizen's consent (Civil
    /// Petitions Treatment Act, Enforcement Decree).
    public static let mostExtensions = 2

    /// When a period of so many days that began at `received` is due; see `due(received:period:pauses:extensions:)`.
    public func due(
        received: Instant, days: Int, pauses: [Range<Instant>] = [], extensions: Int = 0
    ) throws(RedressError) -> Deadline {
        try due(
            received: received, period: HandlingPeriod(days: days), pauses: pauses, extensions: extensions)
    }

    /// When a period of so many working hours that began at `received` is due; see
    /// `due(received:period:pauses:extensions:)`.
    public func due(
        received: Instant, hours: Int, pauses: [Range<Instant>] = [], extensions: Int = 0
    ) throws(RedressError) -> Deadline {
        try due(
            received: received, period: HandlingPeriod(hours: hours), pauses: pauses, extensions: extensions)
    }

    /// When a period is due, by Article 19 of the Civil Petitions Treatment Act (민원 처리에 관한 법률).
    ///
    /// - Days: the day of receipt is the first if it is a working day, whatever the hour; Saturdays, Sundays and
    ///   public holidays are passed over; the end is 23:59:59 of the last day.
    /// - Hours: the Act says "working hours" and eight a day but not which. They are taken from Article 9 of the
    ///   State Public Officials Service Regulations (국가공무원 복무규정): 09:00 to 18:00 without 12:00 to 13:00.
    ///   What is received outside of them begins at the next opening.
    /// - Pauses (a supplement request until its answer) stop the clock. In days, a day is left out when a pause
    ///   covers all of it: the day of the request and the day of the answer both count, which is the reading
    ///   that never gives the agency more time. In hours the paused time is left out to the millisecond. For a
    ///   pause that is still open, pass *now* as its end and count again later.
    /// - Extensions: each adds the period's own length.
    ///
    /// Throws `usage` for a wrong period or number of extensions, `badData` when the count leaves the known
    /// holidays (2020 to 2028 as embedded).
    public func due(
        received: Instant, period: HandlingPeriod, pauses: [Range<Instant>] = [], extensions: Int = 0
    ) throws(RedressError) -> Deadline {
        guard (0...WorkingCalendar.mostExtensions).contains(extensions) else {
            throw RedressError(
                .usage,
                "A period is extended at most \(WorkingCalendar.mostExtensions) times, not \(extensions).")
        }
        switch period.extended(times: extensions) {
        case .days(let total): return try countDays(total, from: received.date, pauses: pauses)
        case .workingHours(let total): return try countHours(total, from: received, pauses: pauses)
        }
    }

    /// The working time between two instants in milliseconds, for ages and "used so far"; zero when `end` is not
    /// after `start`. Throws `badData` outside the known holidays.
    public func workingMilliseconds(from start: Instant, to end: Instant) throws(RedressError) -> Int64 {
        guard start < end else { return 0 }
        var sum: Int64 = 0
        var date = start.date
        while date <= end.date {
            if try isWorking(date) {
                for span in WorkingCalendar.officeHours(on: date) {
                    let clipped = span.clamped(to: start..<end)
                    sum += clipped.upperBound.milliseconds - clipped.lowerBound.milliseconds
                }
            }
            date = date.next
        }
        return sum
    }
}

extension WorkingCalendar {
    private func countDays(
        _ total: Int, from first: CivilDate, pauses: [Range<Instant>]
    ) throws(RedressError) -> Deadline {
        var trace: [Deadline.Step] = []
        var date = first
        var number = 0
        while true {
            var outcome = try passedOver(date)
            if outcome == nil, WorkingCalendar.isCovered(date, by: pauses) { outcome = .paused }
            if outcome == nil { number += 1 }
            trace.append(
                Deadline.Step(date: date, outcome: outcome ?? .counted(number: number, total: total)))
            if number == total { break }
            date = date.next
        }
        let lastSecond = Instant(date.next, TimeOfDay(minutes: 0)).adding(milliseconds: -1000)
        return Deadline(due: lastSecond, trace: trace)
    }

    private func countHours(
        _ total: Int, from received: Instant, pauses: [Range<Instant>]
    ) throws(RedressError) -> Deadline {
        var trace: [Deadline.Step] = []
        var date = received.date
        var left = Int64(total) * 3_600_000
        while true {
            if let outcome = try passedOver(date) {
                trace.append(Deadline.Step(date: date, outcome: outcome))
                date = date.next
                continue
            }
            let open = WorkingCalendar.officeHours(on: date)
                .filter { received < $0.upperBound }
                .map { max($0.lowerBound, received)..<$0.upperBound }
            let spans = WorkingCalendar.subtract(pauses, from: open)
            var worked: Int64 = 0
            for span in spans {
                let length = span.upperBound.milliseconds - span.lowerBound.milliseconds
                if length >= left {
                    worked += left
                    trace.append(
                        Deadline.Step(date: date, outcome: .worked(minutes: Int(worked / 60_000), left: 0)))
                    return Deadline(due: span.lowerBound.adding(milliseconds: left), trace: trace)
                }
                left -= length
                worked += length
            }
            let minutes = Int(worked / 60_000)
            let unused: Deadline.Outcome = open.isEmpty ? .officeClosed : .paused
            trace.append(
                Deadline.Step(
                    date: date,
                    outcome: worked == 0 ? unused : .worked(minutes: minutes, left: Int(left / 60_000))))
            date = date.next
        }
    }

    private func passedOver(_ date: CivilDate) throws(RedressError) -> Deadline.Outcome? {
        switch try day(date) {
        case .working: nil
        case .saturday: .saturday
        case .sunday: .sunday
        case .holiday(let name): .holiday(name)
        }
    }

    private static func officeHours(on date: CivilDate) -> [Range<Instant>] {
        [(540, 720), (780, 1080)].map { from, to in
            Instant(date, TimeOfDay(minutes: from))..<Instant(date, TimeOfDay(minutes: to))
        }
    }

    private static func isCovered(_ date: CivilDate, by pauses: [Range<Instant>]) -> Bool {
        let day = Instant(date, TimeOfDay(minutes: 0))..<Instant(date.next, TimeOfDay(minutes: 0))
        return subtract(pauses, from: [day]).isEmpty
    }

    private static func subtract(
        _ pauses: [Range<Instant>], from spans: [Range<Instant>]
    ) -> [Range<Instant>] {
        pauses.reduce(spans) { rest, pause in
            rest.flatMap { span -> [Range<Instant>] in
                guard span.overlaps(pause) else { return [span] }
                let before = span.lowerBound..<max(span.lowerBound, pause.lowerBound)
                let after = min(span.upperBound, pause.upperBound)..<span.upperBound
                return [before, after].filter { !$0.isEmpty }
            }
        }
    }
}

extension CivilDate {
    fileprivate var next: CivilDate { CivilDate(daysSinceEpoch: daysSinceEpoch + 1) }
}
