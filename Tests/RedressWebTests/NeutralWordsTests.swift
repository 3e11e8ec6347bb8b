import Foundation
import RedressCore
import Testing

@testable import RedressWeb

@Suite("Words for those without a command line")
struct NeutralWordsTests {
    @Test("What to type is left out, what is wrong and what to do stays")
    func words() {
        for (said, heard) in [
            (
                "Case 2021-000417-8 has no verdict yet. Run `redress case verify 2021-000417-8` first.",
                "Case 2021-000417-8 has no verdict yet."
            ),
            (
                "The pool of C001 closed at 18:00. Offer another date (`redress case offer 2021-000417-8`).",
                "The pool of C001 closed at 18:00. Offer another date."
            ),
            (
                "Look first at how cases with the same findings ended: `redress case similar 1`.",
                "Look first at how cases with the same findings ended."
            ),
            (
                "There is one already; it was left as it is. Choose another --data-dir.",
                "There is one already; it was left as it is."
            ),
            ("Run `redress check`.", "It was not done."),
            ("Nothing to change here -- or is there?", "Nothing to change here -- or is there?"),
        ] {
            #expect(NeutralWords.text(said) == heard)
        }
    }

    @Test("No sentence of the rules names a command or an option after it went through")
    func everySentence() throws {
        let root = URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
            .deletingLastPathComponent().appendingPathComponent("Sources")
        var count = 0
        for folder in ["RedressCore", "RedressStore", "RedressDesk", "RedressEvidence", "RedressSQLite"] {
            let base = root.appendingPathComponent(folder)
            let names = try #require(FileManager.default.enumerator(atPath: base.path))
            for case let name as String in names where name.hasSuffix(".swift") {
                let text = try String(contentsOf: base.appendingPathComponent(name), encoding: .utf8)
                for match in text.matches(of: /"([^"\n]*`redress [^"\n]*)"/) {
                    count += 1
                    let heard = NeutralWords.text(String(match.1))
                    #expect(!heard.contains("`redress "), "\(name): \(heard)")
                }
            }
        }
        #expect(count > 15)
    }
}
