/// The words for values around a case: channels, speakers, wrap-ups, notices, entries, and what was just done.
extension Words {
    static let deskValues: [String: Wording] = contactValues.merging(noticeValues) { first, _ in first }
        .merging(entryValues) { first, _ in first }.merging(doneValues) { first, _ in first }

    private static let contactValues: [String: Wording] = [
        "channel.call": .init("전화", "Call"), "channel.counter": .init("방문", "Visit"),
        "channel.page": .init("누리집", "Web page"), "channel.text": .init("문자", "Text"),
        "channel.letter": .init("우편", "Letter"), "channel.sweep": .init("직권발굴", "Found by us"),
        "speaker.person": .init("본인", "The person"), "speaker.family": .init("가족", "Family"),
        "speaker.representative": .init("대리인", "Representative"),
        "speaker.relay": .init("107 중계사", "Relay operator (107)"),
        "speaker.interpreter": .init("통역", "Interpreter"),
        "wrap.request": .init("복구 신청", "Request"), "wrap.progress": .init("진행 문의", "Progress"),
        "wrap.complaint": .init("불만", "Complaint"), "wrap.wrong-number": .init("잘못 걸림", "Wrong number"),
        "wrap.dropped": .init("끊김", "Dropped"), "wrap.abusive": .init("폭언", "Abusive"),
        "contact.draft": .init("작성 중", "Draft"),
        "contact.dropped": .init("끊긴 통화 – 다시 걸기", "Broken: call again"),
        "contact.ended": .init("종료", "Ended"),
        "prefer.text": .init("문자", "Text"), "prefer.call": .init("전화", "Call"),
        "prefer.letter": .init("우편", "Letter"), "prefer.email": .init("전자우편", "E-mail"),
        "prefer.representative": .init("대리인", "Representative"),
        "language.ko": .init("한국어", "Korean"), "language.en": .init("영어", "English"),
        "scope.ask": .init("묻고 듣기", "Ask and be told"),
        "scope.accept": .init("제안에 동의까지", "Also accept an offer"),
        "proof.three-way-call": .init("3자 통화", "Three-way call"),
        "proof.code": .init("본인 인증번호", "Code to the person"),
        "proof.paper": .init("위임장", "Written mandate"),
        "addressee.person": .init("본인", "The person"),
        "addressee.representative": .init("대리인", "Representative"),
        "addressee.both": .init("두 분 모두", "Both"),
        "related.person": .init("같은 분", "Same person"), "related.phone": .init("같은 번호", "Same number"),
        "related.name and birth date": .init("같은 이름과 생년월일", "Same name and birth date"),
        "related.booking": .init("같은 예약", "Same booking"),
        "related.merged into this case": .init("이 건에 병합됨", "Merged into this case"),
        "searched.phone": .init(
            "모든 대장과 취소 명단의 전화번호(어떤 모양으로 적어도)",
            "the phone numbers of all registers and revocation lists, in any spelling"),
        "searched.name": .init(
            "생년월일이 같은 분의 이름(한글, 로마자, 영문 자판으로 친 한글)",
            "the names with this birth date, in Hangul, Latin letters and as typed on an English keyboard"),
        "searched.lastFour": .init("전화번호의 끝 네 자리", "the last four digits of the phone numbers"),
        "searched.booking": .init(
            "모든 대장과 취소 명단의 예약번호", "the booking numbers of all registers and revocation lists"),
        "searched.receipt": .init("모든 접수번호(병합된 번호 포함)", "the receipt numbers of all cases, merged ones too"),
    ]

    private static let noticeValues: [String: Wording] = [
        "notice.restored": .init("복구 완료", "Restored"), "notice.offered": .init("자리 제안", "Offer"),
        "notice.confirm-decline": .init("거절 확인", "Confirm the no"),
        "notice.declined": .init("거절 접수", "Declined"),
        "notice.lapsed": .init("제안 기한 지남", "Offer lapsed"), "notice.vacated": .init("자리 반납", "Seat given up"),
        "notice.undone": .init("이동 되돌림", "Move undone"), "notice.rejected": .init("불수용", "Rejected"),
        "notice.not-affected": .init("해당 없음", "Not affected"), "notice.withdrawn": .init("취하", "Withdrawn"),
        "notice.transferred": .init("이송", "Transferred"),
        "notice.needs-information": .init("보완 요구", "Question"), "notice.extended": .init("기간 연장", "Extended"),
        "notice.message": .init("개별 안내", "Message"), "notice.mass": .init("단체 안내", "Notice to many"),
        "notice.number-changed": .init("번호 변경", "Number changed"),
        "notice.correction": .init("오발송 정정", "Correction"),
        "notice.code": .init("인증번호", "Code"),
        "outbox.waiting": .init("보내기 전", "Waiting"), "outbox.sent": .init("보냄", "Sent"),
        "outbox.delivered": .init("받음", "Delivered"),
        "outbox.dropped": .init("보내지 않음(바뀐 사실)", "Dropped, no longer true"),
        "outbox.failed": .init("실패", "Failed"), "outbox.cancelled": .init("취소함", "Cancelled"),
        "mass.asked": .init("승인 대기", "Awaits approval"), "mass.running": .init("보내는 중", "Running"),
        "mass.stopped": .init("멈춤", "Stopped"), "mass.done": .init("마침", "Done"),
        "callOut.landline": .init("유선전화", "Landline"), "callOut.no-number": .init("번호 없음", "No number"),
        "callOut.failed": .init("문자 실패", "Text failed"), "callOut.call": .init("전화를 원하심", "Asked for a call"),
        "callOut.letter": .init("우편을 원하심", "Asked for a letter"),
        "callOut.email": .init("전자우편을 원하심", "Asked for e-mail"),
        "callOut.text": .init("문자를 원하심", "Asked for a text"),
        "callOut.representative": .init("대리인께", "To the representative"),
    ]

