/// The words of a citizen's own case: where it stands, what may be done, what was sent, seen and printed.
import RedressCore

extension Words {
    static let citizenCase: [String: Wording] = [
        citizenStates, citizenHeadlines, citizenNext, citizenFollow, citizenActs, citizenRecords,
        citizenPapers,
    ].reduce([:]) { $0.merging($1) { first, _ in first } }

    private static let citizenStates: [String: Wording] = [
        "own.state.received": .init("접수", "Received"),
        "own.state.verifying": .init("사실확인 중", "Checking the logs"),
        "own.state.in-review": .init("담당자 검토 중", "In review"),
        "own.state.needs-information": .init("답변 필요", "Waiting for your answer"),
        "own.state.offered": .init("자리 확보 – 답변 필요", "Seat held: please answer"),
        "own.state.waitlisted": .init("빈자리 대기", "On the waiting list"),
        "own.state.awaiting-approval": .init("담당자 검토 중", "In review"),
        "own.state.restored": .init("복구 완료", "Restored"),
        "own.state.rejected": .init("복구 불가 결정", "Not restored"),
        "own.state.objection": .init("이의신청 검토 중", "Objection under review"),
        "own.state.withdrawn": .init("취하", "Withdrawn"),
        "own.state.transferred": .init("다른 기관으로 이송", "Handed to another agency"),
        "own.state.not-affected": .init("해당 없음", "Not affected"),
        "own.state.closed": .init("처리 완료", "Closed"),
        "seatUnknown": .init("예약 일시 확인 중", "Date still being looked up"),
        "desk": .init("예약 복구 창구", "Booking restoration desk"),
    ]

