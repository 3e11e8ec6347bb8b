/// How far each server's clock is from the others', learned from many devices at once.

/// Servers' clocks, as the median of client minus server time in each ten minutes.
struct ClockPicture: Sendable {
    private var medians: [Slot: Int64] = [:]
    private var overall: [UInt64: Int64] = [:]
    private var middle: Int64 = 0

    private struct Slot: Hashable {
        var node: UInt64
        var slot: Int64
    }

    private static let slotMilliseconds: Int64 = 600_000

    init() {}

    /// Learns from the readings of sampled devices, one list a device.
    init(devices: [[ClockReading]]) {
        var bySlot: [Slot: [Int64]] = [:]
        var byNode: [UInt64: [Int64]] = [:]
        for readings in devices {
            for reading in readings {
                let from = reading.first.floorQuotient(Self.slotMilliseconds)
                let to = min(reading.last.floorQuotient(Self.slotMilliseconds), from + 144)
                guard from <= to else { continue }
                for slot in from...to {
                    bySlot[Slot(node: reading.node, slot: slot), default: []].append(reading.offset)
                }
                byNode[reading.node, default: []].append(reading.offset)
            }
        }
        for (node, offsets) in byNode { overall[node] = Self.median(offsets) }
        // Fewer than eight devices say more of themselves than of the server.
        for (slot, offsets) in bySlot where offsets.count >= 8 { medians[slot] = Self.median(offsets) }
        middle = Self.median(Array(overall.values))
    }

    /// What must be taken off a client-minus-server reading at this server and time.
    func bias(_ node: UInt64, at time: Int64) -> Int64 {
        medians[Slot(node: node, slot: time.floorQuotient(Self.slotMilliseconds))] ?? overall[node] ?? 0
    }

    /// A server's time put on the clock most servers agree on; differences under a bucket are left alone.
    func corrected(_ time: Int64, _ node: UInt64) -> Int64 {
        guard let own = overall[node] else { return time }
        let bias = own - middle
        return abs(bias) > 2 << ClockRow.bucketShift ? time + bias : time
    }

    /// How far the farthest server's clock is from the one most agree on, in milliseconds.
    var largestBias: Int64 {
        overall.values.map { abs($0 - middle) }.max() ?? 0
    }

    private static func median(_ values: [Int64]) -> Int64 {
        guard !values.isEmpty else { return 0 }
        return values.sorted()[values.count / 2]
    }
}
