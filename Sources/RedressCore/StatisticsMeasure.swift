/// Every measure of the statistics, defined once: code, page, CSV and `docs/statistics.md` all read this table.

/// One measure: what it is called, and what is divided by what.
public struct StatisticsMeasure: Sendable, Equatable {
    /// What a measure's figures are.
    public enum Unit: String, Sendable, CaseIterable {
        case cases
        case people
        case contacts
        case notices
        case seats
        case percent
        case minutes
        case times

        /// The Korean counter.
        public var korean: String {
            switch self {
            case .cases, .contacts, .notices: "건"
            case .people: "명"
            case .seats: "석"
            case .percent: "%"
            case .minutes: "분"
            case .times: "배"
            }
        }
    }

    /// The part of the page it stands in.
    public enum Section: String, Sendable, CaseIterable {
        case flow
        case headline
        case outcome
        case state
        case verdict
        case time
        case due
        case objection
        case contact
        case people
        case notice
        case pool

        /// The heading on Korean pages.
        public var korean: String {
            switch self {
            case .flow: "접수와 처리"
            case .headline: "원래 날짜 복구"
            case .outcome: "처리 결과"
            case .state: "현재 상태"
            case .verdict: "확인 결과"
            case .time: "걸린 시간"
            case .due: "처리기간"
            case .objection: "이의신청과 재개"
            case .contact: "상담"
            case .people: "민원인"
            case .notice: "안내 문자"
            case .pool: "복구 전용 예약분"
            }
        }
    }

    /// The name in JSON and CSV.
    public let name: String
    /// The name on Korean pages.
    public let korean: String
    /// Where it stands.
    public let section: Section
    /// What its figures are.
    public let unit: Unit
    /// What is counted.
    public let numerator: String
    /// Out of what; nil for plain counts.
    public let denominator: String?

    private init(
        _ name: String, _ korean: String, _ section: Section, _ unit: Unit, _ numerator: String,
        of denominator: String? = nil
    ) {
        self.name = name
        self.korean = korean
        self.section = section
        self.unit = unit
        self.numerator = numerator
        self.denominator = denominator
    }

    /// The measure of this name.
    public static func named(_ name: String) -> StatisticsMeasure? {
        byName[name]
    }

    private static let byName = Dictionary(
        table.map { ($0.name, $0) }, uniquingKeysWith: { first, _ in first })

    /// Every measure, in the order of the page.
    public static let table: [StatisticsMeasure] = flow + results + clocks + people + means

    /// The line that reconciles, in its order.
    public static let line = [
        "opening", "received", "reopened", "transferred_in", "processed", "transferred_out", "merged",
        "closing",
    ]

    private static let flow = [
        StatisticsMeasure("opening", "기초 미처리", .flow, .cases, "cases open when the period began"),
        StatisticsMeasure("received", "접수", .flow, .cases, "cases received"),
        StatisticsMeasure(
            "reopened", "재개", .flow, .cases, "cases opened again after their result had been told"),
        StatisticsMeasure("transferred_in", "이송 받음", .flow, .cases, "cases taken back from another agency"),
        StatisticsMeasure(
            "processed", "처리", .flow, .cases,
            "cases whose result was told: delivery receipt, answered call, visit or posted letter"),
        StatisticsMeasure("transferred_out", "이송 보냄", .flow, .cases, "cases handed to another agency"),
        StatisticsMeasure("merged", "병합", .flow, .cases, "cases joined to another case"),
        StatisticsMeasure(
            "closing", "기말 미처리", .flow, .cases, "cases open when the period ended, result not told included"),
        StatisticsMeasure(
            "surge", "급증 배수", .flow, .times, "cases received in the period",
            of: "cases received in the four weeks before, per week of the period"),
    ]

    private static let results = [
        StatisticsMeasure(
            "back_on_original", "원래 날짜 복구율", .headline, .percent,
            "cases back on the date, site and time that were lost", of: "cases found affected"),
        StatisticsMeasure(
            "not_reached", "미연락", .headline, .percent,
            "cases found by the sweep whose person nobody has reached yet", of: "cases found affected"),
        StatisticsMeasure(
            "not_answered", "미응답", .headline, .percent, "cases with an offer that awaits its answer",
            of: "cases found affected"),
        StatisticsMeasure(
            "outcomes", "결정", .outcome, .cases, "decisions in the period, by what they decided"),
        StatisticsMeasure("restored", "복구", .outcome, .cases, "decisions that gave a seat back"),
        StatisticsMeasure(
            "upheld", "수용률", .outcome, .percent, "decisions that gave a seat back",
            of: "decisions that gave a seat back, rejected, or found not affected"),
        StatisticsMeasure("cases_by_state", "상태별", .state, .cases, "all cases so far, by state"),
        StatisticsMeasure("open_by_age", "경과 일수별 미처리", .state, .cases, "open cases, by days since receipt"),
        StatisticsMeasure(
            "cases_by_verdict", "확인 결과별", .verdict, .cases, "all cases so far, by their latest verdict"),
    ]

