/// The words of signing in and of one's own account.
extension Words {
    static let signIn: [String: Wording] = [
        "staffSignIn": .init("상담·운영 담당자 로그인", "Staff sign-in"),
        "staffSignInHint": .init(
            "접속과 조회는 모두 기록됩니다.", "Signing in and every look are recorded."),
        "staffName": .init("이름", "Name"), "password": .init("비밀번호", "Password"),
        "oneTimeCode": .init("인증 앱의 숫자 6자리 또는 복구 코드", "Six digits of the app, or a recovery code"),
        "appCode": .init("새 앱에 보이는 숫자 6자리", "The six digits the new app shows"),
        "haveInvitation": .init("초대받으셨나요? 비밀번호를 정해 주세요.", "Invited? Choose your password."),
        "keptNotice": .init(
            "작성하신 내용은 그대로 있습니다. 들어오신 뒤에 다시 보낼 수 있어요.",
            "What you wrote is kept. You can send it after you have signed in."),
        "signInFailed": .init(
            "이름, 비밀번호, 인증 숫자 가운데 맞지 않는 것이 있습니다.",
            "The name, the password or the code is not right."),
        "tooManyTries": .init(
            "시도가 너무 많았습니다. {s}초 뒤에 다시 해 주세요.", "Too many attempts. Try again in {s} seconds."),
        "proveTitle": .init("본인 확인", "Confirm it is you"),
        "proveHint": .init(
            "중요한 작업이라서 비밀번호와 인증 숫자를 한 번 더 확인합니다. 확인은 5분 동안 이어집니다.",
            "This step matters, so we ask for your password and code once more. It then holds for five minutes."
        ),
        "proofNeeded": .init("아직 처리하지 않았습니다. 본인 확인이 먼저 필요합니다.", "Nothing was done yet: confirm it is you."),
        "confirm": .init("확인하기", "Confirm"),
        "resumeTitle": .init("아직 보내지 않은 내용", "Not sent yet"),
        "resumeHint": .init(
            "내용을 확인하고 보내 주세요. 보내기 전에는 아무것도 바뀌지 않습니다.",
            "Check it and send it. Nothing changes before you do."),
        "whatYouWrote": .init("작성하신 내용", "What you wrote"),
        "sendNow": .init("보내기", "Send it"), "leaveIt": .init("보내지 않고 돌아가기", "Go back without sending"),
        "invitationTitle": .init("초대 받기", "Take up an invitation"),
        "invitation": .init("초대 번호 (rdi_로 시작)", "Invitation (begins with rdi_)"),
        "invitationHint": .init(
            "관리자에게 직접 받은 초대 번호를 입력하고 비밀번호를 정해 주세요. 한 번만 쓸 수 있습니다.",
            "Enter the invitation your administrator handed you and choose a password. It works once."),
        "invitationInvalid": .init(
            "쓸 수 없는 초대입니다. 이미 썼거나 기한이 지났거나 잘못 입력되었습니다. 관리자에게 새로 받아 주세요.",
            "This invitation is not valid: used, too old, or mistyped. Ask your administrator for a new one."),
        "newPassword": .init("새 비밀번호 (15자 이상)", "New password (at least 15 characters)"),
        "passwordAgain": .init("새 비밀번호 한 번 더", "New password once more"),
        "passwordHint": .init("문장 하나가 외우기 쉽고 안전합니다.", "A sentence is easy to remember and safe."),
        "passwordLength": .init(
            "비밀번호는 15자에서 256자까지 쓸 수 있습니다.", "A password has 15 to 256 characters."),
        "passwordCommon": .init(
            "흔히 시도되는 비밀번호이거나 이름이 들어 있습니다. 다른 것으로 정해 주세요.",
            "That password is one that is tried first, or holds your name. Choose another."),
        "passwordDifferent": .init("두 비밀번호가 서로 다릅니다.", "The two passwords are not the same."),
        "enrolledTitle": .init("두 번째 확인 수단 설정", "Set up your second factor"),
        "enrolledHint": .init(
            "인증 앱으로 이 그림을 찍고 복구 코드를 종이에 적어 두세요. 이 화면은 다시 나오지 않습니다.",
            "Scan this with an authenticator app and keep the codes on paper. This is shown once."),
        "scanThis": .init("인증 앱에서 찍을 QR 코드", "QR code for your authenticator app"),
        "orType": .init("찍을 수 없으면 이 글자를 입력해 주세요", "If you cannot scan it, type this"),
        "recoveryTitle": .init("복구 코드", "Recovery codes"),
        "recoveryHint": .init(
            "휴대전화를 잃어버렸을 때 숫자 대신 씁니다. 하나에 한 번만 쓸 수 있고, 다시 보여 드리지 않습니다.",
            "For the day your phone is lost. Each works once, and they are not shown again."),
        "recoveryLeft": .init("남은 코드 {n}개", "{n} left"),
        "toSignIn": .init("로그인하러 가기", "Go to sign-in"),
        "account": .init("내 계정", "My account"),
        "changePassword": .init("비밀번호 바꾸기", "Change the password"),
        "changePasswordHint": .init(
            "바꾸면 모든 기기에서 로그아웃됩니다.", "Every session ends, this one too."),
        "passwordNow": .init("지금 비밀번호", "Current password"),
        "authenticatorTitle": .init("새 인증 앱", "New authenticator"),
        "authenticatorHint": .init(
            "새 앱의 첫 숫자를 확인한 다음부터 새 앱을 씁니다. 그때 다른 기기는 로그아웃됩니다.",
            "The new app counts once its first code is confirmed. Your other sessions end then."),
        "newAuthenticator": .init("새 인증 앱 등록하기", "Set up a new app"),
        "codeWrong": .init(
            "새 앱에 지금 보이는 숫자가 아닙니다. 다음 숫자로 해 주세요.",
            "That is not the code the new app shows now. Try the next one."),
        "newRecoveryCodes": .init("복구 코드 새로 받기", "Make new codes"),
        "newRecoveryHint": .init("새로 받으면 지난 코드는 쓸 수 없습니다.", "The earlier codes stop working."),
        "mySessions": .init("로그인한 곳", "My sessions"),
        "since": .init("시작", "Since"), "lastSeen": .init("마지막 사용", "Last used"),
        "thisOne": .init("지금 이 화면", "This one"), "endIt": .init("끝내기", "End it"),
        "endOthers": .init("다른 곳 모두 로그아웃", "End all others"),
        "myTokens": .init("접속 토큰", "My tokens"),
        "tokensHint": .init(
            "프로그램이 쓰는 토큰입니다. 새 토큰은 관리자가 만듭니다.",
            "What programs act with for you. Administrators make new ones."),
        "noTokens": .init("토큰이 없습니다.", "No tokens."),
        "expires": .init("기한", "Expires"), "scope": .init("범위", "Scope"),
        "tokenAll": .init("내 권한 전부", "All I may do"),
        "action": .init("처리", "Action"),
        "byOrganisation": .init("기관 계정으로 들어가기", "Sign in with your organisation's account"),
        "byOrganisationKept": .init(
            "기관 계정 확인은 새 탭에서 열립니다. 확인한 뒤 이 탭으로 돌아와 이어가 주세요.",
            "That opens in a new tab. Come back to this one afterwards and go on."),
        "goOn": .init("이어가기", "Go on"),
        "openIDFailed": .init(
            "기관 계정 확인이 끝나지 않았습니다. 다시 시도해 주세요.",
            "The sign-in with your organisation's account did not succeed. Try again."),
        "openIDNobody": .init(
            "이 기관 계정으로 등록된 담당자가 없습니다. 관리자에게 문의해 주세요.",
            "Nobody here has this account. Ask your administrator."),
        "openIDRole": .init(
            "기관 계정에 이 시스템의 역할이 없습니다. 관리자에게 문의해 주세요.",
            "Your organisation's account has no role here. Ask your administrator."),
        "openIDProvider": .init(
            "기관 계정 서버에서 확인을 받지 못했습니다. 잠시 뒤 다시 시도해 주세요.",
            "The organisation's account server did not confirm it. Try again in a moment."),
    ]
}
