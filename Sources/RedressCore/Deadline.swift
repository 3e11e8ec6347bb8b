/// When a statutory period ends, and how that was counted, day by day.
public struct Deadline: Hashable, Sendable {
    /// The last instant in time: 23:59:59 of the last day, or the moment at which the working hours are used up.
    public let due: Instant
    /// Every day from receipt to the due date, counted or not, with the reason.
    public let trace: [Step]

    /// One day of the count.
    public struct Step: Hashable, Sendable {
        /// The day.
        public let date: CivilDate
        /// What it contributed.
        public let outcome: Outcome
    }

    /// What one day contributed to the period.
    public enum Outcome: Hashable, Sendable {
        /// It is day `number` of `total`.
        case counted(number: Int, total: Int)
        /// It gave working time, in whole minutes (rounded down), with what then was left.
        case worked(minutes: Int, left: Int)
        /// It is a Saturday.
        case saturday
        /// It is a Sunday.
        case sunday
        /// It is a public holiday with this name.
        case holiday(String)
        /// The clock stood still all day (or all working hours) because the citizen was asked for something.
        case paused
        /// It is a working day whose hours were over when the case was received.
        case officeClosed
    }
}

extension Deadline.Step: CustomStringConvertible {
    /// A line to read: `2024-12-07 Sat  not counted: Saturday`.
    public var description: String {
        let weekdays = ["Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun"]
        return "\(date) \(weekdays[date.isoWeekday - 1])  \(reason)"
    }

    private var reason: String {
        switch outcome {
        case .counted(let number, let total): "day \(number) of \(total)"
        case .worked(let minutes, let left):
            "counted \(hours(minutes)), " + (left == 0 ? "nothing left" : "\(hours(left)) left")
        case .saturday: "not counted: Saturday"
        case .sunday: "not counted: Sunday"
        case .holiday(let name): "not counted: public holiday (\(name))"
        case .paused: "not counted: waiting for what the citizen was asked for"
        case .officeClosed: "not counted: received after office hours"
        }
    }

    /// The same line in Korean: `2024-12-07(토)  산입하지 않음: 토요일`.
    public var koreanDescription: String {
        let weekdays = ["월", "화", "수", "목", "금", "토", "일"]
        return "\(date)(\(weekdays[date.isoWeekday - 1]))  \(koreanReason)"
    }

    private var koreanReason: String {
        switch outcome {
        case .counted(let number, let total): "\(total)일 중 \(number)일째"
        case .worked(let minutes, let left):
            "\(koreanHours(minutes)) 산입, " + (left == 0 ? "남은 시간 없음" : "\(koreanHours(left)) 남음")
        case .saturday: "산입하지 않음: 토요일"
        case .sunday: "산입하지 않음: 일요일"
        case .holiday(let name): "산입하지 않음: 공휴일(\(name))"
        case .paused: "산입하지 않음: 보완 요구 기간"
        case .officeClosed: "산입하지 않음: 근무시간 후 접수"
        }
    }

    private func hours(_ minutes: Int) -> String {
        "\(minutes / 60) h \(minutes % 60) min"
    }

    private func koreanHours(_ minutes: Int) -> String {
        "\(minutes / 60)시간 \(minutes % 60)분"
    }
}
