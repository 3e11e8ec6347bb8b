/// The decision document (처리결과 통지서): decision, reasons, evidence relied on, remedies; print-ready, large print too.
public import RedressCore
import RedressEvidence
import RedressStore

/// Makes decision documents.
public struct DecisionDesk: Sendable {
    let desk: Desk

    /// The decision document of a case as a page of HTML that prints on A4, on its own, without anything from outside.
    ///
    /// - Parameter largePrint: letters twice as high.
    /// - Throws: `.refused` while nothing is decided.
    public func document(
        of receipt: ReceiptNumber, largePrint: Bool, by actor: Actor, origin: String
    ) async throws -> String {
        try actor.require(.readCases)
        return try await desk.database.write { connection in
            let row = try RestoreDesk.find(receipt, connection)
            try StaffStore(connection).logAccess(
                by: actor, subject: row.receipt.description, what: "decision", origin: origin,
                reason: "decision document")
            let decision = try DecisionStore(connection).decisions(of: row.id).first
            guard decision != nil || row.restored != nil else {
                throw RedressError(.refused, "Nothing is decided in case \(row.receipt) yet.")
            }
            let known = try PersonIndexing(connection, desk).known(row.who)
            let verdict = try CaseStore(connection).verdicts(of: row.id).first
                .flatMap { try? JSONDocument.read(Verdict.self, from: $0.document) }
            let page = DecisionPage(
                row: row, name: known.name?.text ?? "", decision: decision,
                sentence: try decision.map {
                    try desk.keys.open($0.sentenceSealed, for: PersonalData.decision($0.id))
                } ?? "", findings: verdict?.findings ?? [], printedAt: connection.now)
            return page.html(largePrint: largePrint)
        }
    }
}

/// The content of a decision document.
private struct DecisionPage {
    let row: Case
    let name: String
    let decision: DecisionRow?
    let sentence: String
    let findings: [Finding]
    let printedAt: Instant

    func html(largePrint: Bool) -> String {
        """
        <!DOCTYPE html>
        <html lang="ko">
        <head>
        <meta charset="utf-8">
        <title>처리결과 통지서 \(row.receipt)</title>
        <style>
        @page { size: A4; margin: 20mm }
        body { font-family: serif; font-size: \(largePrint ? "22pt" : "11pt"); line-height: 1.6; max-width: 45em }
        h1 { font-size: 1.6em; text-align: center }
        h2 { font-size: 1.15em; break-after: avoid }
        th { text-align: left; vertical-align: top; padding-right: 1em; white-space: nowrap }
        li { break-inside: avoid }
        </style>
        </head>
        <body>
        <h1>처리결과 통지서</h1>
        <table>
        \(line("접수번호", row.receipt.description))
        \(line("신청인", name))
        \(line("접수일", row.receivedAt.date.description))
        \(line("대상 예약", lost))
        \(line("처리결과", outcome))
        </table>
        <h2>처리 내용과 사유</h2>
        <p>\(escaped(decision?.reason?.korean ?? ""))</p>
        <p>\(escaped(sentence))</p>
        <h2>확인한 근거</h2>
        <ul>
        \(evidence)
        </ul>
        <h2>불복 및 구제 방법</h2>
        <ul>
        \(remedies)
        </ul>
        <p>작성일: \(printedAt.date)</p>
        </body>
        </html>
        """
    }

    private var outcome: String {
        if let restored = row.restored {
            return "복구 완료: \(restored.slot.site) \(restored.slot.date) \(restored.slot.time)"
        }
        return switch decision?.outcome {
        case .rejected: "복구 불가 결정"
        case .restored: "복구 대상으로 인정(빈자리 배정 예정)"
        case let other: other?.korean ?? row.state.korean
        }
    }

    private var lost: String {
        guard let slot = row.slot else { return row.booking }
        return "\(row.booking) (\(slot.site) \(slot.date) \(slot.time))"
    }

    private var evidence: String {
        findings.filter { $0.outcome != .notApplicable }
            .map { "<li>\(escaped($0.text(.ko)))</li>" }.joined(separator: "\n")
    }

    private var remedies: String {
        var lines = [
            "국민권익위원회(국번 없이 110)에 고충민원을 신청할 수 있습니다.",
            "처분에 해당하는 경우 행정심판법에 따라 행정심판을 청구할 수 있습니다.",
        ]
        if let decision, decision.outcome == .rejected || decision.outcome == .notAffected {
            let lastDay = decision.at.date.adding(days: ObjectionPeriod.filingDays)
            lines.insert(
                "이 결정에 대하여 \(lastDay)까지 이의신청을 할 수 있으며, 이 건을 처리하지 않은 다른 담당자가 "
                    + "\(ObjectionPeriod.decisionDays)일 안에 다시 검토합니다.", at: 0)
        }
        return lines.map { "<li>\($0)</li>" }.joined(separator: "\n")
    }

    private func line(_ title: String, _ text: String) -> String {
        "<tr><th scope=\"row\">\(title)</th><td>\(escaped(text))</td></tr>"
    }

    private func escaped(_ text: String) -> String {
        text.replacing("&", with: "&amp;").replacing("<", with: "&lt;").replacing(">", with: "&gt;")
            .replacing("\"", with: "&quot;").replacing("\n", with: "<br>")
    }
}

extension Desk {
    /// Decision documents.
    public var decisions: DecisionDesk { DecisionDesk(desk: self) }
}
