// The text messages: what was sent to whom, and whether the phone took it.
import RedressCore

/// Writes the log of the message gateway.
final class Dispatch {
    let log: LogWriter
    private let centres: Centres
    private var messages = 0

    static let nodes = ["sms-1"]

    init(centres: Centres, log: LogWriter) {
        self.centres = centres
        self.log = log
    }

    /// Writes `send` and gives back the message's identifier for its receipt.
    func send(_ template: String, to person: Person, _ booking: Booking, at time: Instant) throws -> String {
        messages += 1
        let message = mark("m", messages)
        guard try log.begin(node: 0, at: time) else { return message }
        log.text("op", "send")
        log.text("phone", person.phone)
        log.text("template", template)
        log.text("booking", booking.id)
        log.text("site", centres.all[booking.slot.centre].site)
        log.text("date", booking.slot.date.description)
        log.text("slot", booking.slot.time.description)
        log.text("status", "sent")
        log.text("message_id", message)
        try log.end()
        return message
    }

    func receipt(of message: String, _ template: String, by person: Person, at time: Instant) throws {
        guard try log.begin(node: 0, at: time) else { return }
        log.text("op", "receipt")
        log.text("phone", person.phone)
        log.text("template", template)
        log.text("status", "delivered")
        log.text("message_id", message)
        try log.end()
    }
}
