/// The sentences in English, to be read aloud to the person they are about.

extension Message {
    /// The sentence with places for values.
    var english: String {
        englishStart ?? englishMiddle ?? englishEnd ?? ""
    }

    private var englishStart: String? {
        switch self {
        case .verdictVerified: "Our records confirm that you booked properly and in turn."
        case .verdictContradicted:
            "The records leave questions that a member of our staff will look into personally."
        case .verdictNotAffected:
            "As far as the records show, this cancellation did not affect you. A member of our "
                + "staff will check once more."
        case .verdictUndetermined:
            "The records that are left cannot show it, so a member of our staff is looking into "
                + "it. That records are missing is not your fault."
        case .attemptInside:
            "The booking system recorded that you submitted your booking on {date} at {time}."
        case .attemptOutside:
            "There is a record that you submitted a booking on {date} at {time}, which is "
                + "outside the time of the failure."
        case .attemptNone:
            "We looked through all of the booking system's records for the time of the failure "
                + "and found no booking request."
        case .attemptUnknown:
            "Some of the booking system's records for that time are missing, so they cannot show "
                + "whether you submitted a booking."
        case .acceptedLogged: "The booking system recorded at {time} that it accepted your booking."
        case .acceptedText:
            "A \"booking complete\" text was sent at {time}, so we take it that your booking was "
                + "accepted."
        case .acceptedNone:
            "We looked through all of the booking system's records and found none that the "
                + "booking was completed."
        case .acceptedUnknown:
            "Some of the booking system's records are missing, so they cannot show whether the "
                + "booking was completed."
        case .slotAgrees: "The records agree on the same appointment ({date} {slot})."
        case .slotDiffers:
            "The records name different appointments, so a member of our staff needs to look at "
                + "them."
        case .slotUnknown: "There are not enough records to compare the date and place of the appointment."
        case .queuedYes: "The waiting room recorded that you joined at {time} with number {number}."
        case .queuedNone:
            "The waiting room's records are complete, but we found no wait in it before this "
                + "booking."
        case .queuedUnknown:
            "Some of the waiting room's records are missing, so they cannot show your wait."
        case .queuedUnlinked:
            "Nothing is left that would let us match the waiting room's records with your "
                + "booking."
        case .queuedNoAttempt: "Without a record of a booking request there was no wait to look for."
        case .admittedPass:
            "The waiting room recorded that it was your turn at {time} and let you through to "
                + "the booking page."
        case .admittedBypass:
            "At {time} the system itself was letting everyone through to the booking page."
        case .admittedNone:
            "The wait is recorded until {time}, but we found no record of it ending with your "
                + "turn."
        default: nil
        }
    }

    private var englishMiddle: String? {
        switch self {
        case .admittedUnknown:
            "Some of the waiting room's records are missing, so they cannot show whether your "
                + "turn had come."
        case .admittedOutage:
            "At the same time {share} per cent of the others waiting were cut off too, so the "
                + "break in the record is explained by the system failure."
        case .admittedLongAgo:
            "You were let through at {time}, but a long time passed before the booking, so a "
                + "member of our staff needs to look at it."
        case .admittedNoWait: "Without a recorded wait there was nothing to look at here."
        case .inTurnServed:
            "When you booked, the waiting room had reached number {served}; your number was "
                + "{number}."
        case .inTurnWaited:
            "You waited {minutes} minutes; others who joined at about the same time usually "
                + "waited {others} minutes."
        case .inTurnAhead:
            "At the time of the booking the waiting room had reached number {served} and the "
                + "recorded number is {number}, so a member of our staff needs to look at it."
        case .inTurnUnknown:
            "There are not enough records to show whose turn it was at the time of the booking."
        case .passValid: "The admission pass used for the booking was properly issued."
        case .passUnlinked:
            "The signature of the admission pass is good, but no record links it to your wait."
        case .passForged:
            "The signature of the admission pass shown could not be confirmed, so a member of "
                + "our staff needs to look at it."
        case .passElsewhere:
            "The same admission pass was used at {time} on another device first, so a member of "
                + "our staff needs to look at it."
        case .passNotShown:
            "At that time {share} per cent of those who had an admission pass showed it, but "
                + "this booking has none on record."
        case .passNotUsual:
            "This system does not always record admission passes, so nothing follows from its "
                + "absence."
        case .passExplained:
            "No admission pass is on record, which the system failure or its letting everyone "
                + "through explains."
        case .passUnknown: "The admission pass itself is not on record, so it cannot be checked."
        case .passNoKeys: "The keys needed to check the admission pass have not been provided yet."
        case .passNoAttempt: "Without a record of a booking request there was no pass to look at."
        case .clockSteady: "The clock of the device stayed steady during the wait."
        case .clockStepped:
            "The clock of the device changed by {minutes} minutes during the wait, so a member "
                + "of our staff needs to look at it."
        case .clockUnknown: "There are no records to compare the device's clock with."
        case .pathComplete:
            "The site's records show the usual way from the queue to the calendar and the "
                + "booking."
        case .pathPartial: "Only part of the site's records of your visit is left."
        case .pathNoKey:
            "The visit at {time} has no queue ticket on record, so a member of our staff needs "
                + "to look at it."
        default: nil
        }
    }

    private var englishEnd: String? {
        switch self {
        case .pathTimeout:
            "The visit at {time} is recorded as having lost its connection to the queue, so a "
                + "member of our staff needs to look at it."
        case .pathOtherDevice:
            "The visit at {time} has the queue ticket of another device on record, so a member "
                + "of our staff needs to look at it."
        case .pathExplained:
            "The record of the queue ticket is not whole, which the system failure at that time "
                + "explains."
        case .pathUnknown: "No records are left that show the way through the site."
        case .toldYes: "A \"booking complete\" text was sent to you at {time}."
        case .toldNone:
            "We looked through all of the records of texts sent and found no \"booking "
                + "complete\" text."
        case .toldUnknown:
            "Some of the records of texts sent are missing, so they cannot show whether one was "
                + "sent to you."
        case .revokedYes:
            "This booking is on the list of bookings that the agency cancelled on {date} at "
                + "{time}."
        case .revokedInRegister: "The register shows this booking as cancelled by the agency."
        case .revokedStands: "The register shows that this booking still stands."
        case .revokedCancelled: "The register shows that this booking was cancelled at your own request."
        case .revokedUnknown:
            "We have not found this booking in the register or on the list of cancellations yet."
        case .eligibleYes:
            "You were among those who could book at the time, and you can still be given an "
                + "appointment."
        case .eligibleVaccinated: "The register shows that you have already been vaccinated."
        case .eligibleCancelled:
            "There is a record that you cancelled this booking yourself before the agency did."
        case .eligibleCohort:
            "The year of birth in the register is not among those who could book at the time, so "
                + "a member of our staff needs to look at it."
        case .eligibleUnknown:
            "We could not yet confirm from the register that you were among those who could book."
        case .outageExplains:
            "There was a failure: {share} per cent of the others waiting on the same server were "
                + "cut off as well."
        case .outageNone: "The others waiting on the same server were not cut off noticeably."
        case .outageUnknown: "There are no records to compare the waiting room's failures with."
        case .coverageComplete: "All records for the time in question are here."
        case .coveragePartial:
            "Of the time in question we have {queue} per cent of the waiting room's records, "
                + "{booking} per cent of the booking system's, {web} per cent of the site's and {sms} "
                + "per cent of the texts'. What is missing is never held against you."
        default: nil
        }
    }
}