    private static let entryValues: [String: Wording] = [
        "entry.allot": .init("배정", "Allotted"), "entry.hold": .init("확보", "Held"),
        "entry.seat": .init("확정", "Seated"),
        "entry.expire": .init("확보 기한 지남", "Hold lapsed"), "entry.void": .init("확보 취소", "Hold given up"),
        "entry.vacate": .init("자리 내놓음", "Given up"), "entry.release": .init("반납", "Released"),
        "entry.take-in": .init("옮긴 예약 보관", "Later booking taken in"),
        "entry.keep-end-reserved": .init("보관 끝(남은 자리로)", "Kept seat freed"),
        "entry.keep-end-outside": .init("보관 끝(반납)", "Kept seat released"),
        "verdict.not read": .init("기록 확인 전", "Not read yet"),
        "verdict.not-affected": .init("해당 없음", "Not affected"),
        "bulk.assign": .init("담당자 지정", "Assign"), "bulk.note": .init("메모 남기기", "Add a note"),
        "bulk.notice": .init("안내 보내기", "Send a notice"),
        "field.The note": .init("메모", "Note"), "field.The reason": .init("사유", "Reason"),
        "field.The sentence": .init("본인께 드릴 설명", "Sentence"), "field.The promise": .init("약속한 내용", "Promise"),
        "field.The notice": .init("안내 내용", "Notice"), "field.The answer": .init("답변", "Answer"),
        "field.The agency": .init("받는 기관", "Agency"), "field.The relation": .init("관계", "Relation"),
        "field.The correction": .init("정정할 내용", "Correction"),
        "confirm.restore.swap": .init(
            "{seat} 자리를 확보해 두겠습니다. 지금 가지고 계신 {later} 예약은 동의하실 때까지 그대로 둡니다. 진행할까요?",
            "I hold {seat} for you. Your present booking on {later} stays yours until you say yes. Shall I go on?"
        ),
        "confirm.restore.only": .init(
            "{seat} 자리로 바로 확정하고 문자로 알려 드리겠습니다. 진행할까요?",
            "I put you back on {seat} now and we text you. Shall I go on?"),
        "confirm.accept.swap": .init(
            "{seat} 자리로 확정하고, 지금 가지고 계신 {later} 예약은 반납합니다. 동의하십니까?",
            "You get {seat}, and your present booking on {later} is released. Do you agree?"),
        "confirm.accept.only": .init(
            "{seat} 자리로 확정합니다. 동의하십니까?", "You get {seat}. Do you agree?"),
    ]

    private static let doneValues: [String: Wording] = [
        "done.contact": .init("상담을 저장했습니다.", "The contact is saved."),
        "done.save": .init("저장했습니다.", "Saved."), "done.end": .init("상담을 마쳤습니다.", "The contact has ended."),
        "done.file": .init("파일을 올렸습니다.", "The file is added."),
        "done.drop": .init("끊긴 통화로 남겼습니다. 다시 걸어 주세요.", "Kept as a broken call. Please call again."),
        "done.warn": .init("경고를 기록했습니다. 처리에는 영향이 없습니다.", "The warning is recorded; nothing else changes."),
        "done.verify": .init("확인했습니다.", "Checked."),
        "done.asked": .init("요청했습니다. 다른 담당자가 승인하면 됩니다.", "Asked; a second person must approve."),
        "done.number": .init("요청했습니다. 다른 담당자가 승인하면 됩니다.", "Asked; a second person must approve."),
        "done.check": .init("이력을 처음부터 모두 검사했습니다.", "The whole trail was checked."),
    ]
}
