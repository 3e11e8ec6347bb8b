/// The keys of the sentences that findings and verdicts are spoken in.

/// A sentence's key; the sentences stand in `MessageKorean` and `MessageEnglish`.
public enum Message: String, Sendable, Hashable, Codable, CaseIterable {
    case verdictVerified
    case verdictContradicted
    case verdictNotAffected
    case verdictUndetermined
    case attemptInside
    case attemptOutside
    case attemptNone
    case attemptUnknown
    case acceptedLogged
    case acceptedText
    case acceptedNone
    case acceptedUnknown
    case slotAgrees
    case slotDiffers
    case slotUnknown
    case queuedYes
    case queuedNone
    case queuedUnknown
    case queuedUnlinked
    case queuedNoAttempt
    case admittedPass
    case admittedBypass
    case admittedNone
    case admittedUnknown
    case admittedOutage
    case admittedLongAgo
    case admittedNoWait
    case inTurnServed
    case inTurnWaited
    case inTurnAhead
    case inTurnUnknown
    case passValid
    case passForged
    case passUnlinked
    case passElsewhere
    case passNotShown
    case passNotUsual
    case passExplained
    case passUnknown
    case passNoKeys
    case passNoAttempt
    case clockSteady
    case clockStepped
    case clockUnknown
    case pathComplete
    case pathPartial
    case pathNoKey
    case pathTimeout
    case pathOtherDevice
    case pathExplained
    case pathUnknown
    case toldYes
    case toldNone
    case toldUnknown
    case revokedYes
    case revokedInRegister
    case revokedStands
    case revokedCancelled
    case revokedUnknown
    case eligibleYes
    case eligibleVaccinated
    case eligibleCancelled
    case eligibleCohort
    case eligibleUnknown
    case outageExplains
    case outageNone
    case outageUnknown
    case coverageComplete
    case coveragePartial

    /// The sentence of a verdict.
    static func verdict(_ outcome: VerdictOutcome) -> Message {
        switch outcome {
        case .verified: .verdictVerified
        case .contradicted: .verdictContradicted
        case .notAffected: .verdictNotAffected
        case .undetermined: .verdictUndetermined
        }
    }

    /// The sentence with its values in their places.
    func sentence(_ language: Language, _ values: [String: String]) -> String {
        let template =
            switch language {
            case .ko: korean
            case .en: english
            }
        var out = ""
        var rest = template[...]
        while let open = rest.firstIndex(of: "{"), let close = rest[open...].firstIndex(of: "}") {
            out += rest[..<open]
            out += values[String(rest[rest.index(after: open)..<close])] ?? "-"
            rest = rest[rest.index(after: close)...]
        }
        return out + rest
    }
}