    private static let citizenHeadlines: [String: Wording] = [
        "own.received": .init("신청을 접수했습니다", "We have your request"),
        "own.received.text": .init(
            "접속 기록에서 {seat} 예약을 찾고 있습니다.", "We are looking for your booking on {seat} in the records."),
        "own.verifying": .init("접속 기록을 확인하고 있습니다", "We are checking the records"),
        "own.verifying.text": .init("결과는 늦어도 {due}까지 알려 드립니다.", "You will hear by {due} at the latest."),
        "own.verified": .init("정상적으로 예약하신 것을 확인했습니다", "The records show that you did book"),
        "own.verified.text": .init(
            "{seat} 자리를 마련하고 있습니다. 마련되는 대로 문자로 알려 드립니다.",
            "We are finding you a seat on {seat} and text you as soon as there is one."),
        "own.in-review": .init("담당자가 직접 확인하고 있습니다", "A person is looking into it"),
        "own.in-review.text": .init(
            "기록만으로는 결정하지 않습니다. 기록이 없다고 불리하게 처리하지 않으며, 결과는 {due}까지 알려 드립니다.",
            "The records alone do not decide. Missing records never count against you, and you will hear by {due}."
        ),
        "own.deciding": .init(
            "정상 예약으로 확인했고, 다음 자리를 찾고 있습니다", "You did book; we are looking for the next seat"),
        "own.deciding.text": .init(
            "담당자가 가능한 자리를 살펴보고 연락드립니다. 지금 가진 예약은 그대로입니다.",
            "A person is looking at what is possible and will be in touch. What you hold now stays yours."),
        "own.unlisted": .init("알려 주신 예약을 찾고 있습니다", "We are looking for the booking you told us about"),
        "own.unlisted.text": .init(
            "담당자가 기록과 보내 주신 내용을 함께 확인해 {due}까지 알려 드립니다.",
            "Somebody compares the records with what you sent. You will hear by {due}."),
        "own.needs-information": .init("한 가지만 알려 주세요", "Please tell us one thing"),
        "own.needs-information.text": .init(
            "답해 주시면 바로 이어서 확인합니다. 답을 기다리는 동안 불이익은 없습니다.",
            "We go on as soon as you answer. Waiting costs you nothing."),
        "own.offered": .init("원래 자리를 확보해 두었습니다", "Your original seat is held for you"),
        "own.offered.text": .init(
            "받으시면 {seat} 예약으로 되돌려 드리고, 그때 지금 예약을 반납합니다.",
            "Say yes and you are back on {seat}; only then is your present booking released."),
        "own.other": .init("다른 자리를 확보해 두었습니다", "Another seat is held for you"),
        "own.other.text": .init(
            "원래 자리가 지금은 없어 {seat} 자리를 대신 드릴 수 있습니다.",
            "Your original seat is not free now; we can give you {seat} instead."),
        "own.waitlisted": .init("원래 자리가 나기를 기다리고 있습니다", "You are waiting for your original seat"),
        "own.waitlisted.text": .init(
            "{seat} 자리가 나면 가장 먼저 드립니다. 지금 가진 예약은 그대로 쓰실 수 있습니다.",
            "It goes to you first when {seat} comes free. What you hold now stays yours."),
        "own.awaiting-approval": .init("담당자가 직접 확인하고 있습니다", "A person is looking into it"),
        "own.awaiting-approval.text": .init(
            "두 사람이 함께 살펴본 뒤 결정합니다. 결과는 {due}까지 알려 드립니다.",
            "Two people look at it before anything is decided. You will hear by {due}."),
        "own.restored": .init("{seat} 예약으로 되돌려 드렸습니다", "You are back on {seat}"),
        "own.restored.text": .init(
            "원래 예약이 그대로 살아났습니다. 그날 그 시간에 가시면 됩니다. 불편을 드려 죄송합니다.",
            "Your original booking stands again. Just go at that time. We are sorry for the trouble."),
        "own.seated": .init("{seat} 예약이 확정되었습니다", "You are booked on {seat}"),
        "own.seated.text": .init(
            "고르신 자리로 예약되었습니다. 그날 그 시간에 가시면 됩니다.", "The seat you chose is yours. Just go at that time."),
        "own.rejected": .init("되돌려 드리지 못하기로 결정했습니다", "It was decided not to restore the booking"),
        "own.rejected.text": .init(
            "까닭은 아래와 같습니다. 다르게 생각하시면 이의를 신청할 수 있고, 처리하지 않은 다른 담당자가 다시 봅니다.",
            "The reason is below. If you see it differently you can object, and somebody else looks again."),
        "own.objection": .init("이의신청을 다시 검토하고 있습니다", "Your objection is being looked at"),
        "own.objection.text": .init(
            "처음 처리하지 않은 다른 담당자가 살펴보고 {due}까지 알려 드립니다.",
            "Somebody who did not handle it before looks again. You will hear by {due}."),
        "own.withdrawn": .init("신청을 거두셨습니다", "You took your request back"),
        "own.withdrawn.text": .init(
            "지금 가진 예약은 그대로입니다. 마음이 바뀌면 1339로 전화해 주세요.",
            "What you hold now stays yours. If you change your mind, call 1339."),
        "own.transferred": .init("담당 기관으로 넘겼습니다", "It was handed to the agency in charge"),
        "own.transferred.text": .init(
            "넘겨받은 기관에서 연락드립니다. 다시 신청하실 필요는 없습니다.", "That agency will be in touch. You need not ask again."),
        "own.not-affected": .init("취소된 예약이 없는 것으로 확인했습니다", "We found that no booking was taken from you"),
        "own.not-affected.text": .init(
            "까닭은 아래와 같습니다. 다르게 생각하시면 이의를 신청할 수 있습니다.",
            "The reason is below. If you see it differently you can object."),
        "own.closed": .init("처리를 마쳤습니다", "This case is closed"),
        "own.closed.text": .init("더 궁금하신 점은 1339로 여쭤 주세요.", "If you have questions, call 1339."),
    ]

