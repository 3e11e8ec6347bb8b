/// A claim upheld against its verdict: one person proposes it, another approves, and neither opened it by hand.
public import RedressCore
import RedressStore

/// Upholds claims that the logs do not settle.
public struct UpholdDesk: Sendable {
    let desk: Desk

    /// Proposes to restore a case although its verdict is not `verified`; it then waits for a second person.
    public func propose(_ receipt: ReceiptNumber, reason: String, by actor: Actor) async throws {
        try actor.require(.workCases)
        guard reason.contains(where: { !$0.isWhitespace }) else {
            throw RedressError(.refused, "Upholding a claim needs its reason in a sentence.")
        }
        try await desk.database.write { connection in
            var row = try RestoreDesk.find(receipt, connection)
            try Impartiality.require(actor, on: row, connection)
            try Impartiality.requireNotOpener(actor, of: row, connection)
            try CaseMoving(connection).move(&row, to: .awaitingApproval, by: actor, reason: reason)
            try AuditStore(connection).append("case.propose-uphold", subject: receipt.description, by: actor)
        }
    }

    /// Approves what somebody else proposed: the claim counts as good from now on, as if its logs had shown it.
    ///
    /// The case goes back to review; `restore`, `offer` or `plan` then give it its seat.
    public func approve(_ receipt: ReceiptNumber, by actor: Actor) async throws {
        try actor.require(.applyPlan)
        try await desk.database.write { connection in
            var row = try RestoreDesk.find(receipt, connection)
            try Impartiality.require(actor, on: row, connection)
            try Impartiality.requireNotOpener(actor, of: row, connection)
            let proposal = try CaseStore(connection).moves(of: row.id).last
            guard let proposal, proposal.to == .awaitingApproval else {
                throw RedressError(
                    .refused, "Nothing is proposed for case \(receipt) (it is \(row.state.rawValue)).")
            }
            guard proposal.actor != actor.name else {
                throw RedressError(.notAllowed, "You proposed this yourself; somebody else must approve it.")
            }
            guard
                try ClaimStore(connection).uphold(
                    row.id, reason: proposal.reason, proposedBy: proposal.actor, approvedBy: actor.name)
            else { throw RedressError(.refused, "The claim of case \(receipt) was upheld before.") }
            try CaseMoving(connection).move(
                &row, to: .inReview, by: actor, reason: "upheld by \(proposal.actor) and \(actor.name)")
            try AuditStore(connection).append(
                "case.uphold", subject: receipt.description, by: actor,
                detail: ["proposed_by": proposal.actor])
        }
    }
}

extension Desk {
    /// Claims upheld by two people.
    public var uphold: UpholdDesk { UpholdDesk(desk: self) }
}
