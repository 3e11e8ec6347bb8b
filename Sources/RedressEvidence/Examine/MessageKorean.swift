/// The sentences in Korean, 합니다체, to be read aloud to the person they are about.

extension Message {
    /// The sentence with places for values.
    var korean: String {
        koreanStart ?? koreanMiddle ?? koreanEnd ?? ""
    }

    private var koreanStart: String? {
        switch self {
        case .verdictVerified: "확인 결과, 순서를 지켜 정상적으로 예약하신 것으로 확인되었습니다."
        case .verdictContradicted: "기록만으로는 판단하기 어려운 점이 있어 담당자가 직접 다시 확인하겠습니다."
        case .verdictNotAffected: "확인된 기록으로는 이번 취소의 영향을 받지 않으신 것으로 보입니다. 담당자가 한 번 더 확인하겠습니다."
        case .verdictUndetermined: "남아 있는 기록만으로는 확인할 수 없어 담당자가 확인하고 있습니다. 기록이 없는 것은 고객님의 책임이 아닙니다."
        case .attemptInside: "예약 시스템 기록에 {date} {time}에 예약을 신청하신 것이 남아 있습니다."
        case .attemptOutside: "{date} {time}에 예약을 신청하신 기록이 있으나 장애가 있던 시간은 아닙니다."
        case .attemptNone: "장애 시간의 예약 시스템 기록을 모두 살펴보았으나 신청 기록을 찾지 못했습니다."
        case .attemptUnknown: "예약 시스템의 그 시간 기록이 일부 남아 있지 않아 신청 여부를 기록으로 확인할 수 없습니다."
        case .acceptedLogged: "예약 시스템이 {time}에 신청을 정상적으로 받아들인 기록이 있습니다."
        case .acceptedText: "{time}에 예약 완료 문자가 발송된 기록이 있어 신청이 받아들여진 것으로 봅니다."
        case .acceptedNone: "예약 시스템의 기록을 모두 살펴보았으나 신청이 완료된 기록은 찾지 못했습니다."
        case .acceptedUnknown: "예약 시스템의 기록이 일부 남아 있지 않아 신청이 완료되었는지 기록으로 확인할 수 없습니다."
        case .slotAgrees: "남아 있는 기록이 모두 같은 예약 날짜({date} {slot})를 보여 줍니다."
        case .slotDiffers: "기록마다 예약 날짜나 장소가 서로 달라 담당자의 확인이 필요합니다."
        case .slotUnknown: "예약 날짜와 장소를 서로 맞추어 볼 기록이 충분하지 않습니다."
        case .queuedYes: "{time}에 대기열에 들어오셔서 대기번호 {number}번을 받으신 기록이 있습니다."
        case .queuedNone: "대기열 기록이 모두 남아 있으나, 이 예약에 앞선 대기 기록은 찾지 못했습니다."
        case .queuedUnknown: "대기열 기록이 일부 남아 있지 않아 기다리신 기록을 확인할 수 없습니다."
        case .queuedUnlinked: "대기열 기록과 예약 기록을 서로 이어 볼 정보가 남아 있지 않습니다."
        case .queuedNoAttempt: "예약 신청 기록이 없어 대기 기록을 살펴보지 않았습니다."
        case .admittedPass: "{time}에 차례가 되어 예약 화면에 들어가신 기록이 있습니다."
        case .admittedBypass: "{time}에 시스템이 모든 분을 예약 화면으로 바로 들여보낸 기록이 있습니다."
        case .admittedNone: "{time} 이후 대기가 이어졌으나 예약 화면으로 안내된 기록은 찾지 못했습니다."
        default: nil
        }
    }

