/// Every refusal that staff meet: the desk's sentence with gaps, and the same in Korean with the gaps by number.
extension ErrorWords {
    static let table: [(String, String)] = people + cases + contacts + seats + others

    private static let people: [(String, String)] = [
        ("{} ({}) may not {}. Ask someone whose role may.", "{1} 님({2})의 권한으로는 할 수 없습니다. 권한이 있는 분께 요청해 주세요."),
        ("{} has 1 to {} characters.", "{1}은(는) 1자에서 {2}자까지 적어 주세요."),
        (
            "{} seems to hold {}, which redress does not keep. Leave the number out and try again.",
            "{1}에 보관하지 않는 번호(주민등록번호 등)가 있는 것 같습니다. 번호를 빼고 다시 적어 주세요."
        ),
        ("A name has 1 to {} characters.", "이름은 1자에서 {1}자까지 적어 주세요."),
        ("A name holds no digits and no control characters.", "이름에는 숫자를 쓸 수 없습니다."),
        ("This is not a telephone number: {}.", "전화번호가 아닙니다. 번호를 다시 확인해 주세요."),
        ("The last four digits are four digits.", "끝 네 자리는 숫자 네 개를 적어 주세요."),
        (
            "A name is looked up together with the date of birth, such as 1967-03-01.",
            "이름으로 찾을 때는 생년월일도 적어 주세요. 예: 1967-03-01"
        ),
        ("A date of birth is written 1967-03-01 or 19670301.", "생년월일은 1967-03-01이나 19670301처럼 적어 주세요."),
        ("There is no such person in {}.", "그런 분이 등록되어 있지 않습니다."),
        ("There is a member of the staff named {} already.", "{1} 이름의 담당자가 이미 있습니다."),
        ("There is no member of the staff named {}.", "{1} 이름의 담당자가 없습니다."),
        ("There is no enabled member of the staff named {}.", "{1} 이름의 활동 중인 담당자가 없습니다."),
        (
            "There is no member of the staff named {} who works on cases.",
            "{1} 이름으로 민원을 처리하는 담당자가 없습니다."
        ),
        ("A staff name has 1 to 64 characters and no colon.", "담당자 이름은 64자까지이며 쌍점(:)을 쓸 수 없습니다."),
        ("A member of the staff is one of: {}. Not {}.", "담당자의 역할을 목록에서 골라 주세요."),
        (
            "This request came from another site's page. Open our own page and try again.",
            "다른 사이트에서 보낸 양식이라 처리하지 않았습니다. 우리 화면에서 다시 해 주세요."
        ),
    ]

