/// The words of the pages: one table a surface, every key in Korean and in English.
import RedressEvidence

/// One thing said in both languages.
struct Wording: Sendable {
    let korean: String
    let english: String

    init(_ korean: String, _ english: String) {
        self.korean = korean
        self.english = english
    }

    func text(_ language: Language) -> String { language == .ko ? korean : english }
}

/// Looks words up.
enum Words {
    /// The tables, one a surface; no key stands in two of them.
    static let tables: [[String: Wording]] = [shared, staff, values, signIn, citizen, desk, journal]

    /// Every key with both its wordings.
    static let table: [String: Wording] = tables.reduce(into: [:]) { all, table in
        all.merge(table) { first, _ in first }
    }

    /// The words of one language, as templates read them (`{{w.key}}`).
    static let inLanguage: [Language: [String: String]] = Dictionary(
        uniqueKeysWithValues: [Language.ko, .en].map { language in
            (language, table.mapValues { $0.text(language) })
        })

    /// What a key says; a key that is not there shows itself, and a test finds it first.
    static func text(_ key: String, _ language: Language) -> String {
        table[key]?.text(language) ?? key
    }

    private static let shared: [String: Wording] = [
        "product": .init("예약 복구 창구", "Booking restoration desk"),
        "skip": .init("본문으로 건너뛰기", "Skip to the content"),
        "banner": .init(
            "취소된 예약을 원래 자리로 되돌리는 고충민원 처리 시스템입니다.",
            "The grievance system that puts cancelled bookings back where they were."),
        "foot": .init(
            "도움이 필요하면 1339로 전화해 주세요. 이 창구는 문자로 링크를 보내지 않습니다.",
            "Call 1339 if you need help. This desk never sends links by text."),
        "nav": .init("주 메뉴", "Main menu"),
        "signIn": .init("들어가기", "Sign in"),
        "signOut": .init("나가기", "Sign out"),
        "notDone": .init("처리하지 못했습니다", "This was not done"),
        "back": .init("처음으로", "Back to the start"),
        "birthDate": .init("생년월일", "Date of birth"),
        "phone": .init("전화번호", "Phone"),
        "receipt": .init("접수번호", "Receipt number"),
        "state": .init("상태", "State"),
        "when": .init("일시", "When"),
        "booking": .init("예약", "Booking"),
        "case": .init("고충민원", "Case"),
        "none": .init("없음", "None"),
        "reason": .init("사유", "Reason"),
    ]
}
