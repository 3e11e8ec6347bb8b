/// How many terminal columns text takes: Korean is two wide, combining marks none (Unicode UAX #11).
enum DisplayWidth {
    /// The columns a line of text takes.
    static func of(_ text: String) -> Int {
        text.reduce(0) { $0 + width($1) }
    }

    /// The text on one line without anything that steers a terminal or turns the reading direction.
    ///
    /// Log lines and names come from outside; an escape sequence among them must not reach the screen.
    static func harmless(_ text: String) -> String {
        var safe = String.UnicodeScalarView()
        for scalar in text.unicodeScalars {
            switch scalar {
            case "\r": continue
            case "\n", "\t", "\u{2028}", "\u{2029}": safe.append(" ")
            case "\u{202A}"..."\u{202E}", "\u{2066}"..."\u{2069}": continue
            default: safe.append(scalar.properties.generalCategory == .control ? "\u{FFFD}" : scalar)
            }
        }
        return String(safe)
    }

    /// The text cut to so many columns, with `…` in the last one when something is left out.
    static func cut(_ text: String, to columns: Int) -> String {
        guard of(text) > columns else { return text }
        var kept = ""
        var used = 0
        for character in text {
            let next = width(character)
            if used + next > columns - 1 { break }
            kept.append(character)
            used += next
        }
        return kept + "…"
    }

    private static func width(_ character: Character) -> Int {
        // A cluster (a syllable of jamo, an emoji with its joiners) is drawn in one cell, the widest of its parts.
        var widest = 0
        for scalar in character.unicodeScalars {
            // Variation selector 16 asks for the emoji drawing, which is two columns.
            if scalar == "\u{FE0F}" { return 2 }
            widest = max(widest, width(scalar))
        }
        return widest
    }

    private static func width(_ scalar: Unicode.Scalar) -> Int {
        if scalar.isASCII { return scalar.value >= 0x20 && scalar.value < 0x7F ? 1 : 0 }
        switch scalar.properties.generalCategory {
        case .nonspacingMark, .enclosingMark, .format, .control: return 0
        default: break
        }
        switch scalar.value {
        // Vowels and finals of conjoining Hangul are drawn into the initial before them.
        case 0x1160...0x11FF, 0xD7B0...0xD7FF: return 0
        case 0x1100...0x115F, 0xA960...0xA97F, 0xAC00...0xD7A3: return 2
        case 0x2329...0x232A, 0x2E80...0x303E, 0x3040...0x3247, 0x3250...0x4DBF, 0x4E00...0xA4CF,
            0xF900...0xFAFF:
            return 2
        case 0xFE10...0xFE19, 0xFE30...0xFE6F, 0xFF01...0xFF60, 0xFFE0...0xFFE6: return 2
        case 0x16FE0...0x18CFF, 0x1AFF0...0x1B2FF, 0x1F200...0x1F265, 0x20000...0x3FFFD: return 2
        default: return scalar.properties.isEmojiPresentation ? 2 : 1
        }
    }
}