    private static let cases: [(String, String)] = [
        ("There is no case {}. Check the number with the caller.", "{1} 건이 없습니다. 접수번호를 다시 확인해 주세요."),
        (
            "Case {} was changed since version {}; it is at version {} now. {}Look at it again.",
            "보시는 동안 다른 사람이 {1} 건을 바꾸었습니다. 아래의 새 내용을 확인하고 다시 해 주세요. 적으신 내용은 남아 있습니다."
        ),
        (
            "Case {} was changed by somebody else meanwhile. Look at it again.",
            "그사이 다른 사람이 {1} 건을 바꾸었습니다. 새 내용을 확인하고 다시 해 주세요."
        ),
        ("A case that is {} cannot become {}. {}", "‘{1}’ 상태에서는 ‘{2}’(으)로 바꿀 수 없습니다."),
        ("Moving a case from {} to {} is for: {}. You are {}.", "‘{1}’에서 ‘{2}’(으)로 바꾸는 일은 다른 역할이 합니다."),
        ("Case {} is {}: its verdict is not taken again.", "‘{2}’ 상태인 {1} 건은 기록을 다시 확인하지 않습니다."),
        ("Case {} is {}: decide it before it is closed.", "{1} 건은 ‘{2}’ 상태입니다. 결정한 뒤에 마칠 수 있습니다."),
        ("The person may object to case {} until {}.", "{1} 건은 {2}까지 이의를 신청하실 수 있어 아직 마칠 수 없습니다."),
        ("Case {} was merged; work on the earlier one.", "{1} 건은 병합되었습니다. 먼저 접수된 건에서 처리해 주세요."),
        ("Case {} is {}: its clock ended.", "{1} 건은 ‘{2}’ 상태라 처리기간이 끝났습니다."),
        ("The period of an objection is extended once.", "이의신청의 기간은 한 번만 연장합니다."),
        (
            "A second extension needs the person's consent, and there is no third.",
            "두 번째 연장은 본인의 동의가 있어야 하고, 세 번째 연장은 없습니다."
        ),
        ("Both numbers already lead to case {}.", "두 번호는 이미 {1} 건으로 이어집니다."),
        ("Both numbers lead to the same case.", "두 번호는 같은 건입니다."),
        ("These cases are linked already.", "이미 연결된 건입니다."),
        (
            "Nothing shows that cases {} and {} are of the same person: no shared number, name and birth date, or booking. Link them instead.",
            "{1} 건과 {2} 건이 같은 분의 것이라는 근거(전화번호, 이름과 생년월일, 예약)가 없습니다. 병합하지 말고 연결해 주세요."
        ),
        ("Case {} has no decision to object to.", "{1} 건에는 이의를 신청할 결정이 없습니다."),
        (
            "The time to object to case {} ended on {}, {} days after the notice.",
            "{1} 건의 이의신청 기간은 {2}에 끝났습니다(안내한 날부터 {3}일)."
        ),
        ("Case {} is not waiting for an answer.", "{1} 건은 답변을 기다리는 상태가 아닙니다."),
        (
            "The request was decided meanwhile. Look at it again.",
            "그사이 다른 사람이 결정했습니다. 다시 확인해 주세요."
        ),
        (
            "{} asked for this decision; a second person must approve it.",
            "{1} 님이 요청한 결정입니다. 다른 담당자가 승인해야 합니다."
        ),
        ("Nothing about case {} waits for a second person.", "{1} 건에는 승인을 기다리는 것이 없습니다."),
        ("Choose one of the reasons.", "사유를 하나 골라 주세요."),
        (
            "{} handled case {} before the objection: somebody who did not must decide it.",
            "{1} 님은 이의신청 전에 {2} 건을 처리했습니다. 처리하지 않은 분이 결정해야 합니다."
        ),
        (
            "You declared the person of case {} to be yourself or a relative. A colleague must take this case.",
            "{1} 건의 민원인은 본인이나 가족으로 신고되어 있습니다. 동료에게 넘겨 주세요."
        ),
        (
            "You opened case {} by hand, so somebody else must override its verdict.",
            "{1} 건은 직접 접수하셨으므로 다른 분이 인정해야 합니다."
        ),
        ("Nothing is decided in case {} yet.", "{1} 건에는 아직 결정이 없습니다."),
        (
            "Look first at how cases with the same findings ended: `redress case similar {}`.",
            "확인사항이 같은 건이 어떻게 끝났는지 먼저 보아 주세요."
        ),
        (
            "A bulk act touches 1 to {} cases, not {}. Take fewer.",
            "한꺼번에 처리할 수 있는 것은 1건에서 {1}건까지입니다(고른 건: {2}건)."
        ),
        (
            "A case changed since the preview, or it was of another act. Look at the preview again.",
            "미리 본 뒤에 바뀐 건이 있습니다. 미리보기를 다시 확인해 주세요."
        ),
        ("Everybody takes cases at once. Try again.", "여러 분이 한꺼번에 건을 맡고 있습니다. 다시 해 주세요."),
    ]

