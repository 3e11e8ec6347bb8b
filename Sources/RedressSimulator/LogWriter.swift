// One kind of log as its collector writes it: nodes with their own clock and counter, losses, rotation.
import RedressCore

/// Writes the lines of one log source in the order in which they happen.
final class LogWriter {
    /// One server that writes to this log.
    private struct Node {
        let name: String
        let clockMilliseconds: Int64
        let isLost: Bool
        var sequence = 0
        var isLosing = false
        /// The minute whose time stamp is ready, and that stamp up to the seconds.
        var minute: Int64 = .min
        var minuteStamp: [UInt8] = []
    }

    private(set) var lineCount = 0
    private(set) var lostCount = 0
    private(set) var paths: [String] = []
    private(set) var byteCount = 0
    private let source: LogSource
    private let folder: String
    private let start: Instant
    private let rotationMilliseconds: Int64?
    private let share: Double
    private var nodes: [Node]
    private var dice: Dice
    private var line: [UInt8] = []
    private var file: OutputFile?
    private var period: Int64 = 0

    /// How many lines a burst of losses takes, on average.
    private static let burstLines = 20.0

    init(
        _ source: LogSource, nodes names: [String], settings: SimulationSettings, folder: String,
        start: Instant
    ) {
        self.source = source
        self.folder = folder
        self.start = start
        rotationMilliseconds = settings.rotationMinutes.map { Int64($0) * 60_000 }
        share = settings.loss[source] ?? 0
        dice = Dice(seed: settings.seed, purpose: "loss " + source.rawValue)
        nodes = names.map { name in
            Node(
                name: name, clockMilliseconds: settings.nodeClocksMilliseconds[name] ?? 0,
                isLost: settings.lostNodes.contains(name))
        }
    }

    /// What this node's own clock shows at a true time.
    func clock(of node: Int, at time: Instant) -> Instant {
        time.adding(milliseconds: nodes[node].clockMilliseconds)
    }

    /// Starts a JSON line with `ts`, `node` and `seq`; false when the line is lost and must not be filled.
    func begin(node: Int, at time: Instant) throws -> Bool {
        nodes[node].sequence += 1
        guard try isKept(node: node, at: time) else { return false }
        line.append(contentsOf: #"{"ts":""#.utf8)
        appendStamp(node: node, at: time)
        line.append(contentsOf: #"","node":""#.utf8)
        line.append(contentsOf: nodes[node].name.utf8)
        line.append(contentsOf: #"","seq":"#.utf8)
        append(nodes[node].sequence)
        return true
    }

    /// Adds a field with a text; an empty or missing text leaves the field out.
    func text(_ field: String, _ value: String?) {
        guard let value, !value.isEmpty else { return }
        name(field)
        line.append(0x22)
        for byte in value.utf8 {
            if byte == 0x22 || byte == 0x5C { line.append(0x5C) }
            line.append(byte)
        }
        line.append(0x22)
    }

    func number(_ field: String, _ value: Int) {
        name(field)
        append(value)
    }

    /// Ends a JSON line.
    func end() throws {
        line.append(0x7D)
        try finish()
    }

    /// Writes a whole line in a format of its own.
    func write(_ text: String, node: Int, at time: Instant) throws {
        guard try isKept(node: node, at: time) else { return }
        line.append(contentsOf: text.utf8)
        try finish()
    }

    func close() throws {
        // An empty log is still a file: a collector that saw nothing says so.
        if file == nil { try open(period: 0) }
        try file?.close()
        byteCount += file?.byteCount ?? 0
        file = nil
    }

    private func isKept(node: Int, at time: Instant) throws -> Bool {
        if share > 0 {
            // Two states, so that losses come in bursts and yet make up the share asked for.
            let leave = 1 / LogWriter.burstLines
            let enter = share < 1 ? min(1, leave * share / (1 - share)) : 1
            nodes[node].isLosing =
                nodes[node].isLosing ? !(share < 1 && dice.chance(leave)) : dice.chance(enter)
        }
        if nodes[node].isLost || nodes[node].isLosing {
            lostCount += 1
            return false
        }
        let due = rotationMilliseconds.map { max(0, (time.milliseconds - start.milliseconds) / $0) } ?? 0
        if file == nil || due != period { try open(period: due) }
        line.removeAll(keepingCapacity: true)
        return true
    }

    private func open(period: Int64) throws {
        try file?.close()
        byteCount += file?.byteCount ?? 0
        self.period = period
        let ending = source == .web ? ".log" : ".jsonl"
        let part = rotationMilliseconds == nil ? "" : "-" + padded(paths.count + 1, to: 3)
        let path = folder + "/" + source.rawValue + part + ending
        file = try OutputFile(path: path)
        paths.append(path)
    }

    private func finish() throws {
        line.append(0x0A)
        lineCount += 1
        try file?.write(line)
    }

    private func name(_ field: String) {
        line.append(0x2C)
        line.append(0x22)
        line.append(contentsOf: field.utf8)
        line.append(0x22)
        line.append(0x3A)
    }

    private func append(_ value: Int) {
        if value < 0 { line.append(0x2D) }
        var left = value.magnitude
        let start = line.count
        repeat {
            line.append(UInt8(truncatingIfNeeded: 48 + left % 10))
            left /= 10
        } while left > 0
        line[start...].reverse()
    }

    private func appendStamp(node: Int, at time: Instant) {
        let shown = clock(of: node, at: time)
        let minute = shown.milliseconds / 60_000
        if nodes[node].minute != minute {
            nodes[node].minute = minute
            nodes[node].minuteStamp = Array("\(shown.date)T\(shown.timeOfDay):".utf8)
        }
        line.append(contentsOf: nodes[node].minuteStamp)
        let inMinute = Int(shown.milliseconds - minute * 60_000)
        appendDigits(inMinute / 1000, 2)
        line.append(0x2E)
        appendDigits(inMinute % 1000, 3)
        line.append(contentsOf: "+09:00".utf8)
    }

    private func appendDigits(_ value: Int, _ digits: Int) {
        var divisor = digits == 2 ? 10 : 100
        while divisor > 0 {
            line.append(UInt8(truncatingIfNeeded: 48 + value / divisor % 10))
            divisor /= 10
        }
    }
}
