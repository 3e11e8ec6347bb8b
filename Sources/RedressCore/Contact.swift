/// One call, visit or message: who spoke, how they were verified, how it ended and what was promised.

/// Who spoke in a contact.
public enum Speaker: String, Sendable, CaseIterable {
    /// 본인: the person whose booking it was.
    case person
    /// 가족: a relative, without a recorded mandate.
    case family
    /// 대리인: a recorded representative.
    case representative
    /// 손말이음센터(107): a relay operator.
    case relay
    /// 통역: an interpreter.
    case interpreter
}

/// How a contact ended.
public enum WrapUp: String, Sendable, CaseIterable {
    case request
    case progress
    case complaint
    case wrongNumber = "wrong-number"
    case dropped
    case abusive
}

/// How it was made sure who is calling.
public enum Verification: String, Sendable, CaseIterable {
    /// Nobody was verified: only masked candidates show.
    case none
    /// Name, birth date and one fact of the booking were stated and compared.
    case facts
    /// At the counter, in person.
    case counter
}

/// Where a contact stands.
public enum ContactState: String, Sendable, CaseIterable {
    /// Begun and saved from the first key.
    case draft
    /// 끊긴 통화 – 다시 걸기: the line broke.
    case dropped
    /// Wrapped up.
    case ended
}

/// How a person wants to be told.
public enum PreferredChannel: String, Sendable, CaseIterable {
    case text
    case call
    case letter
    case email
    case representative
}

/// What somebody who speaks for the person may do; nobody may decline for them.
public enum RepresentativeScope: String, Sendable, CaseIterable {
    /// Ask and be told.
    case ask
    /// Also accept an offer.
    case accept
}

/// How a mandate was proven.
public enum MandateProof: String, Sendable, CaseIterable {
    /// The person was on the line too.
    case threeWayCall = "three-way-call"
    /// A code sent to the person was read back.
    case code
    /// A signed paper was shown.
    case paper
}

/// Whom the notices about a represented person go to.
public enum Addressee: String, Sendable, CaseIterable {
    case person
    case representative
    case both
}
