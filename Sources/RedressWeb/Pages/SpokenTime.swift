/// Dates and times as people say them: 8월 16일(월) 오전 10:00, Mon 16 August 10:00.
import RedressCore
import RedressDesk
import RedressEvidence

/// Says dates and times.
enum SpokenTime {
    private static let koreanDays = ["월", "화", "수", "목", "금", "토", "일"]
    private static let englishDays = ["Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun"]
    private static let months = [
        "January", "February", "March", "April", "May", "June", "July", "August", "September", "October",
        "November", "December",
    ]

    static func date(_ date: CivilDate, _ language: Language) -> String {
        let (_, month, day) = date.parts
        let weekday = date.isoWeekday - 1
        return language == .ko
            ? "\(month)월 \(day)일(\(koreanDays[weekday]))"
            : "\(englishDays[weekday]) \(day) \(months[month - 1])"
    }

    static func time(_ time: TimeOfDay, _ language: Language) -> String {
        guard language == .ko else { return time.description }
        let (hour, minute) = (time.minutes / 60, time.minutes % 60)
        let shown = hour % 12 == 0 ? 12 : hour % 12
        return "\(hour < 12 ? "오전" : "오후") \(shown):\(minute < 10 ? "0" : "")\(minute)"
    }

    static func moment(_ instant: Instant, _ language: Language) -> String {
        date(instant.date, language) + " " + time(instant.timeOfDay, language)
    }

    /// What a view writes in RFC 3339, said; what does not read is shown as it is.
    static func moment(_ text: String, _ language: Language) -> String {
        Instant(text).map { moment($0, language) } ?? text
    }

    static func seat(date day: String, slot: String, _ language: Language) -> String {
        guard let day = CivilDate(day), let slot = TimeOfDay(slot) else { return "\(day) \(slot)" }
        return date(day, language) + " " + time(slot, language)
    }

    static func seat(_ seat: SeatView, _ language: Language) -> String {
        self.seat(date: seat.date, slot: seat.slot, language)
    }
}
