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

/// How many line feeds there are in `bytes[start..<end]`.
func countLineFeeds(_ bytes: [UInt8], _ start: Int, _ end: Int) -> Int {
    countLineFeeds(bytes.span, start, end)
}

/// How many line feeds there are in `bytes[start..<end]`.
func countLineFeeds(_ bytes: Span<UInt8>, _ start: Int, _ end: Int) -> Int {
    unsafe bytes.withUnsafeBufferPointer { buffer in
        var count = 0
        var index = start
        while index < end {
            // Counted in bytes for a while, so that the loop runs on whole vectors.
            let stop = min(end, index + 255 * 16)
            var part: UInt16 = 0
            while index < stop {
                part &+= unsafe buffer[index] == 10 ? 1 : 0
                index += 1
            }
            count += Int(part)
        }
        return count
    }
}

/// The index of the last line feed; nil when there is none.
func lastLineFeed(_ bytes: [UInt8]) -> Int? {
    bytes.lastIndex(of: 10)
}