    private static let citizenNext: [String: Wording] = [
        "next.received.1": .init("접속 기록을 확인합니다.", "We check the records."),
        "next.received.2": .init("결과를 {due}까지 문자로 알려 드립니다.", "We text you the result by {due}."),
        "next.verifying.1": .init("접속 기록을 확인합니다.", "We check the records."),
        "next.verifying.2": .init("결과를 {due}까지 문자로 알려 드립니다.", "We text you the result by {due}."),
        "next.verified.1": .init("{seat} 자리를 마련합니다.", "We find you a seat on {seat}."),
        "next.verified.2": .init("마련되면 문자로 알려 드립니다.", "We text you when there is one."),
        "next.in-review.1": .init("담당자가 기록을 직접 살펴봅니다.", "A person looks at the records."),
        "next.in-review.2": .init("결과를 {due}까지 문자로 알려 드립니다.", "We text you the result by {due}."),
        "next.deciding.1": .init("담당자가 가능한 자리를 찾습니다.", "A person looks for a seat."),
        "next.deciding.2": .init("찾으면 문자로 여쭙니다.", "When there is one, we ask you by text."),
        "next.unlisted.1": .init(
            "담당자가 보내 주신 내용과 기록을 맞춰 봅니다.", "Somebody compares what you sent with the records."),
        "next.unlisted.2": .init("결과를 {due}까지 문자로 알려 드립니다.", "We text you the result by {due}."),
        "next.offered.1": .init(
            "아래 ‘진행 상황 보기’에서 자리를 받을지 알려 주세요.",
            "Open \"See how it stands\" and tell us whether you take the seat."),
        "next.offered.2": .init("받으시면 그 자리에서 확정됩니다.", "If you take it, it is yours at once."),
        "next.offered.3": .init(
            "답하실 때까지 지금 예약({held})은 그대로입니다.", "Until then your present booking ({held}) stays yours."),
        "next.other.1": .init(
            "아래 ‘진행 상황 보기’에서 자리를 받을지 알려 주세요.",
            "Open \"See how it stands\" and tell us whether you take the seat."),
        "next.other.2": .init("받으시면 그 자리에서 확정됩니다.", "If you take it, it is yours at once."),
        "next.waitlisted.1": .init(
            "자리가 나면 가장 먼저 문자로 알려 드립니다.", "You are the first we text when it comes free."),
        "next.restored.1": .init("예약이 확정되었고 문자로도 알려 드립니다.", "It is settled, and we text you too."),
        "next.restored.2": .init("신분증을 가지고 그 시간에 가세요.", "Go at that time and bring your identity card."),
        "next.seated.1": .init("예약이 확정되었고 문자로도 알려 드립니다.", "It is settled, and we text you too."),
        "next.seated.2": .init("신분증을 가지고 그 시간에 가세요.", "Go at that time and bring your identity card."),
    ]

