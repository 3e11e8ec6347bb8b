/// The words for values of the domain: states, verdicts, origins, lists, log events, steps and what they do.
extension Words {
    static let values: [String: Wording] = states.merging(steps) { first, _ in first }
        .merging(records) { first, _ in first }.merging(readAloud) { first, _ in first }

    private static let states: [String: Wording] = [
        "state.received": .init("접수", "Received"), "state.verifying": .init("사실확인 중", "Verifying"),
        "state.in-review": .init("담당자 검토 중", "In review"),
        "state.needs-information": .init("보완 요구", "Needs information"),
        "state.offered": .init("대체 예약 제안", "Offered"), "state.waitlisted": .init("빈자리 대기", "Waitlisted"),
        "state.awaiting-approval": .init("승인 대기", "Awaiting approval"),
        "state.restored": .init("복구 완료", "Restored"), "state.rejected": .init("불수용", "Rejected"),
        "state.objection": .init("이의신청", "Objection"), "state.withdrawn": .init("취하", "Withdrawn"),
        "state.transferred": .init("이송", "Transferred"), "state.not-affected": .init("해당 없음", "Not affected"),
        "state.closed": .init("처리 완료", "Closed"),
        "verdict.verified": .init("정상 예약 확인", "Verified"),
        "verdict.contradicted": .init("추가 확인 필요", "Needs another look"),
        "verdict.undetermined": .init("기록으로 확인 불가", "Undetermined"),
        "outcome.supports": .init("뒷받침", "Supports"), "outcome.contradicts": .init("확인 필요", "Contradicts"),
        "outcome.missing": .init("기록 없음", "Missing"),
        "outcome.not-applicable": .init("해당 없음", "Not applicable"),
        "booking.confirmed": .init("예약됨", "Confirmed"), "booking.revoked": .init("기관 취소", "Revoked"),
        "booking.cancelled": .init("본인 취소", "Cancelled"), "booking.incomplete": .init("미완료", "Incomplete"),
        "booking.completed": .init("접종함", "Vaccinated"), "booking.moved-out": .init("반납", "Released"),
        "origin.applied": .init("신청", "Applied"), "origin.dictated": .init("구술", "By phone"),
        "origin.found": .init("직권발굴", "Found by us"),
        "list.mine": .init("내 건", "Mine"), "list.team": .init("우리 팀", "Team"),
        "list.unassigned": .init("담당자 없음", "Unassigned"), "list.due-today": .init("오늘 기한", "Due today"),
        "list.overdue": .init("기한 지남", "Overdue"), "list.at-risk": .init("기한 임박", "At risk"),
        "list.approvals": .init("승인 대기", "Approvals"), "list.objections": .init("이의신청", "Objections"),
        "list.escalated": .init("팀장 확인", "Escalated"),
        "role.agent": .init("상담사", "Agent"), "role.supervisor": .init("상담팀장", "Supervisor"),
        "role.analyst": .init("통계 담당", "Analyst"), "role.auditor": .init("감사", "Auditor"),
        "role.admin": .init("관리자", "Administrator"), "role.operator": .init("운영자", "Operator"),
        "plan.seat": .init("바로 확정", "Seat"), "plan.hold": .init("원래 자리를 확보하고 여쭘", "Hold and ask"),
        "plan.offer": .init("다른 자리를 제안", "Offer another"),
        "unmet.no-seat": .init("자리 없음", "No seat"), "unmet.undecided": .init("확인 중", "Undecided"),
        "unmet.no-slot": .init("원래 자리를 알 수 없음", "Slot unknown"),
        "unmet.no-dose": .init("차수를 알 수 없음", "Dose unknown"),
        "unmet.past": .init("날짜가 지남", "In the past"), "unmet.declined": .init("본인이 거절", "Declined"),
        "unmet.holds-it": .init("이미 가지고 있음", "Holds it already"),
    ]

