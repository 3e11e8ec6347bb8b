/// Carries a step of the caller's page out, through the same desks as every other surface.
import RedressCore
import RedressDesk

/// Does what a form asks.
struct CaseActing {
    let desk: Desk
    let receipt: ReceiptNumber
    let form: PageForm
    let actor: Actor

    private var version: Int? { Int(form["version"]) }
    private var text: String { form["text"] }
    private var heard: HeardWord { HeardWord(.call, version: version) }

    /// Does one step.
    ///
    /// - Throws: what the desk throws; nothing was done then.
    func perform(_ act: CaseAct) async throws {
        switch act {
        case .verify, .restore, .accept, .decline, .wait: try await seat(act)
        case .ask, .answered, .override, .reject, .notAffected, .approve, .sendBack: try await review(act)
        case .object, .takeUp, .withdraw, .close, .reopen, .assign: try await lead(act)
        }
    }

    private func seat(_ act: CaseAct) async throws {
        let key = form.optional("key").map { "page-\(act.rawValue)-\($0)" }
        switch act {
        case .verify: _ = try await desk.cases.verify(receipt, by: actor)
        case .restore: _ = try await desk.restoration.restore(receipt, version: version, key: key, by: actor)
        case .accept:
            _ = try await desk.restoration.accept(receipt, heard, key: key, by: actor)
        case .decline:
            _ = try await desk.restoration.decline(receipt, heard, key: key, by: actor)
        default: _ = try await desk.offers.wait(receipt, by: actor)
        }
    }

    private func review(_ act: CaseAct) async throws {
        let desk = desk.reviews
        switch act {
        case .ask: _ = try await desk.ask(receipt, for: text, version: version, by: actor)
        case .answered: _ = try await desk.answered(receipt, note: text, version: version, by: actor)
        case .override: _ = try await desk.override(receipt, sentence: text, version: version, by: actor)
        case .reject:
            _ = try await desk.reject(
                receipt, reason: try reason, sentence: text, version: version, by: actor)
        case .notAffected:
            _ = try await desk.findNotAffected(
                receipt, reason: try reason, sentence: text, version: version, by: actor)
        case .approve: _ = try await desk.approve(receipt, version: version, by: actor)
        default: _ = try await desk.sendBack(receipt, reason: text, version: version, by: actor)
        }
    }

    private func lead(_ act: CaseAct) async throws {
        let cases = desk.lifecycle
        switch act {
        case .object:
            _ = try await cases.object(receipt, heardBy: .call, ground: text, version: version, by: actor)
        case .takeUp: _ = try await cases.takeUp(receipt, version: version, by: actor)
        case .withdraw:
            _ = try await cases.withdraw(receipt, heardBy: .call, note: text, version: version, by: actor)
        case .close: _ = try await cases.close(receipt, version: version, by: actor)
        case .reopen: _ = try await cases.reopen(receipt, reason: text, version: version, by: actor)
        default: _ = try await desk.work.assign(receipt, to: actor.name, version: version, by: actor)
        }
    }

    private var reason: ReasonCode {
        get throws {
            guard let reason = ReasonCode(rawValue: form["reason"]) else {
                throw RedressError(.badData, "Choose one of the reasons.")
            }
            return reason
        }
    }
}
