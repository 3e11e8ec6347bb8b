/// What people type and paste, brought to plain characters before a number is read from it.

/// Full-width forms become ASCII, every dash becomes `-`, every space becomes ` `, invisible marks vanish.
///
/// Full-width digits come from Korean input methods, invisible direction marks from address books, en dashes
/// from word processors; none of them changes which number is meant.
func plainCharacters(_ text: some StringProtocol) -> String {
    var plain = String.UnicodeScalarView()
    for scalar in text.unicodeScalars {
        switch scalar.value {
        case 0xFF01...0xFF5E:
            // The full-width block repeats ASCII in order, 0xFEE0 higher.
            if let ascii = Unicode.Scalar(scalar.value - 0xFEE0) { plain.append(ascii) }
        case 0x2010...0x2015, 0x2212, 0x2043, 0x30FC, 0xFE58, 0xFE63:
            plain.append("-")
        default:
            if scalar.properties.isWhitespace {
                plain.append(" ")
            } else if scalar.properties.generalCategory != .format {
                plain.append(scalar)
            }
        }
    }
    return String(plain)
}

extension Unicode.Scalar {
    /// Whether this is one of `0` to `9` of ASCII.
    var isASCIIDigit: Bool { ("0"..."9").contains(self) }
}