    private static let contacts: [(String, String)] = [
        (
            "Contact {} was saved since version {}; it is at version {} now. Look at it again.",
            "보시는 동안 이 상담이 저장되었습니다. 새 내용을 확인하고 다시 해 주세요."
        ),
        ("There is no contact {}. See `redress contact list`.", "그런 상담이 없습니다."),
        (
            "A changed number needs two facts of the lost booking that fit; {} did.",
            "번호를 바꾸려면 취소된 예약의 사실 두 가지가 맞아야 합니다(맞은 것: {1}가지)."
        ),
        ("No change of number waits for case {}.", "{1} 건에는 승인을 기다리는 번호 변경이 없습니다."),
        (
            "{} asked for this change; a second member of the staff must agree.",
            "{1} 님이 요청한 변경입니다. 다른 담당자가 승인해야 합니다."
        ),
        ("A mandate must hold until today or later.", "대리 기한은 오늘이나 그 뒤여야 합니다."),
        ("Case {} has no live mandate {}.", "{1} 건에 유효한 대리인이 없습니다."),
        (
            "A representative cannot decline, withdraw or give a seat up for the person: ask the person.",
            "대리인은 거절하거나 취하하거나 자리를 내놓을 수 없습니다. 본인께 여쭤 주세요."
        ),
        (
            "The person's number was changed at {}: nothing can be declined or withdrawn for 24 hours.",
            "{1}에 번호가 바뀌었습니다. 24시간 동안은 거절이나 취하를 기록할 수 없습니다."
        ),
        ("No call-out waits for notice {}.", "전화로 알릴 안내가 없습니다."),
        ("There is no saved answer named {}. See `redress answer list`.", "{1}(이)라는 저장된 답변이 없습니다."),
        ("The name of a saved answer has 1 to 64 characters.", "저장된 답변의 이름은 1자에서 64자까지입니다."),
        (
            "Only a notice that failed or was cancelled, and was not told by voice, is sent again.",
            "실패했거나 취소된 안내만 다시 보낼 수 있습니다."
        ),
        ("Notice {} has left, or was ended before.", "이미 나갔거나 끝난 안내입니다."),
        ("Notice {} never left: cancel it instead.", "아직 나가지 않은 안내입니다. 정정하지 말고 취소해 주세요."),
        ("Notice {} was corrected before.", "이미 정정한 안내입니다."),
        (
            "The text holds a link or an address. No notice carries one: people are warned of such texts.",
            "안내 문자에는 링크나 주소를 넣을 수 없습니다."
        ),
        (
            "The text has {} bytes as carriers count them; {} is the most.",
            "문자가 너무 깁니다({1}바이트, 최대 {2}바이트)."
        ),
        (
            "{} asked for this notice; a second person must agree.",
            "{1} 님이 요청한 안내입니다. 다른 담당자가 승인해야 합니다."
        ),
        ("The notice {} is {} already.", "이 안내는 이미 ‘{2}’ 상태입니다."),
        ("The notice changed meanwhile. Look at it again.", "그사이 안내가 바뀌었습니다. 다시 확인해 주세요."),
        (
            "A notice to many needs a pace above 0 and at least one case state.",
            "받는 분의 상태를 하나 이상 고르고 분당 발송 수를 적어 주세요."
        ),
        ("There is no attachment {}.", "그런 첨부가 없습니다."),
    ]

