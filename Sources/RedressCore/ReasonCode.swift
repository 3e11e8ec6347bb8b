/// Why a case ends without a restoration: the one list of codes that a rejection, a finding or a transfer names.

/// The reason of a decision that a citizen may object to.
public enum ReasonCode: String, Sendable, CaseIterable {
    /// The logs and the person's own account show that the waiting room was passed by.
    case queueBypassed = "queue-bypassed"
    /// No source has an attempt of this person to book.
    case noAttempt = "no-attempt"
    /// The person was not in the age band whose turn it was.
    case notEligible = "not-eligible"
    /// The person gave the booking up themselves.
    case cancelledByPerson = "cancelled-by-person"
    /// The booking stands: nothing was taken away.
    case bookingStands = "booking-stands"
    /// The loss has nothing to do with the incident.
    case otherCause = "other-cause"

    /// The decision this code can be given for.
    public var decision: CaseState {
        switch self {
        case .queueBypassed, .noAttempt, .notEligible: .rejected
        case .cancelledByPerson, .bookingStands, .otherCause: .notAffected
        }
    }

    /// The reason as the decision document words it.
    public var korean: String {
        switch self {
        case .queueBypassed: "대기열을 거치지 않고 예약 화면에 들어간 것으로 확인됨"
        case .noAttempt: "예약을 시도한 기록이 어느 자료에도 없음"
        case .notEligible: "해당 일자의 예약 대상 연령이 아님"
        case .cancelledByPerson: "본인이 예약을 취소한 것으로 확인됨"
        case .bookingStands: "예약이 유효하게 유지되고 있음"
        case .otherCause: "시스템 장애와 관련 없는 사유로 취소됨"
        }
    }

    /// The reason in English.
    public var english: String {
        switch self {
        case .queueBypassed: "the booking page was entered past the waiting room"
        case .noAttempt: "no source shows an attempt to book"
        case .notEligible: "the age band was not the one whose turn it was"
        case .cancelledByPerson: "the person cancelled the booking themselves"
        case .bookingStands: "the booking stands"
        case .otherCause: "the booking was lost for a reason that has nothing to do with the incident"
        }
    }
}

/// The periods of an objection (Civil Petitions Treatment Act, article 35).
public enum ObjectionPeriod {
    /// Days after the notice within which an objection is to be filed.
    public static let filingDays = 60
    /// Days within which it is to be decided.
    public static let decisionDays = 10
}
