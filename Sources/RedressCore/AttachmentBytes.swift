/// What an attachment really is, by its bytes, and the same picture without what its camera or author added.

/// A file that was sniffed, capped and stripped of metadata.
public struct AttachmentBytes: Sendable {
    /// The types that are taken.
    public enum Kind: String, Sendable, CaseIterable {
        case png = "image/png"
        case jpeg = "image/jpeg"
        case pdf = "application/pdf"
    }

    /// What it is.
    public let kind: Kind
    /// Its bytes, without metadata.
    public let bytes: [UInt8]

    /// The largest file that is taken.
    public static let largest = 10 << 20

    /// Takes a file; throws `badData` when it is too large, of another type, or damaged.
    public init(_ file: [UInt8]) throws(RedressError) {
        guard file.count <= AttachmentBytes.largest else {
            throw RedressError(
                .badData, "An attachment has at most \(AttachmentBytes.largest >> 20) MiB.")
        }
        if file.starts(with: [0x89, 0x50, 0x4E, 0x47, 0x0D, 0x0A, 0x1A, 0x0A]) {
            kind = .png
            bytes = try AttachmentBytes.strippedPNG(file)
        } else if file.starts(with: [0xFF, 0xD8, 0xFF]) {
            kind = .jpeg
            bytes = try AttachmentBytes.strippedJPEG(file)
        } else if file.starts(with: Array("%PDF-".utf8)) {
            kind = .pdf
            bytes = AttachmentBytes.blankedPDF(file)
        } else {
            throw RedressError(.badData, "An attachment is a PNG or JPEG picture or a PDF; this is none.")
        }
    }

    /// Keeps the chunks a picture is drawn from; text, time and camera data are left out.
    private static func strippedPNG(_ file: [UInt8]) throws(RedressError) -> [UInt8] {
        let kept: Set<String> = [
            "IHDR", "PLTE", "IDAT", "IEND", "tRNS", "gAMA", "cHRM", "sRGB", "iCCP", "sBIT", "bKGD", "pHYs",
        ]
        var bytes = Array(file.prefix(8))
        var position = 8
        while position + 12 <= file.count {
            let length = number(file[position..<position + 4])
            let end = position + 12 + length
            guard end <= file.count else { throw damaged("PNG") }
            let type = String(decoding: file[position + 4..<position + 8], as: UTF8.self)
            if kept.contains(type) { bytes += file[position..<end] }
            if type == "IEND" { return bytes }
            position = end
        }
        throw damaged("PNG")
    }

    /// Leaves out application segments (Exif, XMP, maker notes) except JFIF and Adobe's colour mark, and comments.
    private static func strippedJPEG(_ file: [UInt8]) throws(RedressError) -> [UInt8] {
        var bytes: [UInt8] = [0xFF, 0xD8]
        var position = 2
        while position + 4 <= file.count, file[position] == 0xFF {
            let marker = file[position + 1]
            // From the start of the scan on, everything is the picture itself.
            if marker == 0xDA { return bytes + file[position...] }
            let end = position + 2 + number(file[position + 2..<position + 4])
            guard end <= file.count, end > position + 2 else { throw damaged("JPEG") }
            let isMetadata = (0xE1...0xEF).contains(marker) && marker != 0xEE || marker == 0xFE
            if !isMetadata { bytes += file[position..<end] }
            position = end
        }
        throw damaged("JPEG")
    }

    /// Blanks XMP packets and the texts of the information dictionary in place, so that every offset still holds.
    private static func blankedPDF(_ file: [UInt8]) -> [UInt8] {
        var bytes = file
        blank(from: "<x:xmpmeta", to: "</x:xmpmeta>", in: &bytes)
        for key in [
            "Author", "Creator", "Producer", "Title", "Subject", "Keywords", "CreationDate", "ModDate",
        ] {
            let name = Array("/\(key)".utf8)
            var position = 0
            while let start = find(name, in: bytes, from: position) {
                position = start + name.count
                var open = position
                while open < bytes.count, bytes[open] == 0x20 { open += 1 }
                guard open < bytes.count, bytes[open] == UInt8(ascii: "("),
                    let close = find([UInt8(ascii: ")")], in: bytes, from: open)
                else { continue }
                for index in (open + 1)..<close { bytes[index] = 0x20 }
            }
        }
        return bytes
    }

    private static func blank(from: String, to: String, in bytes: inout [UInt8]) {
        var position = 0
        let (open, close) = (Array(from.utf8), Array(to.utf8))
        while let start = find(open, in: bytes, from: position),
            let end = find(close, in: bytes, from: start)
        {
            for index in start..<(end + close.count) { bytes[index] = 0x20 }
            position = end
        }
    }

    private static func find(_ pattern: [UInt8], in bytes: [UInt8], from start: Int) -> Int? {
        guard let first = pattern.first, bytes.count >= pattern.count else { return nil }
        var position = start
        while position <= bytes.count - pattern.count {
            if bytes[position] == first, bytes[position..<position + pattern.count].elementsEqual(pattern) {
                return position
            }
            position += 1
        }
        return nil
    }

    private static func number(_ bytes: ArraySlice<UInt8>) -> Int {
        bytes.reduce(0) { $0 << 8 | Int($1) }
    }

    private static func damaged(_ type: String) -> RedressError {
        RedressError(.badData, "The \(type) is damaged: it ends before its end.")
    }
}
