/// Does the register show that the person may still be seated?

import RedressCore

/// Rests on the register. Cancelling or rebooking after the revocation is not "by choice".
enum EligibleRule {
    static func finding(_ evidence: PersonEvidence) -> Finding {
        let record = evidence.record
        if let done = record.bookings.first(where: { $0.status == .completed }) {
            return Finding(
                .eligible, .missing, source: .register, message: .eligibleVaccinated,
                citations: [done.citation].compactMap { $0 }, conclusive: true)
        }
        if let cancelled = cancelledByChoice(evidence) {
            return Finding(
                .eligible, .missing, source: .register, message: .eligibleCancelled, citations: [cancelled],
                conclusive: true)
        }
        guard let year = record.birthYear else {
            return Finding(.eligible, .missing, source: .register, message: .eligibleUnknown)
        }
        guard evidence.policy.birthYears.contains(year) else {
            return Finding(
                .eligible, .missing, source: .register, message: .eligibleCohort, conclusive: true)
        }
        return Finding(
            .eligible, .supports, source: .register, message: .eligibleYes,
            citations: [evidence.row?.citation].compactMap { $0 })
    }

    /// A cancellation of the claimed booking in the application's log before it was revoked.
    private static func cancelledByChoice(_ evidence: PersonEvidence) -> Citation? {
        guard let booking = evidence.claimed,
            evidence.events.contains(where: { $0.value.code == .cancel && $0.value.booking == booking })
        else { return nil }
        let revoked = evidence.revocation?.revokedAt.milliseconds ?? .max
        let bySystem = evidence.events.first { $0.value.code == .revoke }?.value.time ?? .max
        let told = evidence.dispatches.first { text in
            evidence.policy.revokedTemplates.contains(String(decoding: text.value.template, as: UTF8.self))
        }
        let end = min(revoked, bySystem, told?.value.time ?? .max)
        return evidence.events.first {
            $0.value.code == .cancel && $0.value.booking == booking && $0.value.time < end
        }?.line
    }
}
