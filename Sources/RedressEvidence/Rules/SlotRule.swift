/// Do the claim, the submit and the text name the same site, date and time?

import RedressCore

/// Adverse only when two sources name another seat than the claim.
enum SlotRule {
    static func finding(_ evidence: PersonEvidence) -> Finding {
        let event = evidence.seatEvent
        let text = evidence.completeTexts.first { $0.value.date != nil || !$0.value.site.isEmpty }
        guard let claim = evidence.seat else {
            return Finding(.slot, .missing, source: .booking, message: .slotUnknown)
        }
        var same = evidence.row == nil ? 0 : 1
        var other: [Citation] = []
        var lines: [Citation] = [evidence.row?.citation].compactMap { $0 }
        if let event {
            let agrees = agrees(claim, event.value.site, event.value.date, event.value.slot)
            if agrees { same += 1 } else { other.append(event.line) }
            lines.append(event.line)
        }
        if let text {
            let agrees = agrees(
                claim, String(decoding: text.value.site, as: UTF8.self), text.value.date, text.value.slot)
            if agrees { same += 1 } else { other.append(text.line) }
            lines.append(text.line)
        }
        let values = ["date": claim.date?.description ?? "", "slot": claim.slot?.description ?? ""]
        if other.count >= 2 {
            return Finding(
                .slot, .contradicts, source: .booking, message: .slotDiffers, values: values,
                citations: lines,
                conclusive: true)
        }
        if same >= 2 {
            return Finding(
                .slot, .supports, source: .booking, message: .slotAgrees, values: values, citations: lines)
        }
        return Finding(
            .slot, .missing, source: .booking, message: .slotUnknown, values: values, citations: lines)
    }

    /// A part that one side does not name cannot differ.
    private static func agrees(_ claim: ClaimedSeat, _ site: String, _ date: Int32?, _ slot: UInt16?) -> Bool
    {
        if !site.isEmpty, !claim.site.isEmpty, site != claim.site { return false }
        if let date, let claimed = claim.date, Int(date) != claimed.daysSinceEpoch { return false }
        if let slot, let claimed = claim.slot, Int(slot) != claimed.minutes { return false }
        return true
    }
}
