/// The words of the citizens' pages up to the case itself; what stands on the case is in `CitizenCaseWords.swift`.
extension Words {
    static let citizen: [String: Wording] = [citizenSignIn, citizenAsk, citizenWrong, citizenShell]
        .reduce(citizenCase) { $0.merging($1) { first, _ in first } }

    private static let citizenShell: [String: Wording] = [
        "leave": .init("나가기", "Sign out"),
        "staffDoor": .init("직원용", "For staff"),
        "optional": .init("(선택)", "(optional)"),
        "turnBack": .init("돌아가기", "Go back"),
        "wrongTitle": .init("다시 확인해 주세요", "Please check this"),
        "sessionUntil": .init(
            "보안을 위해 화면을 쓰지 않으면 자동으로 닫힙니다:",
            "For your safety these pages close by themselves when not used, at"),
        "sessionHint": .init("화면을 넘기면 시간이 다시 늘어나요.", "Opening a page starts the time again."),
        "endingTitle": .init("곧 화면이 닫힙니다", "These pages will close soon"),
        "endingText": .init(
            "1분 뒤 자동으로 닫힙니다. 계속하시겠어요? 적으신 내용은 지워지지 않아요.",
            "They close by themselves in a minute. Do you want to go on? What you typed is kept."),
        "stay": .init("계속하기", "Go on"),
        "stopNow": .init("그만하기", "Stop"),
        "endedText": .init(
            "보안을 위해 화면을 닫았습니다. 본인 확인을 다시 하면 적으신 내용부터 이어서 할 수 있어요.",
            "The pages were closed for your safety. Confirm who you are again and go on with what you typed."),
        "endedButton": .init("다시 본인 확인하기", "Confirm who I am again"),
        "callTitle": .init("전화로도 할 수 있어요", "You can also call"),
        "callButton": .init("1339로 전화하기", "Call 1339"),
        "callText": .init(
            "국번 없이 1339. 인터넷이 어렵거나 휴대전화가 없어도 전화로 똑같이 처리해 드립니다. 수어 통역은 107입니다.",
            "Call 1339. Everything here can be done by phone too, without the internet or a mobile. Sign language relay: 107."
        ),
        "note.ended": .init(
            "시간이 지나 화면을 닫았습니다. 본인 확인을 다시 해 주세요.",
            "The pages were closed after a while. Please confirm who you are again."),
        "note.kept": .init(
            "시간이 지나 화면을 닫았습니다. 적으신 내용은 보관했으니 본인 확인 뒤 이어서 하세요.",
            "The pages were closed after a while. What you typed is kept: confirm who you are and go on."),
        "note.back": .init(
            "적으신 내용을 그대로 가져왔습니다. 확인하고 보내 주세요.", "What you typed is here again. Check it and send it."),
        "note.again": .init(
            "오래된 화면이었습니다. 아무것도 처리하지 않았으니 한 번 더 눌러 주세요.",
            "That page was an old one. Nothing was done; please try once more."),
        "note.out": .init("나가기를 마쳤습니다.", "You are signed out."),
        "note.sent": .init("인증번호를 다시 보냈습니다.", "Another code was sent."),
        "note.none": .init(
            "아직 접수된 건이 없습니다. 아래에서 신청할 수 있어요.", "There is no case yet. You can ask for one below."),
        "note.changed": .init(
            "그사이 상태가 바뀌었습니다. 지금 상태는 아래와 같습니다.", "This changed in the meantime. Below is how it stands now."),
        "trouble.missing": .init("찾는 화면이 없습니다", "There is no such page"),
        "trouble.missing.text": .init(
            "주소가 바뀌었거나 본인의 건이 아닙니다. 처음 화면에서 다시 시작해 주세요.",
            "The address is wrong, or this is not your case. Please start from the first page."),
        "trouble.foreign": .init("처리하지 않았습니다", "This was not done"),
        "trouble.foreign.text": .init(
            "다른 사이트에서 보냈거나 오래된 화면입니다. 처음 화면에서 다시 시작해 주세요.",
            "This came from another site or an old page. Please start from the first page."),
        "trouble.changed": .init("그사이 상태가 바뀌었습니다", "This changed in the meantime"),
        "trouble.changed.text": .init(
            "아무것도 잃지 않았습니다. 내 건을 다시 열어 확인해 주세요.", "Nothing is lost. Please open your case again."),
        "trouble.tooLarge": .init("파일이 너무 큽니다", "The file is too large"),
        "trouble.tooLarge.text": .init("10MB보다 작은 파일로 다시 보내 주세요.", "Please send a file smaller than 10 MB."),
        "trouble.tooOften": .init("잠시 뒤에 다시 해 주세요", "Please try again later"),
        "trouble.tooOften.text": .init(
            "짧은 시간에 요청이 많았습니다. 급하시면 1339로 전화해 주세요.",
            "There were many requests in a short time. If it is urgent, call 1339."),
        "trouble.notTaken": .init("받지 못했습니다", "This could not be taken"),
        "trouble.notTaken.text": .init(
            "보낸 내용이 온전하지 않습니다. 앞 화면에서 다시 보내 주세요.",
            "What arrived is not complete. Please send it again from the page before."),
        "trouble.failed": .init("저희 쪽 문제로 처리하지 못했습니다", "Something failed on our side"),
        "trouble.failed.text": .init(
            "잘못하신 것이 아닙니다. 잠시 뒤 다시 하시거나 1339로 전화해 주세요.",
            "It is not your fault. Try again in a moment, or call 1339."),
        "check": .init("확인서 진위 확인", "Check a confirmation"),
        "checkHint": .init(
            "확인서에 적힌 확인번호로 지금도 유효한 문서인지 알 수 있어요. 개인정보는 나오지 않아요.",
            "Find out whether a confirmation is ours and still holds. Nothing personal is shown."),
        "checkExample": .init("예: 2N00-000D-7K3Q-XW4P", "For example 2N00-000D-7K3Q-XW4P"),
        "checkButton": .init("확인하기", "Check"),
        "checkValid": .init("유효한 확인서입니다", "This confirmation is valid"),
        "checkNotValid": .init("유효하지 않습니다", "Not valid"),
        "check.received": .init("저희가 발급한 접수 확인서입니다.", "We issued this confirmation of receipt."),
        "check.restored": .init(
            "저희가 발급한 예약 복구 확인서이며, 적힌 예약이 지금도 유효합니다.",
            "We issued this confirmation of a restored booking, and the booking on it still stands."),
        "check.invalid": .init(
            "저희가 발급하지 않았거나, 그 뒤에 예약이 바뀐 확인서입니다. 번호를 다시 한번 살펴봐 주세요.",
            "We did not issue it, or the booking has changed since. Please compare the code once more."),
    ]

