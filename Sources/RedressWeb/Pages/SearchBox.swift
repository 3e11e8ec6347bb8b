/// What somebody typed into the one search box, recognised by its shape.
import RedressCore
import RedressDesk

/// Tells phone numbers, names, bookings and receipts apart.
enum SearchBox {
    /// The query that a text means.
    ///
    /// - Throws: `.badData` when a birth date or number cannot be one.
    static func query(_ text: String, birthDate: String?) throws -> LookupQuery {
        let birth = try birthDate.map(readDate)
        let digits = text.filter(\.isWholeNumber).count
        let isNumeric = text.allSatisfy { $0.isWholeNumber || " -+().".contains($0) }
        if isNumeric, digits == 4 { return .lastFour(text, name: nil, birthDate: birth) }
        if isNumeric, text.hasPrefix("20"), digits >= 9 { return .receipt(text) }
        if isNumeric, digits >= 8 { return .phone(text) }
        if let birth { return .name(text, birthDate: birth) }
        if digits > 0 { return .booking(text) }
        throw RedressError(
            .badData, "A name is looked up together with the date of birth, such as 1967-03-01.")
    }

    /// A date of birth as people type it: 1967-03-01, 19670301, 1967.3.1.
    static func readDate(_ text: String) throws -> CivilDate {
        let parts = text.split { !$0.isWholeNumber }.compactMap { Int($0) }
        let date =
            if parts.count == 3 {
                CivilDate(year: parts[0], month: parts[1], day: parts[2])
            } else if let number = parts.first, parts.count == 1, number > 9_999_999 {
                CivilDate(year: number / 10_000, month: number / 100 % 100, day: number % 100)
            } else {
                CivilDate?.none
            }
        guard let date else {
            throw RedressError(.badData, "A date of birth is written 1967-03-01 or 19670301.")
        }
        return date
    }
}
