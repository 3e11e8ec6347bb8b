/// Which days are worked, and so which count towards a statutory period: no Saturdays, Sundays or public holidays.
///
/// A value: adding a holiday gives another calendar with another `version`, so that a stored computation says
/// which holidays it knew. The embedded holidays are those of the Regulations on Public Holidays of Government
/// Offices (관공서의 공휴일에 관한 규정), substitute and election days included.
public struct WorkingCalendar: Hashable, Sendable {
    /// What a day is to the calendar.
    public enum Day: Hashable, Sendable {
        /// A day on which public offices work.
        case working
        /// A Saturday, left out by the Civil Petitions Treatment Act though it is no public holiday.
        case saturday
        /// A Sunday, a public holiday.
        case sunday
        /// A public holiday with its name, whatever weekday it falls on.
        case holiday(String)
    }

    /// The years whose holidays are known, as whole years; days outside are refused rather than guessed.
    public let years: ClosedRange<Int>
    /// Names these holidays: the years, their count and a digest, `2020-2028/175/9f86d081884c7d65`.
    public let version: String

    private let names: [CivilDate: String]

    /// The calendar of the embedded holiday data, 2020 to 2028.
    public static let korean = embedded()

    /// Reads holidays from CSV with the columns `date` and `name`; throws `badData` naming the faulty line.
    ///
    /// The years from the first to the last holiday count as known in full.
    public init(csv bytes: [UInt8], name: String) throws(RedressError) {
        var reader = CSVReader(name: name, fields: 2)
        var names: [CivilDate: String] = [:]
        let records = reader.read(bytes) + reader.finish()
        for record in records {
            if let problem = record.problem { throw problem }
            if record.line == 1, record.fields == ["date", "name"] { continue }
            guard let date = CivilDate(record.fields[0]), !record.fields[1].isEmpty else {
                throw RedressError(
                    .badData, "\(name):\(record.line): a holiday needs a date like 2021-08-16 and a name.",
                    details: ["file": name, "line": "\(record.line)"])
            }
            guard names.updateValue(record.fields[1], forKey: date) == nil else {
                throw RedressError(
                    .badData,
                    "\(name):\(record.line): \(date) stands twice; join the names with a semicolon.",
                    details: ["file": name, "line": "\(record.line)"])
            }
        }
        guard let first = names.keys.min(), let last = names.keys.max() else {
            throw RedressError(.badData, "\(name) holds no holidays.", details: ["file": name])
        }
        self.init(names: names, years: first.parts.year...last.parts.year)
    }

    /// The same calendar with one more holiday; naming a known one again changes its name.
    ///
    /// Throws `badData` outside `years` or without a name.
    public func adding(_ name: String, on date: CivilDate) throws(RedressError) -> WorkingCalendar {
        try checkKnown(date)
        guard !name.isEmpty else { throw RedressError(.badData, "The holiday on \(date) needs a name.") }
        var names = names
        names[date] = name
        return WorkingCalendar(names: names, years: years)
    }

    /// What a day is; throws `badData` outside `years`.
    public func day(_ date: CivilDate) throws(RedressError) -> Day {
        try checkKnown(date)
        if let name = names[date] { return .holiday(name) }
        switch date.isoWeekday {
        case 6: return .saturday
        case 7: return .sunday
        default: return .working
        }
    }

    /// Whether public offices work on a day; throws `badData` outside `years`.
    public func isWorking(_ date: CivilDate) throws(RedressError) -> Bool {
        try day(date) == .working
    }

    /// All holidays in order of date, for lists.
    public var holidays: [(date: CivilDate, name: String)] {
        names.sorted { $0.key < $1.key }.map { (date: $0.key, name: $0.value) }
    }
}

extension WorkingCalendar {
    private init(names: [CivilDate: String], years: ClosedRange<Int>) {
        self.names = names
        self.years = years
        version =
            "\(years.lowerBound)-\(years.upperBound)/\(names.count)/" + WorkingCalendar.digest(of: names)
    }

    private static func embedded() -> WorkingCalendar {
        do {
            return try WorkingCalendar(csv: PackageResources.holidays_kr_csv, name: "holidays-kr.csv")
        } catch {
            // Built into the program and proven by tests: if it cannot be read, the build is broken.
            preconditionFailure("The embedded holidays cannot be read: \(error)")
        }
    }

    private func checkKnown(_ date: CivilDate) throws(RedressError) {
        guard !years.contains(date.parts.year) else { return }
        throw RedressError(
            .badData,
            "The holidays of \(date.parts.year) are not known: the calendar covers \(years.lowerBound) to "
                + "\(years.upperBound). Load newer holiday data before counting towards \(date).",
            details: ["date": "\(date)", "first": "\(years.lowerBound)", "last": "\(years.upperBound)"])
    }

    /// FNV-1a, 64 bits: tells two sets of holidays apart by name; it is no protection against forgery.
    private static func digest(of names: [CivilDate: String]) -> String {
        var hash: UInt64 = 0xCBF2_9CE4_8422_2325
        for (date, name) in names.sorted(by: { $0.key < $1.key }) {
            for byte in "\(date),\(name)\n".utf8 {
                hash = (hash ^ UInt64(byte)) &* 0x0000_0100_0000_01B3
            }
        }
        let digits = String(hash, radix: 16)
        return String(repeating: "0", count: 16 - digits.count) + digits
    }
}
