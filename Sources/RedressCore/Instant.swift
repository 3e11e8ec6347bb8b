/// A point in time in whole milliseconds since 1970-01-01T00:00:00Z, the only form in which times are stored.
public struct Instant: Hashable, Comparable, Sendable {
    /// Milliseconds since 1970-01-01T00:00:00Z.
    public var milliseconds: Int64

    /// Makes an instant from milliseconds since 1970-01-01T00:00:00Z.
    public init(milliseconds: Int64) {
        self.milliseconds = milliseconds
    }

    /// Makes the instant of a wall-clock time in Seoul (UTC+09:00 all year; no daylight saving since 1988).
    public init(_ date: CivilDate, _ time: TimeOfDay) {
        let minutes =
            Int64(date.daysSinceEpoch) * 1440 + Int64(time.minutes) - Int64(Instant.seoulOffsetMinutes)
        self.milliseconds = minutes * 60_000
    }

    /// Minutes that clocks in Seoul are ahead of UTC.
    public static let seoulOffsetMinutes = 540

    /// The date on a calendar in Seoul at this instant.
    public var date: CivilDate {
        CivilDate(daysSinceEpoch: Int(seoulMilliseconds.quotientRoundingDown(86_400_000)))
    }

    /// The time of day in Seoul at this instant, cut to the minute.
    public var timeOfDay: TimeOfDay {
        let inDay = seoulMilliseconds - seoulMilliseconds.quotientRoundingDown(86_400_000) * 86_400_000
        return TimeOfDay(minutes: Int(inDay / 60_000))
    }

    /// Orders instants by time.
    public static func < (left: Instant, right: Instant) -> Bool {
        left.milliseconds < right.milliseconds
    }

    /// The instant `milliseconds` later (earlier when negative).
    public func adding(milliseconds: Int64) -> Instant {
        Instant(milliseconds: self.milliseconds + milliseconds)
    }

    /// The instant `minutes` later (earlier when negative).
    public func adding(minutes: Int) -> Instant {
        adding(milliseconds: Int64(minutes) * 60_000)
    }

    private var seoulMilliseconds: Int64 {
        milliseconds + Int64(Instant.seoulOffsetMinutes) * 60_000
    }
}

extension Instant: CustomStringConvertible {
    /// RFC 3339 in Seoul time with milliseconds when they are not zero: `2021-07-19T20:03:11.482+09:00`.
    public var description: String {
        let inMinute = Int(seoulMilliseconds - seoulMilliseconds.quotientRoundingDown(60_000) * 60_000)
        var text = "\(date)T\(timeOfDay):" + twoDigits(inMinute / 1000)
        if inMinute % 1000 != 0 {
            let fraction = String(inMinute % 1000)
            text += "." + String(repeating: "0", count: 3 - fraction.count) + fraction
        }
        return text + "+09:00"
    }
}

extension Instant {
    /// Reads an RFC 3339 date-time with an offset (section 5.6); nil when the text is anything else.
    ///
    /// Fractions finer than a millisecond are cut. A leap second reads as the second before it.
    public init?(_ text: some StringProtocol) {
        var copy = String(text)
        copy.makeContiguousUTF8()
        guard let instant = Instant(rfc3339: copy.utf8Span.span) else { return nil }
        self = instant
    }