    private static let citizenSignIn: [String: Wording] = [
        "start.title": .init("취소된 예약 되찾기", "Get a cancelled booking back"),
        "startTitle": .init("취소된 예약, 원래 날짜로 되돌려 드립니다", "We put your cancelled booking back on its date"),
        "start.what": .init(
            "{date} {from}부터 {to}까지 사전예약 시스템에 장애가 있었고, 그동안 하신 예약이 저희 잘못으로 취소되었습니다.",
            "On {date}, from {from} to {to}, the booking system failed, and bookings made during that time were cancelled by our mistake."
        ),
        "start.whatever": .init(
            "사전예약 시스템 장애로 정상적으로 하신 예약이 취소되는 일이 있었습니다.",
            "A failure of the booking system led to bookings being cancelled that had been made properly."),
        "startPromise": .init(
            "불편을 드려 죄송합니다. 접속 기록을 확인해 원래 자리로 되돌려 드립니다.",
            "We are sorry. We check the records and put you back where you were."),
        "startRestore": .init("내 날짜 되찾기", "Restore my date"),
        "startFollow": .init("내 신청 확인하기", "Follow my case"),
        "startWho": .init("이런 분이 해당돼요", "Who this is for"),
        "startWho1": .init(
            "‘예약 완료’ 문자를 받았는데 다음 날 취소되었다는 문자를 받으신 분",
            "You got a \"booking complete\" text and were told the next day that it was cancelled"),
        "startWho2": .init(
            "다시 예약했지만 처음보다 늦은 날짜로 밀리신 분", "You booked again and ended up with a later date than your first"),
        "startUnsure": .init(
            "잘 모르겠어도 괜찮아요. 저희가 기록에서 찾아 드립니다.", "Not sure? That is fine. We look it up in the records."),
        "startHow": .init("이렇게 진행돼요", "How it goes"),
        "startHow1": .init("본인 확인", "Who you are"),
        "startHow1Text": .init(
            "휴대전화 인증번호와 생년월일만 있으면 돼요.", "A code by text and your date of birth are enough."),
        "startHow2": .init("원하는 방식 고르기", "What you want"),
        "startHow2Text": .init(
            "원래 날짜, 같은 날 다른 시간, 가까운 날짜 중에서 고르세요.",
            "Your original date, another time that day, or a date near it."),
        "startHow3": .init("결과 받기", "What becomes of it"),
        "startHow3Text": .init(
            "지금 가진 예약은 새 자리가 확정될 때까지 그대로예요.", "What you hold now stays yours until the new seat is yours."),
        "who1": .init("본인 확인 1/3", "Who you are, 1 of 3"),
        "who2": .init("본인 확인 2/3", "Who you are, 2 of 3"),
        "who3": .init("본인 확인 3/3", "Who you are, 3 of 3"),
        "phone.title": .init("휴대전화 번호", "Mobile number"),
        "phoneTitle": .init("휴대전화 번호를 알려 주세요", "What is your mobile number?"),
        "phoneHint": .init("예약할 때 쓰신 번호로 인증번호를 보내 드려요.", "We text a code to the number you booked with."),
        "phoneLabel": .init("휴대전화 번호", "Mobile number"),
        "phoneSend": .init("인증번호 받기", "Text me a code"),
        "phoneSafe": .init(
            "문자에 링크는 넣지 않아요. 직원은 인증번호를 묻지 않아요.",
            "Our texts never hold a link. Our staff never ask for the code."),
        "numberChanged": .init("번호가 바뀌었어요", "My number has changed"),
        "code.title": .init("인증번호", "Code"),
        "codeTitle": .init("문자로 받은 번호를 적어 주세요", "Type the code we texted you"),
        "codeSent": .init("번호로 6자리 인증번호를 보냈습니다.", "was sent a code of six digits."),
        "codeUntil": .init("유효 시간:", "Good until"),
        "codeLabel": .init("인증번호 6자리", "Six-digit code"),
        "codeNext": .init("확인", "Continue"),
        "codeAgain": .init("인증번호 다시 받기", "Send another code"),
        "codeAgainIn": .init("{n}초 뒤에 다시 받을 수 있어요", "Another code in {n} seconds"),
        "codeAgainFrom": .init("다시 받을 수 있는 시각:", "Another can be sent from"),
        "codeOther": .init("다른 번호로 받기", "Use another number"),
        "birth.title": .init("생년월일", "Date of birth"),
        "birthTitle": .init("생년월일을 알려 주세요", "When were you born?"),
        "birthHint": .init(
            "번호를 물려받은 다른 분께 정보가 가지 않도록 한 번 더 확인해요.",
            "Numbers change hands, so we ask this to keep your data yours."),
        "birthLabel": .init("생년월일 8자리", "Date of birth, eight digits"),
        "birthExample": .init("예: 1967년 3월 1일이면 19670301", "For example 19670301 for 1 March 1967"),
        "birthNext": .init("내 예약 찾기", "Find my booking"),
        "number.title": .init("번호가 바뀌었다면", "If your number has changed"),
        "numberTitle": .init("번호가 바뀌었어도 되찾을 수 있어요", "You can get it back with a new number too"),
        "numberText": .init(
            "다른 사람이 가져가지 못하도록 전화로 확인한 뒤 바꿔 드려요.",
            "We change it after a call, so that nobody else can take it."),
        "number1": .init(
            "이름, 생년월일과 예약하신 날짜나 장소를 여쭤요.", "We ask your name, date of birth and the date or place you booked."
        ),
        "number2": .init("확인하는 동안 자리는 그대로 지켜 드려요.", "Your seat is kept meanwhile."),
        "number3": .init(
            "바뀐 번호로는 하루 동안 거절이나 취하를 할 수 없어요.",
            "For a day nothing can be declined or withdrawn from the new number."),
    ]