    private var koreanMiddle: String? {
        switch self {
        case .admittedUnknown: "대기열 기록이 일부 남아 있지 않아 차례가 되었는지 기록으로 확인할 수 없습니다."
        case .admittedOutage: "같은 시각 다른 대기자의 {share}%도 연결이 끊겨, 대기 기록이 끊긴 것은 시스템 장애로 설명됩니다."
        case .admittedLongAgo: "{time}에 예약 화면에 들어가신 기록이 있으나 신청 시각과 간격이 길어 담당자의 확인이 필요합니다."
        case .admittedNoWait: "이어지는 대기 기록이 없어 이 항목은 살펴보지 않았습니다."
        case .inTurnServed: "신청하실 때 대기열은 {served}번까지 안내하고 있었고, 고객님의 번호는 {number}번이었습니다."
        case .inTurnWaited: "{minutes}분을 기다리셨고, 비슷한 때 들어온 분들은 보통 {others}분을 기다렸습니다."
        case .inTurnAhead: "신청 시각에 대기열은 {served}번까지 안내하고 있었고 기록된 번호는 {number}번이어서 담당자의 확인이 필요합니다."
        case .inTurnUnknown: "신청 시각에 차례였는지 보여 주는 기록이 충분하지 않습니다."
        case .passValid: "예약 화면에 들어갈 때 받으신 입장권이 정상적으로 발급된 것으로 확인됩니다."
        case .passUnlinked:
            "입장권의 서명은 확인되나, 고객님의 대기 기록과 이어 볼 기록이 남아 있지 않습니다."
        case .passForged: "제시된 입장권의 서명이 확인되지 않아 담당자의 확인이 필요합니다."
        case .passElsewhere: "같은 입장권이 {time}에 다른 기기에서 먼저 쓰인 기록이 있어 담당자의 확인이 필요합니다."
        case .passNotShown: "그 시각 입장권을 받은 분들의 {share}%가 입장권을 제시했으나 이 신청에는 입장권 기록이 없습니다."
        case .passNotUsual: "이 시스템의 기록에는 입장권이 늘 남지는 않아 판단하지 않았습니다."
        case .passExplained: "입장권 기록이 없으나 시스템 장애나 일괄 통과로 설명됩니다."
        case .passUnknown: "입장권의 내용이 남아 있지 않아 확인할 수 없습니다."
        case .passNoKeys: "입장권을 확인할 서명 키가 아직 등록되지 않았습니다."
        case .passNoAttempt: "예약 신청 기록이 없어 입장권을 살펴보지 않았습니다."
        case .clockSteady: "사용하신 기기의 시계는 기다리시는 동안 일정하게 유지되었습니다."
        case .clockStepped: "기다리는 동안 기기의 시계가 {minutes}분 바뀐 기록이 있어 담당자의 확인이 필요합니다."
        case .clockUnknown: "기기의 시계를 비교할 기록이 남아 있지 않습니다."
        case .pathComplete: "첫 화면에서 대기, 달력, 신청까지 차례로 이어진 접속 기록이 있습니다."
        case .pathPartial: "접속 기록이 일부만 남아 있습니다."
        case .pathNoKey: "{time}의 접속에 대기표 기록이 없어 담당자의 확인이 필요합니다."
        default: nil
        }
    }

    private var koreanEnd: String? {
        switch self {
        case .pathTimeout: "{time}의 접속에 대기열 연결 실패가 기록되어 있어 담당자의 확인이 필요합니다."
        case .pathOtherDevice: "{time}의 접속에 다른 기기의 대기표가 기록되어 있어 담당자의 확인이 필요합니다."
        case .pathExplained: "대기표 기록이 온전하지 않으나, 같은 시각의 시스템 장애로 설명됩니다."
        case .pathUnknown: "접속 경로를 보여 주는 기록이 남아 있지 않습니다."
        case .toldYes: "{time}에 예약 완료 문자가 발송된 기록이 있습니다."
        case .toldNone: "문자 발송 기록을 모두 살펴보았으나 예약 완료 문자의 발송 기록은 없습니다."
        case .toldUnknown: "문자 발송 기록이 일부 남아 있지 않아 문자가 발송되었는지 확인할 수 없습니다."
        case .revokedYes: "이 예약은 {date} {time}에 기관이 취소한 명단에 있습니다."
        case .revokedInRegister: "예약 명부에 이 예약이 취소된 것으로 기록되어 있습니다."
        case .revokedStands: "예약 명부에 이 예약이 그대로 유지되어 있습니다."
        case .revokedCancelled: "예약 명부에 이 예약을 직접 취소하신 것으로 기록되어 있습니다."
        case .revokedUnknown: "예약 명부와 취소 명단에서 이 예약을 아직 찾지 못했습니다."
        case .eligibleYes: "당시 예약 대상이셨고 지금도 예약하실 수 있습니다."
        case .eligibleVaccinated: "예약 명부에 이미 접종을 마치신 것으로 기록되어 있습니다."
        case .eligibleCancelled: "기관의 취소 이전에 직접 취소하신 기록이 있습니다."
        case .eligibleCohort: "예약 명부의 출생연도가 당시 예약 대상과 달라 담당자의 확인이 필요합니다."
        case .eligibleUnknown: "예약 명부에서 예약 대상 여부를 아직 확인하지 못했습니다."
        case .outageExplains: "같은 서버에서 기다리던 다른 분들의 {share}%도 연결이 끊긴 시스템 장애가 있었습니다."
        case .outageNone: "같은 서버의 다른 대기자에게는 눈에 띄는 끊김이 없었습니다."
        case .outageUnknown: "대기열의 장애 여부를 비교할 기록이 없습니다."
        case .coverageComplete: "확인에 필요한 시간의 기록이 모두 남아 있습니다."
        case .coveragePartial:
            "남아 있는 기록은 대기열 {queue}%, 예약 시스템 {booking}%, 접속 {web}%, 문자 {sms}%입니다. 없는 기록은 고객님께 "
                + "불리하게 쓰이지 않습니다."
        default: nil
        }
    }
}