    private static let citizenFollow: [String: Wording] = [
        "follow.title": .init("내 신청", "My case"),
        "done.title": .init("신청 완료", "Your request is in"),
        "cases.title": .init("내 신청 목록", "My cases"), "casesHead": .init("내 신청", "My cases"),
        "doneFollow": .init("진행 상황 보기", "See how it stands"),
        "doneNext": .init("다음은 이렇게 돼요", "What happens next"),
        "doneText": .init(
            "접수번호를 적어 두지 않아도 돼요. 이 번호의 휴대전화로 언제든 다시 볼 수 있어요.",
            "No need to note the number: you can look again any time with your phone."),
        "dueBy": .init("늦어도 이날까지 알려 드립니다:", "You will hear at the latest by"),
        "dueStatutory": .init("민원처리법의 처리기간(7일)입니다.", "The period set by law, seven working days."),
        "dueInternal": .init(
            "저희가 먼저 찾은 건으로, 같은 기간을 목표로 합니다.", "We found this ourselves and hold ourselves to the same period."
        ),
        "offerSeat": .init("확보해 둔 자리", "The seat held for you"),
        "heldUntil": .init("이때까지 지켜 드립니다:", "Held for you until"),
        "offerLeftDays": .init("{d}일 남았어요.", "{d} days left."),
        "offerLeft": .init("{h}시간 {m}분 남았어요.", "{h} hours {m} minutes left."),
        "offerSilent": .init(
            "답하지 않으셔도 신청이 취소되지 않아요.", "If you do not answer, your request is not cancelled."),
        "offerYes": .init("이 자리 받기", "Take this seat"),
        "offerNo": .init("받지 않기", "Do not take it"),
        "questionHead": .init("여쭙고 싶은 것", "What we would like to know"),
        "questionAnswer": .init("답하기", "Answer"),
        "decisionHead": .init("결정", "Decision"),
        "objectUntil": .init("이의신청 기한:", "You can object until"),
        "followLine": .init("진행 상황", "How it stands"),
        "followBookings": .init("예약", "Bookings"),
        "heldNone": .init("지금 가진 예약이 없습니다.", "You hold no booking now."),
        "wanted": .init("원하신 방식", "What you asked for"),
        "followLogs": .init("기록에서 확인한 것", "What the records show"),
        "logsNone": .init("아직 기록을 확인하지 않았습니다.", "The records have not been read yet."),
        "logsMore": .init("나머지 확인 내용", "Everything else we checked"),
        "logsFair": .init("남아 있지 않은 기록은 불리하게 쓰지 않습니다.", "Records that are missing never count against you."),
        "finding.supports": .init("확인됨", "Confirmed"),
        "finding.contradicts": .init("담당자가 살펴볼 것", "For a person to look at"),
        "finding.missing": .init("기록 없음", "No record"),
        "followDo": .init("할 수 있는 일", "What you can do"),
        "followSaid": .init("주고받은 말", "What was said"),
        "followSent": .init("보내 드린 문자", "Texts we sent you"),
        "sentNone": .init("아직 없습니다.", "None yet."),
        "followContact": .init("담당과 연락처", "Who to call"),
        "incharge": .init("담당", "In charge"),
        "doFile": .init("사진이나 서류 더하기", "Add a picture or paper"),
        "doDocument": .init("처리결과 통지서", "Decision document (in Korean)"),
        "doDocumentLarge": .init("처리결과 통지서 큰 글자", "Decision document, large print (in Korean)"),
        "doLooks": .init("누가 내 정보를 보았는지", "Who has viewed my data"),
        "doObject": .init("이의신청하기", "Object"),
        "doWithdraw": .init("신청 거두기", "Take my request back"),
        "printPaper": .init("확인서 인쇄", "Print a confirmation"),
        "step.past": .init("마침", "Done"), "step.over": .init("끝남", "Ended"), "step.now": .init("지금", "Now"),
        "step.todo": .init("다음", "Next"),
        "step.received": .init("접수", "Received"),
        "step.checking": .init("기록 확인", "Records checked"),
        "step.verified": .init("정상 예약 확인", "Booking confirmed by the records"),
        "step.found": .init("담당자 검토", "Looked at by a person"),
        "step.seat.todo": .init("자리 마련", "A seat for you"),
        "step.seat.offered": .init("자리 확보 – 답을 기다립니다", "Seat held, waiting for your answer"),
        "step.seat.done": .init("예약 확정", "Booked"),
        "step.end.rejected": .init("복구 불가 결정", "Not restored"),
        "step.end.not-affected": .init("해당 없음", "Not affected"),
        "step.end.withdrawn": .init("취하", "Withdrawn"),
        "step.end.transferred": .init("이송", "Handed on"),
        "said.own": .init("내가 보낸 말", "You"), "said.staff": .init("담당자", "The desk"),
    ]