    private static let citizenAsk: [String: Wording] = [
        "bookings.title": .init("내 예약", "My bookings"),
        "sir": .init(" 님,", ","),
        "bookingsHead": .init("되찾을 예약을 골라 주세요", "Which booking do you want back?"),
        "bookingsLost": .init("취소된 예약", "Cancelled booking"),
        "bookingsHeld": .init("지금 가진 예약", "What you hold now"),
        "bookingsNone": .init(
            "취소된 예약을 찾지 못했습니다. 아래에서 직접 알려 주세요.",
            "We found no cancelled booking. Please tell us about it below."),
        "bookingsNext": .init("이 예약 되찾기", "Get this one back"),
        "bookingsUnlisted": .init("여기에 없어요", "Mine is not here"),
        "bookingsAll": .init("내 예약 모두 보기", "All my bookings"),
        "wish.title": .init("원하는 방식", "What I want"),
        "wishHead": .init("어떻게 되돌려 드릴까요?", "How would you like it back?"),
        "wishLegend": .init("하나를 골라 주세요", "Choose one"),
        "wishHeld": .init("새 자리가 확정될 때까지 그대로 둡니다:", "This stays yours until the new seat is yours:"),
        "wishNext": .init("신청하기", "Ask for it"),
        "wish.original-slot": .init("원래 날짜와 시간 그대로", "My original date and time"),
        "wish.original-slot.hint": .init("자리가 있으면 바로 확보해요.", "Held at once when a seat is free."),
        "wish.same-date": .init("같은 날 다른 시간", "Another time that day"),
        "wish.same-date.hint": .init("같은 곳에서 시간만 바꿔요.", "The same place at another time."),
        "wish.nearby-site": .init("같은 날 가까운 다른 곳", "Another place that day"),
        "wish.nearby-site.hint": .init("가까운 곳부터 찾아요.", "We look close by first."),
        "wish.nearest-date": .init("가장 가까운 다른 날", "The nearest other date"),
        "wish.nearest-date.hint": .init("원래 날짜에서 가까운 날부터 찾아요.", "The closest to your date first."),
        "wish.waitlist": .init("원래 자리가 나기를 기다림", "Wait for my original seat"),
        "unlisted.title": .init("목록에 없는 예약", "A booking that is not listed"),
        "unlistedHead": .init("예약하신 내용을 알려 주세요", "Tell us about your booking"),
        "unlistedHint": .init(
            "기억나는 만큼만 적으셔도 돼요. 담당자가 기록을 찾아 확인해 드려요.",
            "What you remember is enough. Somebody will look for it in the records."),
        "unlistedWhen": .init("예약한 날짜와 시간", "The date and time you booked"),
        "unlistedWhenHint": .init("예: 8월 16일 오전 10시", "For example 16 August, 10 in the morning"),
        "unlistedWhere": .init("예약한 곳", "The place you booked"),
        "unlistedWhereHint": .init("예: 강남구 예방접종센터", "For example Gangnam vaccination centre"),
        "unlistedText": .init("더 알려 주실 내용", "Anything else"),
        "unlistedFile": .init("받은 문자 화면 사진", "A picture of the text you got"),
        "unlistedSend": .init("보내기", "Send"),
        "fileHint": .init(
            "PNG, JPEG, PDF, 10MB까지. 사진에 담긴 위치 정보는 지우고 보관해요.",
            "PNG, JPEG or PDF, up to 10 MB. We remove the location a camera adds."),
    ]