    private static let seats: [(String, String)] = [
        (
            "The person of case {} holds a confirmed booking on {} already, so there is nothing to restore: a reviewer ends the case.",
            "{1} 건의 민원인은 이미 {2} 예약이 있어 복구할 것이 없습니다. 검토 담당자가 마칩니다."
        ),
        (
            "No seat is free on {} for case {}: what is reserved there is kept for earlier claims. Allot seats to the slot, or offer another (`redress case offer {}`).",
            "{1}에 {2} 건에 드릴 자리가 없습니다. 남은 자리는 먼저 예약하셨던 분의 몫입니다. 다른 자리를 제안하거나 물량 배정을 요청해 주세요."
        ),
        (
            "The appointment is within 24 hours: only a yes heard in a live call moves anyone now.",
            "접종까지 24시간이 남지 않았습니다. 통화로 동의를 들은 때에만 옮길 수 있습니다."
        ),
        (
            "Case {} is not verified ({}). Run `redress case verify {}`, or decide it as a human.",
            "{1} 건은 아직 정상 예약으로 확인되지 않았습니다."
        ),
        (
            "No source names the slot of case {}: a human must find it.",
            "{1} 건의 원래 자리를 알려 주는 기록이 없습니다. 담당자가 확인해야 합니다."
        ),
        (
            "No source tells which dose case {} is about: a human must.",
            "{1} 건이 몇 차 접종인지 알려 주는 기록이 없습니다. 담당자가 확인해야 합니다."
        ),
        ("Case {} has no live offer (it is {}). Make one first.", "{1} 건에는 유효한 제안이 없습니다. 먼저 제안해 주세요."),
        ("Case {} has no live offer (it is {}).", "{1} 건에는 유효한 제안이 없습니다."),
        ("No seat is free on {} any more. Look at the offers again.", "{1} 자리가 방금 찼습니다. 제안할 자리를 다시 확인해 주세요."),
        ("There is no offer {} for case {}: the list has {}. Look again.", "고르신 자리가 목록에 없습니다. 다시 확인해 주세요."),
        ("Case {} is {}: it cannot wait for a seat.", "‘{2}’ 상태인 {1} 건은 빈자리를 기다릴 수 없습니다."),
        ("The pool of {} has closed; nothing will come free there.", "{1} 자리는 마감되어 더 나지 않습니다."),
        (
            "Case {} has no move that can be undone: nothing was moved out, or the {} minutes have passed.",
            "{1} 건에는 되돌릴 수 있는 이동이 없습니다({2}분이 지났을 수 있습니다)."
        ),
        ("Case {} has no seat in the pool to give up.", "{1} 건에는 내놓을 자리가 없습니다."),
        ("The appointment {} is in the past; offer another one.", "{1} 자리는 날짜가 지났습니다. 다른 자리를 제안해 주세요."),
        ("The appointment {} is in the past: seats there help nobody.", "{1} 자리는 날짜가 지나 배정할 수 없습니다."),
        (
            "The pool of {} closed at {}. `redress pool policy` shows and moves the cutoff.",
            "{1} 자리는 {2}에 마감되었습니다."
        ),
        (
            "The pool of {} closed at {}. Offer another date (`redress case offer {}`).",
            "{1} 자리는 {2}에 마감되었습니다. 다른 날짜를 제안해 주세요."
        ),
        ("Seats must be a whole number from 1 to {}, not {}.", "자리 수는 1에서 {1}까지의 수로 적어 주세요."),
        (
            "An allotment needs its authority: the document or order that allows it.",
            "물량 배정에는 근거(문서나 명령 번호)가 있어야 합니다."
        ),
        (
            "{} seats of {} cannot be released: {} are free and {} open cases that name the slot hold none yet. At most {} can go before {}, when the rest goes by itself.",
            "{2}에서 {1}자리를 반납할 수 없습니다. 남은 자리 {3}, 아직 자리를 기다리는 건 {4}. 지금은 {5}자리까지 반납할 수 있습니다."
        ),
        (
            "You asked for this allotment yourself; somebody else must approve it.",
            "직접 요청하신 배정입니다. 다른 분이 승인해야 합니다."
        ),
        (
            "Somebody else decided this allotment meanwhile. Look at it again.",
            "그사이 다른 분이 결정했습니다. 다시 확인해 주세요."
        ),
        ("No allotment with the number {} waits for a second person.", "승인을 기다리는 배정이 아닙니다."),
        (
            "You made this plan yourself; restoring in bulk takes a second person to apply it.",
            "직접 만드신 계획입니다. 일괄 복구는 다른 분이 적용해야 합니다."
        ),
        (
            "No plan {} was shown for {}. Run `redress plan {}` and use its digest.",
            "그런 식별값의 계획이 없습니다. 계획을 다시 보고 식별값을 확인해 주세요."
        ),
        ("The hold on the seat has lapsed. Offer it again.", "자리 확보 시간이 지났습니다. 다시 제안해 주세요."),
        (
            "The person of case {} already holds a booking for this dose.",
            "{1} 건의 민원인은 이 차수의 예약을 이미 가지고 있습니다."
        ),
        ("The booking {} changed meanwhile. Look at the case again.", "그사이 예약이 바뀌었습니다. 다시 확인해 주세요."),
        (
            "The booking of case {} changed meanwhile. Look at it again.",
            "그사이 {1} 건의 예약이 바뀌었습니다. 다시 확인해 주세요."
        ),
        (
            "The case of booking {} was opened meanwhile. Look at it.",
            "그사이 이 예약의 건이 접수되었습니다. 그 건을 확인해 주세요."
        ),
        ("A chance is a number from 0 to 1.", "확률은 0에서 1 사이의 수로 적어 주세요."),
    ]

    private static let others: [(String, String)] = [
        ("There is no such step.", "그런 처리는 없습니다."),
        ("There is no such page.", "그런 화면은 없습니다."),
        ("There is no such list of work.", "그런 업무 목록은 없습니다."),
        ("There is no such file of the statistics.", "그런 통계 파일은 없습니다."),
        ("There is no such slot in the pool.", "복구 전용 예약분에 그런 자리가 없습니다."),
        ("There is no incident {}.", "{1} 장애가 없습니다."),
        (
            "redress itself failed. The operator finds the cause in the log.",
            "시스템 오류로 처리하지 못했습니다. 운영자가 기록에서 원인을 확인합니다."
        ),
    ]
}