    private static let clocks = [
        StatisticsMeasure(
            "first_answer_median", "첫 답변까지(중앙값)", .time, .minutes, "median minutes from receipt",
            of: "cases first answered in the period"),
        StatisticsMeasure(
            "first_answer_p90", "첫 답변까지(90%)", .time, .minutes, "90th percentile of minutes from receipt",
            of: "cases first answered in the period"),
        StatisticsMeasure(
            "verdict_median", "확인 결과까지(중앙값)", .time, .minutes, "median minutes from receipt",
            of: "cases with their first verdict in the period"),
        StatisticsMeasure(
            "verdict_p90", "확인 결과까지(90%)", .time, .minutes, "90th percentile of minutes from receipt",
            of: "cases with their first verdict in the period"),
        StatisticsMeasure(
            "restoration_median", "복구까지(중앙값)", .time, .minutes, "median minutes from receipt",
            of: "cases first restored in the period"),
        StatisticsMeasure(
            "restoration_p90", "복구까지(90%)", .time, .minutes, "90th percentile of minutes from receipt",
            of: "cases first restored in the period"),
        StatisticsMeasure(
            "on_time_statutory", "법정기한 준수율(연장 제외)", .due, .percent, "processed by the due time",
            of: "applied-for cases processed, never extended"),
        StatisticsMeasure(
            "on_time_statutory_extended", "법정기한 준수율(연장)", .due, .percent,
            "processed by the extended due time",
            of: "applied-for cases processed, extended"),
        StatisticsMeasure(
            "on_time_target", "내부 목표 준수율(연장 제외)", .due, .percent, "processed by the target",
            of: "cases found by the sweep and processed, never extended"),
        StatisticsMeasure(
            "on_time_target_extended", "내부 목표 준수율(연장)", .due, .percent, "processed by the extended target",
            of: "cases found by the sweep and processed, extended"),
        StatisticsMeasure(
            "overdue", "기한 경과", .due, .cases,
            "open cases past their due time when the period ends (of a running week: if nothing is done by then), by clock"
        ),
        StatisticsMeasure("extended", "연장", .due, .cases, "extensions of the due time"),
        StatisticsMeasure("objected", "이의신청", .objection, .cases, "objections filed"),
        StatisticsMeasure(
            "objections_decided", "이의신청 결과", .objection, .cases, "objections decided, by result"),
        StatisticsMeasure(
            "overturned", "이의신청 인용률", .objection, .percent, "objections upheld",
            of: "objections upheld or dismissed"),
    ]

    private static let people = [
        StatisticsMeasure("contacts_by_channel", "경로별 상담", .contact, .contacts, "contacts, by channel"),
        StatisticsMeasure("contacts_by_subject", "내용별 상담", .contact, .contacts, "contacts, by wrap-up"),
        StatisticsMeasure(
            "repeat_callers", "반복 전화", .contact, .percent, "people who called more than once",
            of: "people who called about a case"),
        StatisticsMeasure(
            "one_contact", "한 번에 해결", .contact, .percent, "cases told their result with one contact",
            of: "cases processed that had a contact"),
        StatisticsMeasure(
            "abandoned_calls", "통화 포기", .contact, .percent, "calls abandoned before an answer",
            of: "calls the telephone system reports"),
        StatisticsMeasure("received_by_origin", "신청 방법별 접수", .people, .cases, "cases received, by origin"),
        StatisticsMeasure("received_by_age", "연령대별 접수", .people, .cases, "cases received, by age at receipt"),
        StatisticsMeasure("received_by_gender", "성별 접수", .people, .cases, "cases received, by gender"),
        StatisticsMeasure(
            "received_by_residence", "거주 시·도별 접수", .people, .cases, "cases received, by province of residence"
        ),
        StatisticsMeasure(
            "restored_by_age", "연령대별 복구", .people, .cases,
            "decisions that gave a seat back, by age at receipt"),
        StatisticsMeasure(
            "restored_by_representative", "대리인 통한 복구", .people, .cases,
            "decisions that gave a seat back, spoken for by a representative"),
        StatisticsMeasure(
            "satisfaction", "만족도", .people, .percent, "answers that were satisfied", of: "answers given"),
        StatisticsMeasure("keywords", "핵심어", .people, .cases, "cases received, by keyword"),
    ]

    private static let means = [
        StatisticsMeasure("notices", "안내 문자", .notice, .notices, "notices settled, by what became of them"),
        StatisticsMeasure(
            "notices_failed", "안내 실패율", .notice, .percent, "notices that failed",
            of: "notices delivered or failed"),
        StatisticsMeasure("pool_allotted", "배정 물량", .pool, .seats, "seats that came in, less those released"),
        StatisticsMeasure("pool_used", "사용", .pool, .seats, "seats taken"),
        StatisticsMeasure("pool_left", "남은 자리", .pool, .seats, "seats neither taken nor released"),
    ]
}