    private static let citizenActs: [String: Wording] = [
        "note.accept": .init("확정했습니다.", "It is settled."),
        "note.decline": .init(
            "받지 않기로 하셨습니다. 지금 가진 예약은 그대로입니다.", "You did not take it. What you hold now stays yours."),
        "note.object": .init("이의신청을 접수했습니다.", "We have your objection."),
        "note.withdraw": .init("신청을 거두었습니다.", "Your request was taken back."),
        "note.answer": .init("답변을 받았습니다.", "We have your answer."),
        "note.file": .init("파일을 받았습니다.", "We have the file."),
        "act.own.accept": .init("이 자리를 받으시겠어요?", "Take this seat?"),
        "act.own.accept.1": .init("{seat} 예약이 확정됩니다.", "You are booked on {seat}."),
        "act.own.accept.2.held": .init(
            "지금 가진 예약({held})은 그때 반납됩니다.", "Your present booking ({held}) is released at that moment."),
        "act.own.accept.2.none": .init(
            "지금 가진 예약이 없어 반납할 것은 없습니다.", "You hold nothing now, so nothing is released."),
        "act.own.accept.button": .init("네, 받을게요", "Yes, take it"),
        "act.own.decline": .init("받지 않으시겠어요?", "Leave this seat?"),
        "act.own.decline.1": .init("{seat} 자리는 기다리는 다른 분께 갑니다.", "{seat} goes to somebody who waits."),
        "act.own.decline.2.held": .init(
            "지금 가진 예약({held})은 그대로입니다.", "Your present booking ({held}) stays yours."),
        "act.own.decline.2.none": .init(
            "담당자가 다른 자리를 찾아 다시 연락드립니다.", "Somebody looks for another seat and is in touch."),
        "act.own.decline.button": .init("받지 않을게요", "Leave it"),
        "act.own.object": .init("이의신청", "Object to the decision"),
        "act.own.object.1": .init(
            "처리하지 않은 다른 담당자가 처음부터 다시 봅니다.", "Somebody who did not handle it looks at everything again."),
        "act.own.object.2": .init("10일 안에 결과를 알려 드립니다.", "You will hear within ten days."),
        "act.own.object.label": .init("어떤 점이 다른가요?", "What do you see differently?"),
        "act.own.object.button": .init("이의신청하기", "Object"),
        "act.own.withdraw": .init("신청을 거두시겠어요?", "Take your request back?"),
        "act.own.withdraw.1": .init("원래 자리로 되돌리는 일을 멈춥니다.", "We stop putting you back on your date."),
        "act.own.withdraw.2.held": .init(
            "지금 가진 예약({held})은 그대로입니다.", "Your present booking ({held}) stays yours."),
        "act.own.withdraw.2.none": .init(
            "확보해 둔 자리가 있으면 기다리는 다른 분께 갑니다.", "A seat that is held goes to somebody who waits."),
        "act.own.withdraw.label": .init("까닭을 알려 주시면 도움이 돼요", "Tell us why, if you like"),
        "act.own.withdraw.silent": .init("까닭을 적지 않음", "No reason given"),
        "act.own.withdraw.button": .init("거둘게요", "Take it back"),
        "act.own.answer": .init("답변", "Your answer"),
        "act.own.answer.1": .init("보내시면 담당자가 바로 이어서 확인합니다.", "Somebody goes on as soon as you send it."),
        "act.own.answer.label": .init("답변 내용", "Your answer"),
        "act.own.answer.button": .init("답변 보내기", "Send"),
        "files.title": .init("사진이나 서류", "Pictures and papers"),
        "filesTitle": .init("사진이나 서류 더하기", "Add a picture or paper"),
        "filesText": .init(
            "받은 문자 화면이나 예약 화면 사진이 있으면 도움이 돼요. 없어도 괜찮아요.",
            "A picture of the text or of the booking page helps. It is fine without one."),
        "filesHead": .init("보낸 파일", "Files you sent"),
        "fileLabel": .init("파일 고르기", "Choose a file"), "fileSend": .init("보내기", "Send"),
    ]