    private static let records: [String: Wording] = [
        "kind.move": .init("상태", "State"), "kind.contact": .init("상담", "Contact"),
        "kind.note": .init("메모", "Note"),
        "kind.verdict": .init("확인", "Verdict"), "kind.notice": .init("안내", "Notice"),
        "kind.decision": .init("결정", "Decision"), "kind.attachment": .init("첨부", "File"),
        "kind.view": .init("조회", "View"),
        "log.queue": .init("대기열", "Waiting room"), "log.booking": .init("예약", "Booking"),
        "log.web": .init("웹서버", "Web server"), "log.sms": .init("문자", "Text messages"),
        "log.register": .init("예약 대장", "Register"), "log.account": .init("본인 진술", "Own account"),
    ]

    private static let steps: [String: Wording] = [
        "act.verify": .init("기록 다시 확인", "Read the logs again"),
        "act.verify.effect": .init(
            "로그에서 이분의 기록을 읽어 확인 결과를 남깁니다.", "Reads this person's log lines and records a verdict."),
        "act.restore": .init("원래 자리로 복구", "Restore the original seat"),
        "act.restore.hold": .init(
            "{seat} 자리를 확보하고 본인께 여쭙니다. 지금 예약은 그대로 둡니다.",
            "Holds {seat} and asks the person; what they hold now stays theirs."),
        "act.restore.seat": .init("{seat} 자리를 바로 확정합니다.", "Seats {seat} at once."),
        "act.tells": .init("본인께 문자로 알립니다.", "Texts the person."),
        "act.accept": .init("동의 기록하고 확정", "Record the yes and seat"),
        "act.accept.effect": .init(
            "확보한 자리를 확정하고 지금 가진 예약을 반납합니다.", "Seats the held seat and releases the later booking."),
        "act.decline": .init("거절 기록", "Record the no"),
        "act.decline.effect": .init(
            "확보한 자리를 돌려놓습니다. 지금 예약은 그대로입니다.", "Gives the held seat back; the present booking stays."),
        "act.wait": .init("빈자리 대기", "Wait for the original seat"),
        "act.wait.effect": .init("원래 자리가 나면 먼저 드립니다.", "The original seat goes to them when it comes free."),
        "act.ask": .init("보완 요구", "Ask the person"),
        "act.ask.effect": .init(
            "본인만 아는 것을 여쭙니다. 처리기간이 멈춥니다.", "Asks what only they can tell; the clock stands still."),
        "act.answered": .init("답변 기록", "Record the answer"),
        "act.answered.effect": .init("처리기간이 다시 갑니다.", "The clock runs again."),
        "act.override": .init("정상 예약으로 인정 요청", "Ask to uphold the claim"),
        "act.second.effect": .init("다른 담당자가 승인해야 합니다.", "A second person must approve."),
        "act.reject": .init("불수용 요청", "Ask to reject"),
        "act.not-affected": .init("해당 없음으로 결정", "Find not affected"),
        "act.object.effect": .init("처리하지 않은 다른 담당자가 다시 봅니다.", "Somebody who has not handled it looks again."),
        "act.object": .init("이의신청 받기", "Take an objection"),
        "act.take-up": .init("이의신청 검토 시작", "Take the objection up"),
        "act.approve": .init("승인", "Approve"),
        "act.approve.effect": .init("요청한 결정이 확정되고 본인께 알립니다.", "The decision stands and the person is told."),
        "act.send-back": .init("돌려보내기", "Send back"),
        "act.send-back.effect": .init("담당자가 다시 검토합니다.", "The case is reviewed again."),
        "act.withdraw": .init("취하 기록", "Record a withdrawal"),
        "act.withdraw.effect": .init(
            "본인이 민원을 거두신다고 말씀하신 경우에만 기록합니다.", "Only when the person said so themselves."),
        "act.close": .init("처리 완료", "Close"),
        "act.close.effect": .init("결과를 알린 건을 마칩니다.", "Ends a case whose outcome was told."),
        "act.reopen": .init("다시 열기", "Reopen"),
        "act.reopen.effect": .init("새 처리기간으로 다시 검토합니다.", "Reviewed again on a fresh clock."),
        "act.assign": .init("내가 맡기", "Assign to me"),
        "act.assign.effect": .init("내 목록에 올립니다.", "Puts it on my list."),
        "text.said": .init("말씀하신 내용", "What was said"), "text.question": .init("여쭐 내용", "The question"),
        "text.sentence": .init("본인께 드릴 설명", "What the person is told"), "text.why": .init("까닭", "Why"),
    ]

