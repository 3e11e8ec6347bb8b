/// Proves that CSV is read the same however its bytes arrive, that faults name their place, and that what is
/// written can be read back and is safe to open.

import RedressCore
import TestSupport
import Testing

@Suite("CSV")
struct CSVTests {
    private func read(_ text: String, chunk: Int = 7, fields: Int? = nil) -> [CSVRecord] {
        read(Array(text.utf8), chunk: chunk, fields: fields)
    }

    private func read(_ bytes: [UInt8], chunk: Int, fields: Int? = nil) -> [CSVRecord] {
        var reader = CSVReader(name: "register.csv", fields: fields)
        var records: [CSVRecord] = []
        var start = 0
        while start < bytes.count {
            records += reader.read(Array(bytes[start..<min(start + chunk, bytes.count)]))
            start += chunk
        }
        return records + reader.finish()
    }

    @Test(
        "Rows come out with their line, byte offset and length, whatever the chunks",
        arguments: [1, 2, 3, 5, 1000])
    func places(chunk: Int) {
        let text = "\u{FEFF}이름,메모\r\n박진호,\"두 줄\n메모, 그리고 \"\"따옴표\"\"\"\n\n김,\r\nlast,\"\""
        let records = read(text, chunk: chunk)
        #expect(
            records.map(\.fields) == [
                ["이름", "메모"], ["박진호", "두 줄\n메모, 그리고 \"따옴표\""], ["김", ""], ["last", ""],
            ])
        #expect(records.map(\.line) == [1, 2, 5, 6])
        #expect(records.allSatisfy { $0.problem == nil })
        let bytes = Array(text.utf8)
        for record in records {
            let raw = bytes[record.offset..<record.offset + record.length]
            #expect(String(decoding: raw, as: UTF8.self).hasPrefix(record.fields[0]))
            #expect(raw.last != 13 && raw.last != 10)
        }
        #expect(records.first?.offset == 3)
    }

    @Test(
        "A bad row names its line and column, and the rows after it are read",
        arguments: [
            ("a,b\nx,y\"z\nc,d\n", "register.csv:2:4:", "inside a cell"),
            ("a,b\n\"x\"y,z\nc,d\n", "register.csv:2:4:", "after the closing quote"),
            ("a,b\nx\nc,d\n", "register.csv:2:1:", "1 cells where 2"),
            ("a,b\nx,y,z\nc,d\n", "register.csv:2:1:", "3 cells where 2"),
            ("a,b\n가나,y\"\nc,d\n", "register.csv:2:5:", "inside a cell"),
            ("a,b\nx\ry,z\nc,d\n", "register.csv:2:3:", "carriage return"),
        ])
    func badRows(_ text: String, _ place: String, _ reason: String) throws {
        for chunk in [1, 4, 100] {
            let records = read(text, chunk: chunk)
            try #require(records.count == 3)
            let problem = try #require(records[1].problem)
            #expect(problem.code == .badData)
            #expect(problem.message.hasPrefix(place), "\(problem.message)")
            #expect(problem.message.contains(reason), "\(problem.message)")
            #expect(records[1].fields.isEmpty)
            #expect(records[2].fields == ["c", "d"])
            #expect(records[2].line == 3)
        }
    }

    @Test("Bytes that are not UTF-8 spoil their row only")
    func invalidUTF8() throws {
        let bytes = Array("a,b\nx,".utf8) + [0xB9, 0xDA] + Array("\nc,d".utf8)
        let records = read(bytes, chunk: 3)
        try #require(records.count == 3)
        #expect(records[1].problem?.message.hasPrefix("register.csv:2:3: cell 2 is not valid UTF-8") == true)
        #expect(records[2].fields == ["c", "d"])
    }

    @Test("A quote that is never closed is reported where it was opened")
    func openQuote() throws {
        let records = read("a,b\nx,\"y\nz,w\n")
        try #require(records.count == 2)
        #expect(records[1].problem?.message.hasPrefix("register.csv:2:3: a quote is opened here") == true)
    }

    @Test("A row over the limit is refused without being kept, and reading goes on at the next line")
    func longRow() throws {
        let long = String(repeating: "x", count: CSVReader.largestRecord + 10)
        let records = read("a,b\n" + long + ",y\nc,d\n", chunk: 65_536)
        try #require(records.count == 3)
        #expect(records[1].problem?.message.contains("longer than 1048576 bytes") == true)
        #expect(records[2].fields == ["c", "d"])
        let fitting = String(repeating: "x", count: CSVReader.largestRecord - 2)
        #expect(read("a,b\n" + fitting + ",y\n", chunk: 65_536)[1].problem == nil)
    }

    @Test("An empty file and a file of blank lines have no rows; a mark alone neither")
    func empty() {
        #expect(read("").isEmpty)
        #expect(read("\n\r\n\n").isEmpty)
        #expect(read("\u{FEFF}").isEmpty)
        #expect(read("\u{FEFF}\r\n").isEmpty)
    }

    @Test("A number of cells given beforehand binds the first row too")
    func givenFields() {
        #expect(read("a,b\n", fields: 3).first?.problem != nil)
        #expect(read("a,b\n", fields: 2).first?.problem == nil)
    }

    @Test("What the writer writes the reader reads back", arguments: [UInt64(21), 22, 23, 24])
    func roundTrip(seed: UInt64) throws {
        var dice = Dice(seed: seed)
        let alphabet: [Character] = ["a", "박", ",", "\"", "\n", " ", "ㅎ", "1", ";", "🙂"]
        for _ in 0..<300 {
            let columns = Int.random(in: 2...5, using: &dice)
            let rows = (0..<Int.random(in: 1...4, using: &dice)).map { _ in
                (0..<columns).map { _ in
                    String(
                        (0..<Int.random(in: 0...6, using: &dice)).map { _ in
                            alphabet.randomElement(using: &dice) ?? "a"
                        })
                }
            }
            var writer = CSVWriter(.byteOrderMark)
            for row in rows { writer.append(row) }
            let records = read(writer.text, chunk: Int.random(in: 1...9, using: &dice))
            try #require(records.map(\.fields) == rows, "seed \(seed): \(rows)")
        }
    }

    @Test(
        "A cell that a spreadsheet would calculate is made text; numbers stay numbers",
        arguments: [
            ("=1+1", "'=1+1"), ("+8210", "'+8210"), ("-1+cmd", "'-1+cmd"), ("@SUM(A1)", "'@SUM(A1)"),
            ("\tx", "'\tx"),
            ("\rx", "\"'\rx\""), ("-12", "-12"), ("-12.5", "-12.5"), ("-", "'-"), ("-1.2.3", "'-1.2.3"),
            ("-.5", "'-.5"),
            ("=HYPERLINK(\"http://x\",\"y\")", "\"'=HYPERLINK(\"\"http://x\"\",\"\"y\"\")\""), ("a=b", "a=b"),
        ])
    func formulas(_ cell: String, _ written: String) {
        var writer = CSVWriter()
        writer.append([cell])
        #expect(writer.text == written + "\r\n")
    }

    @Test("Taking the text empties the writer and the byte order mark comes once")
    func takeText() {
        var writer = CSVWriter(.byteOrderMark)
        writer.append(["가"])
        #expect(writer.takeText() == "\u{FEFF}가\r\n")
        writer.append(["나"])
        #expect(writer.takeText() == "나\r\n")
    }
}
