/// Is the booking on the revocation list, or revoked in the register?

import RedressCore

/// Rests on the registers.
enum RevokedRule {
    static func finding(_ evidence: PersonEvidence) -> Finding {
        if let row = evidence.revocation {
            return Finding(
                .revoked, .supports, source: .register, message: .revokedYes,
                values: [
                    "date": row.revokedAt.date.description, "time": row.revokedAt.timeOfDay.description,
                ],
                citations: [row.citation].compactMap { $0 })
        }
        guard let row = evidence.row else {
            return Finding(.revoked, .missing, source: .register, message: .revokedUnknown)
        }
        let lines = [row.citation].compactMap { $0 }
        switch row.status {
        case .revoked, .incomplete:
            return Finding(
                .revoked, .supports, source: .register, message: .revokedInRegister, citations: lines)
        case .confirmed, .completed:
            return Finding(
                .revoked, .notApplicable, source: .register, message: .revokedStands, citations: lines)
        case .cancelled:
            return Finding(
                .revoked, .notApplicable, source: .register, message: .revokedCancelled, citations: lines)
        }
    }
}
