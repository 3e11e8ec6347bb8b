// The front door: web servers that write the combined format with the visitor's marks behind it.
import RedressCore

/// One request as the front door logs it.
struct Request {
    var method = "GET"
    var path: String
    var status = 200
    var bytes: Int
    var referer = "-"
    var key: String?
}

/// Writes the web log.
final class FrontDoor {
    let log: LogWriter
    private var dice: Dice
    private var stampedSecond: Int64 = .min
    private var stamp = ""

    static let nodes = ["web-1", "web-2"]
    static let address = "https://booking.example"
    private static let months = [
        "Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec",
    ]

    init(_ settings: SimulationSettings, log: LogWriter) {
        self.log = log
        dice = Dice(seed: settings.seed, purpose: "front door")
    }

    func answer(_ request: Request, to visitor: Visitor, at time: Instant) throws {
        let node = dice.below(FrontDoor.nodes.count)
        let shown = stamp(log.clock(of: node, at: time))
        var line = "\(visitor.address) - - [\(shown)] \"\(request.method) \(request.path) HTTP/1.1\" "
        line += "\(request.status) \(request.bytes) \"\(request.referer)\" \"\(visitor.agent)\""
        line += " sid=\(visitor.session)"
        if let key = request.key { line += " key=\(key)" }
        line += " did=\(visitor.device)"
        try log.write(line, node: node, at: time)
    }

    private func stamp(_ time: Instant) -> String {
        let second = time.milliseconds / 1000
        if second != stampedSecond {
            let (year, month, day) = time.date.parts
            stampedSecond = second
            stamp = "\(padded(day, to: 2))/\(FrontDoor.months[month - 1])/\(year):\(time.timeOfDay):"
            stamp += padded(Int(second % 60), to: 2) + " +0900"
        }
        return stamp
    }
}