    /// Reads an RFC 3339 date-time from bytes; the form for hot paths.
    public init?(rfc3339 bytes: Span<UInt8>) {
        let count = bytes.count
        guard count >= 20,
            let year = decimal(bytes, 0, 4), bytes[4] == ascii("-"),
            let month = decimal(bytes, 5, 2), bytes[7] == ascii("-"),
            let day = decimal(bytes, 8, 2),
            bytes[10] == ascii("T") || bytes[10] == ascii("t") || bytes[10] == ascii(" "),
            let hour = decimal(bytes, 11, 2), bytes[13] == ascii(":"),
            let minute = decimal(bytes, 14, 2), bytes[16] == ascii(":"),
            let second = decimal(bytes, 17, 2),
            hour < 24, minute < 60, second <= 60,
            let date = CivilDate(year: year, month: month, day: day)
        else { return nil }
        var index = 19
        var fraction = 0
        if bytes[index] == ascii(".") {
            index += 1
            var digits = 0
            while index < count, let digit = decimal(bytes, index, 1) {
                if digits < 3 { fraction = fraction * 10 + digit }
                digits += 1
                index += 1
            }
            guard digits > 0 else { return nil }
            for _ in 0..<max(0, 3 - digits) { fraction *= 10 }
        }
        guard index < count, let offset = offsetMinutes(bytes, from: index) else { return nil }
        let minutes = date.daysSinceEpoch * 1440 + hour * 60 + minute - offset
        milliseconds = (Int64(minutes) * 60 + Int64(min(second, 59))) * 1000 + Int64(fraction)
    }
}

/// A day of the Gregorian calendar, without a time zone.
public struct CivilDate: Hashable, Comparable, Sendable {
    /// Days since 1970-01-01.
    public let daysSinceEpoch: Int

    /// Makes the date that lies this many days after 1970-01-01.
    public init(daysSinceEpoch: Int) {
        self.daysSinceEpoch = daysSinceEpoch
    }

    /// Makes a date from its parts; nil when no such day exists (31 April) or the year is outside 1 to 9999.
    public init?(year: Int, month: Int, day: Int) {
        guard (1...9999).contains(year), (1...12).contains(month), day >= 1,
            day <= CivilDate.days(inMonth: month, of: year)
        else { return nil }
        // Days from civil date, counting years from 1 March so that leap days come last.
        let shifted = month <= 2 ? year - 1 : year
        let era = shifted / 400
        let yearOfEra = shifted - era * 400
        let dayOfYear = (153 * (month + (month > 2 ? -3 : 9)) + 2) / 5 + day - 1
        let dayOfEra = yearOfEra * 365 + yearOfEra / 4 - yearOfEra / 100 + dayOfYear
        daysSinceEpoch = era * 146_097 + dayOfEra - 719_468
    }

    /// Reads `YYYY-MM-DD`; nil when the text is anything else.
    public init?(_ text: some StringProtocol) {
        var copy = String(text)
        copy.makeContiguousUTF8()
        guard let date = CivilDate(bytes: copy.utf8Span.span) else { return nil }
        self = date
    }

    /// Reads `YYYY-MM-DD` from bytes; the form for hot paths.
    public init?(bytes: Span<UInt8>) {
        guard bytes.count == 10, bytes[4] == ascii("-"), bytes[7] == ascii("-"),
            let year = decimal(bytes, 0, 4), let month = decimal(bytes, 5, 2), let day = decimal(bytes, 8, 2),
            let date = CivilDate(year: year, month: month, day: day)
        else { return nil }
        self = date
    }

    /// Year, month and day of this date.
    public var parts: (year: Int, month: Int, day: Int) {
        let shifted = daysSinceEpoch + 719_468
        let era = shifted.quotientRoundingDown(146_097)
        let dayOfEra = shifted - era * 146_097
        let yearOfEra = (dayOfEra - dayOfEra / 1460 + dayOfEra / 36_524 - dayOfEra / 146_096) / 365
        let dayOfYear = dayOfEra - (365 * yearOfEra + yearOfEra / 4 - yearOfEra / 100)
        let monthFromMarch = (5 * dayOfYear + 2) / 153
        let month = monthFromMarch < 10 ? monthFromMarch + 3 : monthFromMarch - 9
        let day = dayOfYear - (153 * monthFromMarch + 2) / 5 + 1
        return (yearOfEra + era * 400 + (month <= 2 ? 1 : 0), month, day)
    }

    /// Day of the week by ISO 8601: 1 is Monday, 7 is Sunday.
    public var isoWeekday: Int {
        let shifted = daysSinceEpoch + 3
        return shifted - shifted.quotientRoundingDown(7) * 7 + 1
    }