    private static let citizenRecords: [String: Wording] = [
        "looks.title": .init("내 정보를 본 기록", "Who has viewed my data"),
        "looksHead": .init("누가 내 정보를 보았는지", "Who has viewed my data"),
        "looksText": .init(
            "누가 언제 무엇을 보았는지 모두 남습니다. 이상한 점이 있으면 1339로 알려 주세요.",
            "Every look is recorded: who, when and at what. If something seems wrong, call 1339."),
        "looksCut": .init("가장 최근 100건입니다.", "The latest hundred."),
        "looks.own": .init("본인이 보신 {n}번은 빼고 보여 드립니다.", "Your own looks, {n} of them, are left out."),
        "looksNone": .init("다른 사람이 본 기록이 없습니다.", "Nobody else has looked."),
        "looker.system": .init("시스템", "The system"),
        "looker.operator": .init("운영자", "An operator"),
        "looker.staff": .init("담당자 {name}", "{name} of our staff"),
        "look.own": .init("내 정보 보기", "opened these pages"),
        "look.sign-in": .init("본인 확인", "confirmed who you are"),
        "look.case": .init("신청 내용을 봄", "looked at the case"),
        "look.timeline": .init("처리 과정을 봄", "looked at what happened"),
        "look.evidence": .init("접속 기록을 봄", "looked at the log lines"),
        "look.packet": .init("근거 자료를 인쇄함", "printed the evidence"),
        "look.decision": .init("처리결과 통지서를 봄", "opened the decision document"),
        "look.lookup": .init("찾아봄", "searched"),
        "look.unmask": .init("가려진 정보를 봄", "saw masked data in clear"),
        "look.attachments": .init("보낸 파일 목록을 봄", "looked at the list of files"),
        "look.download": .init("보낸 파일을 열어 봄", "opened a file"),
        "look.related": .init("관련된 건을 봄", "looked at related cases"),
        "look.contact": .init("상담 이력을 봄", "looked at a call"),
        "look.verify-caller": .init("전화로 본인 확인", "confirmed who called"),
        "look.access-log": .init("조회 기록을 봄", "looked at this record"),
        "look.representative": .init("대리인 확인", "checked a representative"),
        "look.other": .init("정보를 봄", "looked at data"),
        "message.restored": .init("예약 복구 안내", "Your booking is restored"),
        "message.offered": .init("자리 확보 안내", "A seat is held for you"),
        "message.confirm-decline": .init("거절 확인 요청", "Please confirm your no"),
        "message.declined": .init("받지 않음 확인", "You did not take the seat"),
        "message.lapsed": .init("기한 지남 안내", "The time to answer ended"),
        "message.vacated": .init("예약 반납 확인", "Your seat was given back"),
        "message.undone": .init("되돌림 확인", "The move was undone"),
        "message.rejected": .init("결정 안내", "The decision"),
        "message.not-affected": .init("결정 안내", "The decision"),
        "message.withdrawn": .init("신청을 거둠 확인", "Your request was taken back"),
        "message.transferred": .init("이송 안내", "Handed to another agency"),
        "message.needs-information": .init("여쭙는 문자", "A question to you"),
        "message.extended": .init("기간 연장 안내", "The period was extended"),
        "message.message": .init("안내 문자", "A message"),
        "message.mass": .init("전체 안내", "A notice to everyone"),
        "message.number-changed": .init("번호 변경 안내", "Your number was changed"),
        "message.correction": .init("정정 안내", "A correction"),
        "message.other": .init("안내 문자", "A message"),
        "message.state.waiting": .init("곧 보냄", "about to be sent"),
        "message.state.sent": .init("보냄", "sent"),
        "message.state.dropped": .init("내용이 바뀌어 보내지 않음", "not sent, because things had changed"),
        "message.state.failed": .init("보내지 못함 – 전화로 연락", "could not be sent: we call you"),
        "message.state.cancelled": .init("보내지 않음", "not sent"),
        "message.state.other": .init("처리 중", "under way"),
    ]

    private static let citizenPapers: [String: Wording] = [
        "paper.received": .init("접수 확인서", "Confirmation of receipt"),
        "paper.received.text": .init(
            "위와 같이 고충민원이 접수되었음을 확인합니다.", "This confirms that the case above was received."),
        "paper.restored": .init("예약 복구 확인서", "Confirmation of a restored booking"),
        "paper.restored.text": .init(
            "위와 같이 예약이 복구되었음을 확인합니다.", "This confirms that the booking above was restored."),
        "paper.name": .init("이름", "Name"), "paper.receivedAt": .init("접수일시", "Received"),
        "paper.lost": .init("취소된 예약", "Cancelled booking"), "paper.seat": .init("복구된 예약", "Restored booking"),
        "paper.state": .init("처리 상태", "How it stands"), "dueDate": .init("처리예정일", "Due"),
        "paperCode": .init("확인번호", "Code to check it with"),
        "paperCheck": .init(
            "이 사이트의 ‘확인서 진위 확인’에 적으면 지금도 유효한지 알 수 있습니다.",
            "Type it on this site under \"Check a confirmation\" to see whether it still holds."),
        "paperPrinted": .init("출력:", "Printed:"),
        "paperSign": .init("예약 복구 창구", "Booking restoration desk"),
        "print": .init("인쇄하기", "Print"),
        "printHint": .init(
            "인쇄 단추가 보이지 않으면 브라우저 메뉴의 인쇄를 눌러 주세요.",
            "If you see no print button, use your browser's print menu."),
        "paper.normal": .init("보통 글자", "Normal print"),
    ]
}
