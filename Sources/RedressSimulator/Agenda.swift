// What happens next: a time-ordered agenda of polls (most of it) and of everything else as a closure.

/// Events by time; those at the same time come in the order they were put in.
struct Agenda {
    /// What to do when an entry's time has come.
    enum Action {
        /// The ticket with this index asks the waiting room.
        case poll(Int)
        /// Anything else.
        case perform(() throws -> Void)
    }

    private struct Entry {
        var timeMilliseconds: Int64
        var order: Int
        /// A ticket's index, or -1 minus the place of a closure.
        var subject: Int

        func isBefore(_ other: Entry) -> Bool {
            (timeMilliseconds, order) < (other.timeMilliseconds, other.order)
        }
    }

    private var heap: [Entry] = []
    private var closures: [(() throws -> Void)?] = []
    private var freePlaces: [Int] = []
    private var added = 0

    mutating func poll(ticket: Int, at timeMilliseconds: Int64) {
        add(timeMilliseconds, subject: ticket)
    }

    mutating func perform(at timeMilliseconds: Int64, _ body: @escaping () throws -> Void) {
        if let place = freePlaces.popLast() {
            closures[place] = body
            add(timeMilliseconds, subject: -1 - place)
        } else {
            closures.append(body)
            add(timeMilliseconds, subject: -closures.count)
        }
    }

    /// The earliest entry, taken out; nil when nothing is left.
    mutating func next() -> (timeMilliseconds: Int64, action: Action)? {
        guard let first = heap.first, let last = heap.popLast() else { return nil }
        if !heap.isEmpty { sink(last) }
        guard first.subject < 0 else { return (first.timeMilliseconds, .poll(first.subject)) }
        let place = -1 - first.subject
        guard let body = closures[place] else { return (first.timeMilliseconds, .perform({})) }
        closures[place] = nil
        freePlaces.append(place)
        return (first.timeMilliseconds, .perform(body))
    }

    private mutating func add(_ timeMilliseconds: Int64, subject: Int) {
        added += 1
        heap.append(Entry(timeMilliseconds: timeMilliseconds, order: added, subject: subject))
        var child = heap.count - 1
        while child > 0 {
            let parent = (child - 1) / 2
            guard heap[child].isBefore(heap[parent]) else { return }
            heap.swapAt(child, parent)
            child = parent
        }
    }

    private mutating func sink(_ entry: Entry) {
        var hole = 0
        while true {
            var child = 2 * hole + 1
            guard child < heap.count else { break }
            if child + 1 < heap.count, heap[child + 1].isBefore(heap[child]) { child += 1 }
            guard heap[child].isBefore(entry) else { break }
            heap[hole] = heap[child]
            hole = child
        }
        heap[hole] = entry
    }
}