    /// Orders dates by time.
    public static func < (left: CivilDate, right: CivilDate) -> Bool {
        left.daysSinceEpoch < right.daysSinceEpoch
    }

    /// The date `days` later (earlier when negative).
    public func adding(days: Int) -> CivilDate {
        CivilDate(daysSinceEpoch: daysSinceEpoch + days)
    }

    private static func days(inMonth month: Int, of year: Int) -> Int {
        switch month {
        case 2: year % 4 == 0 && (year % 100 != 0 || year % 400 == 0) ? 29 : 28
        case 4, 6, 9, 11: 30
        default: 31
        }
    }
}

extension CivilDate: CustomStringConvertible {
    /// `YYYY-MM-DD`.
    public var description: String {
        let (year, month, day) = parts
        let years = String(year)
        return String(repeating: "0", count: max(0, 4 - years.count)) + years
            + "-" + twoDigits(month) + "-" + twoDigits(day)
    }
}

/// A wall-clock time in whole minutes, 00:00 to 23:59.
public struct TimeOfDay: Hashable, Comparable, Sendable {
    /// Minutes since midnight, 0 to 1439.
    public let minutes: Int

    /// Makes a time from minutes since midnight, taken into 0 to 1439.
    public init(minutes: Int) {
        self.minutes = ((minutes % 1440) + 1440) % 1440
    }

    /// Reads `HH:MM`; nil when the text is anything else.
    public init?(_ text: some StringProtocol) {
        var copy = String(text)
        copy.makeContiguousUTF8()
        guard let time = TimeOfDay(bytes: copy.utf8Span.span) else { return nil }
        self = time
    }

    /// Reads `HH:MM` from bytes; the form for hot paths.
    public init?(bytes: Span<UInt8>) {
        guard bytes.count == 5, bytes[2] == ascii(":"),
            let hour = decimal(bytes, 0, 2), let minute = decimal(bytes, 3, 2), hour < 24, minute < 60
        else { return nil }
        minutes = hour * 60 + minute
    }

    /// Orders times within a day.
    public static func < (left: TimeOfDay, right: TimeOfDay) -> Bool {
        left.minutes < right.minutes
    }
}

extension TimeOfDay: CustomStringConvertible {
    /// `HH:MM`.
    public var description: String { twoDigits(minutes / 60) + ":" + twoDigits(minutes % 60) }
}

extension BinaryInteger {
    /// The quotient rounded towards minus infinity, so that days before 1970 count right.
    func quotientRoundingDown(_ divisor: Self) -> Self {
        let (quotient, remainder) = quotientAndRemainder(dividingBy: divisor)
        return remainder < 0 ? quotient - 1 : quotient
    }
}

private func twoDigits(_ value: Int) -> String {
    value < 10 ? "0\(value)" : "\(value)"
}

private func ascii(_ scalar: Unicode.Scalar) -> UInt8 {
    UInt8(truncatingIfNeeded: scalar.value)
}

private func decimal(_ bytes: Span<UInt8>, _ start: Int, _ length: Int) -> Int? {
    guard start + length <= bytes.count else { return nil }
    var value = 0
    for index in start..<(start + length) {
        let digit = Int(bytes[index]) - 48
        guard (0...9).contains(digit) else { return nil }
        value = value * 10 + digit
    }
    return value
}

private func offsetMinutes(_ bytes: Span<UInt8>, from start: Int) -> Int? {
    if bytes[start] == ascii("Z") || bytes[start] == ascii("z") {
        return bytes.count == start + 1 ? 0 : nil
    }
    guard bytes.count == start + 6, bytes[start + 3] == ascii(":"),
        let hours = decimal(bytes, start + 1, 2), let minutes = decimal(bytes, start + 4, 2),
        hours < 24, minutes < 60
    else { return nil }
    switch bytes[start] {
    case ascii("+"): return hours * 60 + minutes
    case ascii("-"): return -(hours * 60 + minutes)
    default: return nil
    }
}
