/// Forgetting what old notices said, in the file that they are written to while no gateway carries them.
import Foundation
import Glibc
import RedressCore

/// Empties old lines where they stand.
///
/// A line keeps its id, so that no notice leaves twice, and its length, so that whoever reads the file meanwhile
/// goes on from the place it remembers.
struct NoticeFileRetention {
    let path: String

    private struct Line: Decodable {
        var id: String
        var to: String?
    }

    /// Empties every line whose notice was made before an instant; answers how many.
    func empty(before instant: Instant) throws -> Int {
        let descriptor = unsafe open(path, O_RDWR | O_CLOEXEC)
        guard descriptor >= 0 else {
            if errno == ENOENT { return 0 }
            throw failure()
        }
        defer { _ = close(descriptor) }
        // The gateway's own lock: nobody appends meanwhile.
        guard flock(descriptor, LOCK_EX) == 0 else { throw failure() }
        guard let data = FileManager.default.contents(atPath: path) else { throw failure() }
        var place = 0
        var count = 0
        while let end = data[place...].firstIndex(of: UInt8(ascii: "\n")) {
            if let line = emptied(data[place..<end], before: instant) {
                let written = unsafe line.withUnsafeBytes {
                    unsafe pwrite(descriptor, $0.baseAddress, $0.count, place)
                }
                guard written == line.count else { throw failure() }
                count += 1
            }
            place = end + 1
        }
        guard count == 0 || fdatasync(descriptor) == 0 else { throw failure() }
        return count
    }

    /// The line with its id alone, as long as it was; nil when it stays.
    private func emptied(_ text: Data, before instant: Instant) -> [UInt8]? {
        guard let line = try? JSONDecoder().decode(Line.self, from: text), line.to != nil,
            let made = Identifier.instant(of: line.id), made < instant,
            let bare = try? JSONDocument.line(["id": line.id]).utf8, bare.count <= text.count
        else { return nil }
        return bare.dropLast() + [UInt8](repeating: UInt8(ascii: " "), count: text.count - bare.count)
            + [UInt8(ascii: "}")]
    }

    private func failure() -> RedressError {
        RedressError(.unavailable, "The file of notices \(path) cannot be emptied: \(systemReason()).")
    }
}
