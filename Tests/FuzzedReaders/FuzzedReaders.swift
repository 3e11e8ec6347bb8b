/// Every reader of outside bytes behind one door, with what must hold of each, for the fuzzer and the tests.
import Dispatch
import RedressCore
import RedressEvidence
import Synchronization

/// What must not happen and did.
public struct ReaderFault: Error {
    /// What broke.
    public var what: String
}

/// Reads one input: its first byte picks the reader, the rest is what it reads.
///
/// - Throws: `ReaderFault` when a line is lost or counted twice, or two readings differ.
public func readAsFuzzed(_ input: some Collection<UInt8>) throws {
    guard let choice = input.first else { return }
    let bytes = Array(input.dropFirst())
    switch choice & 7 {
    case 0: try readLines(bytes, .queue)
    case 1: try readLines(bytes, .booking)
    case 2: try readLines(bytes, .web)
    case 3: try readLines(bytes, .sms)
    case 4: try readMapped(bytes)
    case 5: readPass(bytes)
    case 6: try readLines(bytes, .queue, commaMapping)
    default: try readFacts(bytes)
    }
}

private let joinKey = JoinKey(secret: [1, 2, 3])

private func readLines(_ bytes: [UInt8], _ kind: LogKind, _ mapping: Mapping? = nil) throws {
    let batch = try LogIngest.batch(of: bytes, kind: kind, mapping: mapping, joinKey: joinKey)
    let feeds = bytes.count { $0 == 10 } + (bytes.isEmpty || bytes.last == 10 ? 0 : 1)
    let progress = batch.progress
    guard progress.lines == feeds else {
        throw ReaderFault(what: "\(progress.lines) lines of \(feeds) were counted")
    }
    guard progress.lines == progress.parsed + progress.quarantined,
        progress.quarantined == batch.quarantined.count
    else { throw ReaderFault(what: "lines are not parsed + quarantined: \(progress)") }
    for fact in batch.facts {
        let merged = try Fact.merge(fact.payload, fact.payload)
        guard merged == fact.payload else {
            throw ReaderFault(what: "a \(fact.key.kind) fact changes when its line is read twice")
        }
    }
}

/// The input is a mapping file and, behind a NUL byte, a log to be read through it.
private func readMapped(_ bytes: [UInt8]) throws {
    let parts = bytes.split(separator: 0, maxSplits: 1, omittingEmptySubsequences: false)
    guard let mapping = try? Mapping(yaml: Array(parts[0])) else { return }
    try readLines(parts.count > 1 ? Array(parts[1]) : [], .web, mapping)
}

/// A pass that nobody signed must not verify; its own bytes decide everything.
private func readPass(_ bytes: [UInt8]) {
    for at in [Int64.min / 4, 0, 1_626_692_591_398] {
        _ = passKeys.verifies(bytes, at: Instant(milliseconds: at))
    }
}

private func readFacts(_ bytes: [UInt8]) throws {
    guard let once = try? Fact.merge(bytes, bytes) else { return }
    guard try Fact.merge(once, once) == once else {
        throw ReaderFault(what: "merging a fact with itself never comes to rest")
    }
}

private let commaMapping: Mapping? = try? Mapping(
    yaml: Array(
        """
        name: fuzzed
        format: csv
        columns: [when, server, counter, what, answer, ticket, place, client]
        fields:
          ts: {from: when, time: epoch-ms}
          node: server
          seq: counter
          op: {from: what, values: {start: enter}, else: poll}
          rc: answer
          key: ticket
          number: place
          cts: client
        """.utf8))

private let passKeys: PassKeys = {
    let keys = #"{"keys":[{"kid":"1","alg":"HS256","secret":"an invented secret"}]}"#
    let made = Mutex<PassKeys?>(nil)
    let done = DispatchSemaphore(value: 0)
    Task.detached {
        let read = try? await PassKeys(json: Array(keys.utf8))
        made.withLock { $0 = read }
        done.signal()
    }
    done.wait()
    return made.withLock(\.self) ?? { fatalError("the invented pass key does not read") }()
}()
