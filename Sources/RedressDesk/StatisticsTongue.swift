/// What the statistics are called in either language: measures, kinds, places, headings and the headline.
import RedressCore
import RedressEvidence

/// Says the statistics in one language.
struct StatisticsTongue {
    /// What stands on the page beside the table of measures.
    enum Phrase {
        case publicNote, flow, twelveWeeks, received, processed, open, cases, outcomes, timeToRestore, median
        case hours, byProvince, trend, withheld, none, noneReceived, all, backNotShown
    }

    let isKorean: Bool

    init(_ language: Language) {
        isKorean = language == .ko
    }

    func say(_ phrase: Phrase) -> String {
        let (korean, english) =
            switch phrase {
            case .publicNote:
                (
                    "공개판: 10 미만의 수와 이를 알 수 있게 하는 수는 싣지 않습니다.",
                    "Public edition: figures under 10, and what would give them away, are withheld."
                )
            case .flow: ("한 주의 흐름", "The flow of the period")
            case .twelveWeeks: ("12주 접수·처리·미처리", "Received, processed and open over 12 weeks")
            case .received: ("접수", "Received")
            case .processed: ("처리", "Processed")
            case .open: ("미처리", "Open")
            case .cases: ("건", " cases")
            case .outcomes: ("처리 결과", "Outcomes")
            case .timeToRestore: ("복구까지 걸린 시간", "Time to restoration")
            case .median: ("중앙값", "Median")
            case .hours: ("시간", " h")
            case .byProvince: ("시·도별 원래 날짜 복구율", "Back on the original date, by province")
            case .trend: ("12주 추이", "Twelve weeks")
            case .withheld: ("비공개", "withheld")
            case .none: ("없음", "none")
            case .noneReceived: ("접수 없음", "none received")
            case .all: ("전체", "All")
            case .backNotShown:
                ("원래 날짜를 되찾은 분의 수는 싣지 않습니다.", "How many are back on their original date is withheld.")
            }
        return isKorean ? korean : english
    }

    func title(_ kind: String, _ week: String, _ label: String) -> String {
        guard isKorean else {
            let name =
                ["to-date": "to date", "weekly": "of the week", "monthly": "of the month"][kind] ?? kind
            return "Grievance statistics \(name) \(week)"
        }
        let name = ["to-date": "누적", "weekly": "주간", "monthly": "월간"][kind] ?? kind
        return "\(name) 민원 통계 \(week) (\(label))"
    }

    func headline(_ headline: StatisticsReport.Headline) -> String {
        guard let back = headline.backOnOriginal.value, let affected = headline.affected.value else {
            return say(.backNotShown)
        }
        let (seats, lost) = (StatisticsReport.grouped(back), StatisticsReport.grouped(affected))
        var sentence =
            isKorean
            ? "영향을 받은 예약 \(lost)건 가운데 \(seats)건이 원래 날짜와 시간을 되찾았습니다."
            : "Of \(lost) bookings affected, \(seats) are back on their original date and time."
        if let reach = headline.notReached.value.map(StatisticsReport.grouped) {
            sentence += isKorean ? " 아직 연락이 닿지 않은 분 \(reach)명." : " Not reached yet: \(reach)."
        }
        if let answer = headline.notAnswered.value.map(StatisticsReport.grouped) {
            sentence += isKorean ? " 제안에 답하지 않은 분 \(answer)명." : " Offers not answered: \(answer)."
        }
        return sentence
    }

    var trendColumns: [String] {
        isKorean
            ? ["주", "접수(건)", "처리(건)", "미처리(건)", "복구까지 중앙값(분)", "90%(분)"]
            : ["Week", "Received", "Processed", "Open", "Median min to restoration", "90% (min)"]
    }

    var columns: [String] {
        isKorean
            ? ["지표", "항목", "단위", "분자", "분모", "값", "직전 기간", "지난해 같은 기간", "증감", "증감률(%)"]
            : [
                "Measure", "Kind", "Unit", "Numerator", "Denominator", "Value", "Period before",
                "A year before", "Change", "Change (%)",
            ]
    }

    func measure(_ measure: StatisticsMeasure) -> String {
        isKorean ? measure.korean : Self.english(measure.name)
    }

    func measure(_ row: StatisticsRow) -> String { isKorean ? row.measureKo : Self.english(row.measure) }

    func item(_ row: StatisticsRow) -> String {
        if isKorean || row.level == "site" { return row.itemKo }
        if row.level == "province" { return StatisticsChart.english(province: row.item) ?? row.itemKo }
        return Self.english(row.item)
    }

    func place(_ row: StatisticsRow) -> String {
        if row.item.isEmpty { return say(.all) }
        let level = StatisticsLevel(rawValue: row.level)
        let place = (isKorean ? level?.korean : level.map { Self.english($0.rawValue) }) ?? ""
        return place.isEmpty ? item(row) : "\(place): \(item(row))"
    }

    func section(_ section: StatisticsMeasure.Section) -> String {
        isKorean ? section.korean : Self.sections[section.rawValue] ?? Self.english(section.rawValue)
    }

    func unit(_ unit: StatisticsMeasure.Unit) -> String {
        isKorean ? unit.korean : unit == .percent ? "%" : unit == .minutes ? "min" : unit.rawValue
    }

    /// A name of the table as English reads: `first_answer_median` is said "First answer, median".
    static func english(_ name: String) -> String {
        if let word = exceptions[name] { return word }
        let plain = name.map { $0 == "_" || $0 == "-" ? " " : $0 }.reduce(into: "") { $0.append($1) }
        return plain.prefix(1).uppercased() + plain.dropFirst()
    }

    private static let sections = [
        "flow": "Received and processed", "headline": "Back on the original date", "outcome": "Outcomes",
        "state": "Where cases stand", "verdict": "Verdicts", "time": "Time taken", "due": "Due dates",
        "objection": "Objections and reopened", "contact": "Contacts", "people": "People",
        "notice": "Notices", "pool": "Reserved pool",
    ]

    private static let exceptions = [
        "opening": "Open before", "closing": "Open after", "surge": "Surge",
        "back_on_original": "Back on the original date", "not_reached": "Not reached",
        "not_answered": "Not answered", "upheld": "Upheld", "cases_by_state": "By state",
        "open_by_age": "Open, by age", "cases_by_verdict": "By verdict",
        "first_answer_median": "First answer, median", "first_answer_p90": "First answer, 90%",
        "verdict_median": "Verdict, median", "verdict_p90": "Verdict, 90%",
        "restoration_median": "Restoration, median", "restoration_p90": "Restoration, 90%",
        "on_time_statutory": "In time (statutory, not extended)",
        "on_time_statutory_extended": "In time (statutory, extended)",
        "on_time_target": "In time (target, not extended)",
        "on_time_target_extended": "In time (target, extended)", "overturned": "Objections upheld (%)",
        "one_contact": "Solved with one contact", "page": "Web page", "sweep": "Found by us",
        "revoked-booking": "Revoked booking", "original-slot": "Original date and time",
        "same-date": "Same date, another time", "nearby-site": "Same date, nearby site",
        "nearest-date": "Nearest date", "none-yet": "Not read yet",
    ]
}
