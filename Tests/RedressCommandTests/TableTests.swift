/// Proves that tables line up in Korean, stay plain in a pipe, and let nothing steer the terminal.

import Testing

@testable import redress

@Suite("Tables on the terminal")
struct TableTests {
    @Test("Columns line up though Korean is two columns wide")
    func alignment() {
        let table = Table(
            [Table.Column("접수번호"), Table.Column("name"), Table.Column("건수", .right)],
            rows: [["2021-000417-8", "박진호", "3"], ["2021-000418-0", "Ann", "1,204"]])
        #expect(
            table.text(.plain) == """
                접수번호       name     건수
                2021-000417-8  박진호      3
                2021-000418-0  Ann     1,204

                """)
    }

    @Test("On a terminal the heading is bold and nothing else changes")
    func bold() {
        let table = Table([Table.Column("a"), Table.Column("b")], rows: [["1", "2"]])
        #expect(table.text(.terminal) == "\u{1B}[1ma  b\u{1B}[0m\n1  2\n")
        #expect(table.text(.plain) == "a  b\n1  2\n")
    }

    @Test("A long cell is cut only in a column that asks for it, between characters")
    func limits() {
        let cells = [["가나다라마바사", "가나다라마바사"]]
        let table = Table([Table.Column("a", limit: 6), Table.Column("b")], rows: cells)
        #expect(table.text(.plain) == "a      b\n가나…  가나다라마바사\n")
    }

    @Test("Escape sequences, line breaks and direction marks in a cell are disarmed")
    func harmless() {
        let table = Table(
            [Table.Column("a"), Table.Column("b")], rows: [["x\u{1B}[31m\ny\tz", "\u{202E}ok\u{9B}"]])
        let text = table.text(.plain)
        #expect(
            !text.contains("\u{1B}") && !text.contains("\u{9B}") && !text.unicodeScalars.contains("\u{202E}"))
        #expect(text.split(separator: "\n").count == 2)
        #expect(text.contains("x\u{FFFD}[31m y z"))
    }

    @Test("Missing cells are empty and cells beyond the columns are not shown")
    func raggedRows() {
        let table = Table([Table.Column("a"), Table.Column("b")], rows: [["1"], ["1", "2", "3"]])
        #expect(table.text(.plain) == "a  b\n1\n1  2\n")
    }

    @Test(
        "Width counts what a terminal draws",
        arguments: [
            ("", 0), ("abc", 3), ("박진호", 6), ("\u{1107}\u{1161}\u{11A8}", 2), ("e\u{301}", 1), ("ｱ", 1),
            ("Ａ", 2),
            ("🙂", 2), ("👩‍👩‍👧", 2), ("🇰🇷", 2), ("✔\u{FE0F}", 2), ("a\u{200B}b", 2), ("○", 1), ("○○님", 4),
            ("漢字", 4),
            ("①", 1), ("…", 1), ("ㄱㅏ", 4), ("、", 2),
        ])
    func widths(_ text: String, _ columns: Int) {
        #expect(DisplayWidth.of(text) == columns)
    }
}
