/// Finds and counts line feeds as fast as the C library does.

import Glibc

/// The index of the next line feed at or after `start`; nil when there is none.
@inline(__always)
func lineFeed(_ bytes: Span<UInt8>, _ start: Int) -> Int? {
    unsafe bytes.withUnsafeBufferPointer { buffer in
        guard let base = buffer.baseAddress,
            let found = unsafe memchr(base + start, 10, buffer.count - start)
        else { return nil }
        return unsafe UnsafeRawPointer(found) - UnsafeRawPointer(base)
    }
}

/// How many line feeds there are.
func countLineFeeds(_ bytes: [UInt8]) -> Int {
    let span = bytes.span
    var count = 0
    for index in span.indices where span[index] == 10 { count += 1 }
    return count
}

/// The index of the last line feed; nil when there is none.
func lastLineFeed(_ bytes: [UInt8]) -> Int? {
    bytes.lastIndex(of: 10)
}
