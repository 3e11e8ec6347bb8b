/// Proves that damaged, hostile and endless input is counted and set aside, and never crashes or is dropped.

import RedressEvidence
import Testing

@Suite struct DamagedLinesTests {
    static let good =
        #"{"ts":"2021-07-19T20:00:00.000+09:00","node":"wr-1","seq":1,"op":"enter","rc":"wait","key":"K1"}"#

    @Test(
        "Each kind of damage is set aside under its own reason",
        arguments: [
            (#"{"ts":"2021-07-19T20:00:00+09:00","op":"enter","key":"K1""#, QuarantineReason.malformed),
            ("not a line of a log at all", .malformed),
            ("{\"ts\":\"2021-07-19T20:00:00+09:00\",\"op\":\"en\u{0}ter\"}", .nulByte),
            ("\u{0}\u{0}\u{0}" + good, .nulByte),
            ("{\"ts\":\"2021-07-19T20:00:00+09:00\",\"op\":\"en\u{1}ter\"}", .controlByte),
            (#"{"op":"enter","key":"K1"}"#, .noTime),
            (#"{"ts":"yesterday","op":"enter","key":"K1"}"#, .noTime),
            (#"{"ts":"2021-07-19T20:00:00+09:00","key":"K1"}"#, .missingField),
            (#"{"ts":"2021-07-19T20:00:00+09:00","op":"leap","key":"K1"}"#, .badValue),
            (#"{"ts":"2021-07-19T20:00:00+09:00","op":"enter","key":"K1","number":"many"}"#, .badValue),
            (#"{"ts":"2021-07-19T20:00:00+09:00","op":"enter","op":"poll","key":"K1"}"#, .duplicateField),
            (#"{"ts":"2021-07-19T20:00:00+09:00","op":"enter","key":{"a":1}}"#, .badValue),
            (
                #"{"ts":"2021-07-19T20:00:00+09:00","op":"enter","x":"#
                    + String(repeating: "[", count: 40) + String(repeating: "]", count: 40) + "}", .tooDeep
            ),
        ])
    func reasons(_ line: String, _ reason: QuarantineReason) async throws {
        let bench = try Workbench()
        let progress = try await bench.ingest(lines([Self.good, line, Self.good]), .queue)
        #expect(progress.lines == 3)
        #expect(progress.parsed == 2)
        #expect(progress.quarantined == 1)
        #expect(bench.store.quarantined.first?.reason == reason)
        #expect(bench.store.quarantined.first?.line == 2)
        #expect(bench.store.quarantined.first?.offset == Self.good.utf8.count + 1)
    }

    @Test("CP949 text in a field that is read is set aside; in a field that is not, it does no harm")
    func korean() async throws {
        let bench = try Workbench()
        let name: [UInt8] = [0xC8, 0xAB, 0xB1, 0xE6]
        let read =
            Array(#"{"ts":"2021-07-19T20:00:00+09:00","op":"enter","key":""#.utf8) + name
            + Array("\"}\n".utf8)
        let unread =
            Array(#"{"ts":"2021-07-19T20:00:00+09:00","op":"enter","key":"K1","ua":""#.utf8) + name
            + Array("\"}\n".utf8)
        let progress = try await bench.ingest(read + unread, .queue)
        #expect(progress.parsed == 1)
        #expect(bench.store.quarantined.map(\.reason) == [.notUTF8])
    }

    @Test("A front door's line may be cut after any of its bytes")
    func cutFrontDoor() async throws {
        let whole =
            #"203.0.113.7 - - [19/Jul/2021:21:51:40 +0900] "POST /api HTTP/1.1" 200 5 "-" "x\"y" sid=s key=K"#
        let cut = (1..<whole.utf8.count).map { String(decoding: Array(whole.utf8).prefix($0), as: UTF8.self) }
        let bench = try Workbench()
        let progress = try await bench.ingest(lines(cut), .web)
        #expect(progress.lines == cut.count)
        #expect(progress.lines == progress.parsed + progress.quarantined)
        #expect(bench.store.quarantined.count == progress.quarantined)
    }

    @Test("A last line that ends in the middle is set aside as cut off")
    func cut() async throws {
        let bench = try Workbench()
        let bytes = lines([Self.good]) + Array(Self.good.utf8.dropLast(20))
        let progress = try await bench.ingest(bytes, .queue)
        #expect(progress.lines == 2)
        #expect(bench.store.quarantined.map(\.reason) == [.cutOff])
    }

    @Test("A line of two mebibytes, and one of ten, are set aside and the lines around them read")
    func tooLong() async throws {
        for size in [2 << 20, 10 << 20] {
            let bench = try Workbench()
            let bytes =
                lines([Self.good]) + Array(repeating: UInt8(ascii: "x"), count: size) + [10]
                + lines([Self.good])
            let progress = try await bench.ingest(bytes, .queue)
            #expect(progress.lines == 3)
            #expect(progress.parsed == 2)
            #expect(bench.store.quarantined.map(\.reason) == [.tooLong])
            #expect(bench.store.quarantined.map(\.length) == [size])
            #expect(progress.bytes == bytes.count)
        }
    }

    @Test("Blank lines and carriage returns are lines that say nothing; an empty file has none")
    func blank() async throws {
        let bench = try Workbench()
        let progress = try await bench.ingest(Array("\n  \n\r\n\(Self.good)\r\n".utf8), .queue)
        #expect(progress.lines == 4)
        #expect(progress.parsed == 4)
        let empty = try await bench.ingest([], .queue)
        #expect(empty.lines == 0)
        #expect(empty.finished)
    }

    @Test(
        "Random and damaged bytes never crash, and every line is counted once",
        arguments: Array(1...12) as [UInt64])
    func random(_ seed: UInt64) async throws {
        var dice = Dice(seed: seed)
        let bench = try Workbench()
        let evening = Evening(people: 6) { _ in .honest }
        for (kind, source) in [
            (LogKind.queue, evening.queue), (.booking, evening.booking), (.web, evening.web),
            (.sms, evening.sms),
        ] {
            var bytes = lines(source)
            for _ in 0..<400 {
                bytes[Int(dice.next() % UInt64(bytes.count))] = UInt8(truncatingIfNeeded: dice.next())
            }
            let progress = try await bench.ingest(bytes, kind)
            let feeds = bytes.count { $0 == 10 } + (bytes.last == 10 ? 0 : 1)
            #expect(progress.lines == feeds, "seed \(seed), \(kind)")
            #expect(progress.lines == progress.parsed + progress.quarantined, "seed \(seed), \(kind)")
        }
        _ = try await bench.examiner().verdict(for: evening.record(0))
    }
}
