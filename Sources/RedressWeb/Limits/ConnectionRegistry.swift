/// Every open connection of the server, so that a flood closes those that wait longest and not those that work.
import NIOCore
import Synchronization

/// Keeps the number of connections within bounds.
final class ConnectionRegistry: Sendable {
    private struct Entry {
        var channel: any Channel
        var since: NIODeadline
        var isWaiting: Bool
    }

    private let most: Int
    private let entries = Mutex<[ObjectIdentifier: Entry]>([:])

    init(most: Int) {
        self.most = most
    }

    /// How many are open.
    var count: Int { entries.withLock { $0.count } }

    /// Takes a connection up; where there are too many, the one that has waited longest for a request is closed, or this
    /// one when all are at work.
    func add(_ channel: any Channel) {
        let surplus: (any Channel)? = entries.withLock { entries in
            entries[ObjectIdentifier(channel)] = Entry(channel: channel, since: .now(), isWaiting: true)
            guard entries.count > most else { return nil }
            let oldest = entries.lazy.filter(\.value.isWaiting).min { $0.value.since < $1.value.since }
            guard let oldest else { return nil }
            entries[oldest.key] = nil
            return oldest.value.channel
        }
        surplus?.close(promise: nil)
    }

    /// Notes whether a connection waits for a request, since now.
    func note(_ channel: any Channel, isWaiting: Bool) {
        entries.withLock { entries in
            guard let entry = entries[ObjectIdentifier(channel)], entry.isWaiting != isWaiting else { return }
            entries[ObjectIdentifier(channel)]?.isWaiting = isWaiting
            entries[ObjectIdentifier(channel)]?.since = .now()
        }
    }

    /// Forgets a connection that ended.
    func remove(_ channel: any Channel) {
        entries.withLock { $0[ObjectIdentifier(channel)] = nil }
    }
}
