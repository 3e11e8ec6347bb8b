/// Tells on standard error how far a long job is: a bar on a terminal, a line every ten seconds in a log.
///
/// Nothing is shown in the first second, so that short jobs stay quiet. A bar is redrawn at most ten times a
/// second. Clock and writer are handed in; `ProgressBar.onStandardError` takes the real ones.
struct ProgressBar {
    /// Where the output goes.
    enum Output: Equatable {
        /// A terminal of so many columns.
        case terminal(columns: Int)
        /// A file or pipe, where a redrawn line would be noise.
        case log
    }

    /// What is counted.
    enum Unit: Equatable {
        /// Things with a name in the plural, such as `lines`.
        case count(String)
        /// Bytes, shown as kB, MB, GB (powers of ten).
        case bytes
    }

    private static let quietMilliseconds: Int64 = 1000
    private static let redrawMilliseconds: Int64 = 100
    private static let logMilliseconds: Int64 = 10_000

    private let label: String
    private let total: Int?
    private let unit: Unit
    private let output: Output
    private let now: () -> Int64
    private let write: (String) -> Void
    private let started: Int64
    private var shown: Int64?
    private var done = 0

    /// Makes a bar for a job of `total` units (nil: not known). `now` gives milliseconds of a clock that never
    /// goes back.
    init(
        _ label: String, total: Int?, unit: Unit, output: Output, now: @escaping () -> Int64,
        write: @escaping (String) -> Void
    ) {
        self.label = DisplayWidth.harmless(label)
        self.total = total
        self.unit = unit
        self.output = output
        self.now = now
        self.write = write
        started = now()
    }

    /// Says that `count` more units are done.
    mutating func advance(by count: Int) {
        update(to: done + count)
    }

    /// Says that `count` units are done in all.
    mutating func update(to count: Int) {
        done = count
        let time = now()
        let sinceShown = time - (shown ?? started)
        switch output {
        case .terminal:
            guard time - started >= ProgressBar.quietMilliseconds,
                shown == nil || sinceShown >= ProgressBar.redrawMilliseconds
            else { return }
            write("\r" + bar(at: time) + "\u{1B}[K")
        case .log:
            guard sinceShown >= ProgressBar.logMilliseconds else { return }
            write(label + ": " + figures(at: time).joined(separator: ", ") + "\n")
        }
        shown = time
    }

    /// Ends the job: whatever was shown is brought to its last state and its line is closed.
    mutating func finish() {
        guard shown != nil else { return }
        let time = now()
        let last = label + ": \(amount(done)) in \(duration(time - started)), \(rate(at: time))"
        switch output {
        case .terminal(let columns):
            write("\r" + DisplayWidth.cut(last, to: max(1, columns - 1)) + "\u{1B}[K\n")
        case .log: write(last + "\n")
        }
        shown = nil
    }
}

extension ProgressBar {
    private func bar(at time: Int64) -> String {
        guard case .terminal(let columns) = output else { return "" }
        let text = figures(at: time).joined(separator: "  ")
        // One column stays free: a full line would make some terminals wrap.
        let room = columns - 1 - DisplayWidth.of(label) - DisplayWidth.of(text) - 5
        guard let fraction, room >= 8 else {
            return DisplayWidth.cut(label + "  " + text, to: max(1, columns - 1))
        }
        let width = min(room, 30)
        let filled = Int(fraction * Double(width))
        let drawn = String(repeating: "#", count: filled) + String(repeating: "-", count: width - filled)
        return "\(label) [\(drawn)]  \(text)"
    }

    /// Share done, amounts, rate and time left, in the order in which they matter.
    private func figures(at time: Int64) -> [String] {
        var figures: [String] = []
        if let fraction { figures.append("\(Int(fraction * 100))%") }
        figures.append(total.map { "\(quantity(done)) of \(amount($0))" } ?? amount(done))
        figures.append(rate(at: time))
        if let total, done > 0, done < total {
            let left = Double(time - started) / Double(done) * Double(total - done)
            figures.append(duration(Int64(left)) + " left")
        }
        return figures
    }

    private var fraction: Double? {
        guard let total, total > 0 else { return nil }
        return min(1, max(0, Double(done) / Double(total)))
    }

    private func rate(at time: Int64) -> String {
        let seconds = Double(max(1, time - started)) / 1000
        let perSecond = Int(Double(done) / seconds)
        return unit == .bytes ? bytes(perSecond) + "/s" : grouped(perSecond) + "/s"
    }

    private func amount(_ count: Int) -> String {
        switch unit {
        case .count(let name): grouped(count) + " " + name
        case .bytes: bytes(count)
        }
    }

    private func quantity(_ count: Int) -> String {
        unit == .bytes ? bytes(count) : grouped(count)
    }

    private func bytes(_ count: Int) -> String {
        var value = Double(count)
        var names = ["B", "kB", "MB", "GB", "TB"][...]
        while value >= 1000, names.count > 1 {
            value /= 1000
            names.removeFirst()
        }
        let name = names.first ?? "B"
        if name == "B" { return "\(count) B" }
        let tenths = Int(value * 10)
        return "\(tenths / 10).\(tenths % 10) \(name)"
    }

    private func grouped(_ count: Int) -> String {
        var digits = String(count)
        var end = digits.endIndex
        while let comma = digits.index(end, offsetBy: -3, limitedBy: digits.startIndex),
            comma > digits.startIndex
        {
            digits.insert(",", at: comma)
            end = comma
        }
        return digits
    }

    private func duration(_ milliseconds: Int64) -> String {
        let seconds = (milliseconds + 500) / 1000
        let (minutes, rest) = (seconds / 60, seconds % 60)
        return "\(minutes):" + (rest < 10 ? "0\(rest)" : "\(rest)")
    }
}