    private static let citizenWrong: [String: Wording] = [
        "wrong.phone": .init(
            "휴대전화 번호를 010-1234-5678처럼 적어 주세요.", "Write a mobile number such as 010-1234-5678."),
        "wrong.landline": .init(
            "유선전화로는 문자를 보낼 수 없어요. 휴대전화 번호를 적거나 1339로 전화해 주세요.",
            "We cannot text a landline. Write a mobile number, or call 1339."),
        "wrong.wait": .init("{n}초 뒤에 다시 받을 수 있어요.", "Another code can be sent in {n} seconds."),
        "wrong.tooMany": .init(
            "오늘은 인증번호를 더 보낼 수 없어요. 내일 다시 하시거나 1339로 전화해 주세요.",
            "No more codes can be sent today. Try again tomorrow, or call 1339."),
        "wrong.code": .init(
            "번호가 다르거나 시간이 지났어요. 마지막에 받은 문자를 보고 다시 적거나, 새 번호를 받아 주세요.",
            "The code is wrong or too old. Type the one in the latest text, or ask for another."),
        "wrong.birth": .init(
            "생년월일을 8자리로 적어 주세요. 예: 19670301", "Write your date of birth in eight digits, such as 19670301."),
        "wrong.nobody": .init(
            "이 번호와 생년월일로는 예약을 찾지 못했습니다. 생년월일을 다시 살펴보시거나, 번호가 바뀌었다면 아래를 눌러 주세요.",
            "We found no booking for this number and date of birth. Check the date, or tell us below if your number has changed."
        ),
        "wrong.birthTooOften": .init(
            "다섯 번 모두 맞지 않았습니다. 1339로 전화하시면 바로 도와 드려요.",
            "Five tries did not fit. Call 1339 and we help you at once."),
        "wrong.booking": .init("되찾을 예약을 하나 골라 주세요.", "Choose the booking you want back."),
        "wrong.unlisted.when": .init(
            "예약한 날짜와 시간을 적어 주세요. 대략이어도 괜찮아요.", "Write the date and time you booked. Roughly is fine."),
        "wrong.unlisted.where": .init(
            "예약한 곳을 적어 주세요. 동네 이름만이라도 괜찮아요.", "Write the place you booked. The neighbourhood is fine."),
        "wrong.file": .init(
            "PNG, JPEG 사진이나 PDF만 보낼 수 있어요. 다른 파일을 골라 주세요.",
            "Only PNG or JPEG pictures and PDFs can be sent. Choose another file."),
        "wrong.fileLarge": .init(
            "파일이 10MB보다 커요. 더 작은 파일을 골라 주세요.", "The file is larger than 10 MB. Choose a smaller one."),
        "wrong.fileNone": .init("보낼 파일을 골라 주세요.", "Choose a file to send."),
        "wrong.identity": .init(
            "주민등록번호나 여권번호는 저장하지 않아요. 번호를 빼고 다시 보내 주세요.",
            "We do not keep resident or passport numbers. Leave the number out and send it again."),
        "wrong.words": .init("내용을 1자 이상 4,000자 이내로 적어 주세요.", "Write between 1 and 4,000 characters."),
        "wrong.empty": .init("내용을 적어 주세요. 한 문장이어도 괜찮아요.", "Please write something. One sentence is fine."),
        "wrong.checkEmpty": .init("확인번호를 적어 주세요.", "Type the code on the confirmation."),
        "wrong.changed": .init(
            "그사이 상태가 바뀌었습니다. 내용을 다시 읽고 한 번 더 눌러 주세요.",
            "This changed in the meantime. Read it again and press once more."),
        "wrong.refused": .init(
            "지금은 처리할 수 없습니다. 1339로 전화해 주세요.", "This cannot be done now. Please call 1339."),
        "wrong.refused.accept": .init(
            "접종 시간이 하루도 남지 않았거나 자리가 막 바뀌었습니다. 1339로 전화하시면 바로 확정해 드려요.",
            "The appointment is less than a day away, or the seat has just changed. Call 1339 and we settle it at once."
        ),
        "wrong.refused.decline": .init(
            "지금은 거절할 수 없습니다. 번호를 바꾸셨다면 하루 뒤에 할 수 있어요. 급하시면 1339로 전화해 주세요.",
            "This cannot be declined now. After a change of number it takes a day. If it is urgent, call 1339."
        ),
        "wrong.refused.object": .init(
            "이의신청 기간이 지났거나 이미 검토하고 있습니다. 자세한 내용은 1339로 여쭤 주세요.",
            "The time to object is over, or somebody is looking already. Call 1339 to ask."),
        "wrong.refused.withdraw": .init(
            "지금은 취하할 수 없습니다. 번호를 바꾸셨다면 하루 뒤에 할 수 있어요.",
            "This cannot be withdrawn now. After a change of number it takes a day."),
        "wrong.refused.answer": .init(
            "지금은 답을 받을 수 없습니다. 1339로 전화해 주세요.", "The answer cannot be taken now. Please call 1339."),
    ]
}
