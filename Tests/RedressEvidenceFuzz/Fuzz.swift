/// The fuzzer of every reader of outside bytes: the first byte picks the reader, the rest is what it reads.

import RedressEvidence

private let joinKey = JoinKey(secret: [1, 2, 3])

/// What libFuzzer calls with each input; a crash, a hang or a wrong count is a find.
@_cdecl("LLVMFuzzerTestOneInput")
public func fuzzOne(_ start: UnsafePointer<UInt8>, _ count: Int) -> CInt {
    let input = unsafe Array(UnsafeBufferPointer(start: start, count: count))
    guard let choice = input.first else { return 0 }
    let bytes = Array(input.dropFirst())
    switch choice % 6 {
    case 0: read(bytes, .queue)
    case 1: read(bytes, .booking)
    case 2: read(bytes, .web)
    case 3: read(bytes, .sms)
    case 4: _ = try? Mapping(yaml: bytes)
    default:
        _ = try? FactMerge.merge(.ticket, bytes, bytes)
    }
    return 0
}

private func read(_ bytes: [UInt8], _ kind: LogKind) {
    guard let batch = try? LogIngest.batch(of: bytes, kind: kind, joinKey: joinKey) else {
        fatalError("distilling bytes must never fail")
    }
    let feeds = bytes.count { $0 == 10 } + (bytes.isEmpty || bytes.last == 10 ? 0 : 1)
    precondition(batch.progress.lines == feeds, "every line is counted once")
    precondition(batch.progress.lines == batch.progress.parsed + batch.progress.quarantined)
    precondition(batch.progress.quarantined == batch.quarantined.count)
}