    private static let readAloud: [String: Wording] = [
        "say.verified": .init(
            "저희 시스템 문제로 불편을 드려 죄송합니다. 기록에서 정상 예약을 확인했습니다. {seat} 자리로 되돌려 드릴 수 있습니다. 진행할까요?",
            "We are sorry for the trouble our system caused. The logs show that you did book. We can put you back on {seat}. Shall we?"
        ),
        "say.full": .init(
            "저희 시스템 문제로 불편을 드려 죄송합니다. 기록에서 정상 예약을 확인했습니다. {seat} 자리는 지금 비어 있지 않아 다른 자리를 안내해 드립니다.",
            "We are sorry for the trouble our system caused. The logs show that you did book. {seat} is not free now; let me offer you other seats."
        ),
        "say.offered": .init(
            "{seat} 자리를 확보해 두었습니다. 동의하시면 바로 확정하고, 지금 가지고 계신 예약은 그때 반납합니다. 동의하십니까?",
            "We hold {seat} for you. If you say yes it is yours at once, and only then is your present booking released. Do you agree?"
        ),
        "say.offered-only": .init(
            "{seat} 자리를 확보해 두었습니다. 동의하시면 바로 확정합니다. 동의하십니까?",
            "We hold {seat} for you. If you say yes it is yours at once. Do you agree?"),
        "say.restored": .init(
            "{seat} 예약으로 복구되었습니다. 그동안 불편을 드려 죄송합니다.", "You are back on {seat}. We are sorry for the trouble."),
        "say.waitlisted": .init(
            "{seat} 자리가 나면 가장 먼저 연락드립니다. 지금 가지고 계신 예약은 그대로 쓰실 수 있습니다.",
            "We call you first when {seat} comes free. Your present booking stays yours."),
        "say.undetermined": .init(
            "저희 시스템 문제로 불편을 드려 죄송합니다. 남은 기록만으로는 확인되지 않아 담당자가 직접 확인하고 있습니다. 기록이 없다고 불리하게 처리하지 않습니다.",
            "We are sorry for the trouble our system caused. The logs that remain do not settle it, so a person is looking into it. Missing logs never count against you."
        ),
        "say.contradicted": .init(
            "저희 시스템 문제로 불편을 드려 죄송합니다. 추가로 확인할 내용이 있어 담당자가 검토하고 있습니다. 결과는 처리예정일까지 알려 드립니다.",
            "We are sorry for the trouble our system caused. A reviewer is looking at some details. You will hear by the due date."
        ),
        "say.received": .init(
            "접수되었습니다. 기록을 확인해 처리예정일까지 알려 드립니다.",
            "Your case is received. We check the logs and tell you by the due date."),
        "say.needs-information": .init(
            "여쭌 내용에 답해 주시면 바로 검토를 이어 갑니다.", "As soon as you answer our question we go on."),
        "say.rejected": .init(
            "복구하지 않기로 결정했습니다. 까닭을 설명해 드리겠습니다. 60일 안에 이의를 신청하실 수 있습니다.",
            "It was decided not to restore the booking. Let me explain why. You may object within 60 days."),
        "say.objection": .init(
            "이의신청을 다른 담당자가 다시 검토하고 있습니다.", "Another reviewer is looking at your objection."),
        "say.ended": .init(
            "이 건의 처리는 끝났습니다. 다른 도움이 필요하신지요?",
            "This case is finished. Is there anything else we can help with?"),
    ]
}
