/// How long an offered seat is kept.
extension WorkingCalendar {
    /// The end (23:59:59) of the `number`th working day after the day of `instant`.
    ///
    /// Throws `badData` outside the known holidays.
    public func endOfWorkingDay(_ number: Int, after instant: Instant) throws(RedressError) -> Instant {
        var date = instant.date
        var left = number
        while left > 0 {
            date = date.adding(days: 1)
            if try isWorking(date) { left -= 1 }
        }
        return Instant(date.adding(days: 1), TimeOfDay(minutes: 0)).adding(milliseconds: -1000)
    }
}
