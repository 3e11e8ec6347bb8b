/// Proves that damaged, hostile and endless input is counted and set aside, and never crashes or is dropped.

import Foundation
import RedressCore
import RedressEvidence
import Subprocess
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

    @Test("A compressed bomb is refused, and nothing of it is held", arguments: ["gzip", "zstd"])
    func bomb(_ program: String) async throws {
        let bench = try Workbench()
        let path = bench.folder + "/bomb"
        let made = try await Subprocess.run(
            .name("sh"),
            arguments: ["-c", "head -c 268435456 /dev/zero | \(program) -c > \"$0\"", path],
            output: .discarded, error: .discarded)
        #expect(made.terminationStatus.isSuccess)
        let file = try await LogFile.identify(path: path)
        #expect(file.encoding.rawValue == program && file.bytes < 1 << 20)
        let error = await #expect(throws: RedressError.self) { try await bench.ingest(file, .queue) }
        #expect(error?.code == .badData)
        #expect(bench.store.all.isEmpty)
    }

    @Test("A log that is cut or rotated away after it was identified is never read under the wrong digest")
    func rotated() async throws {
        let bench = try Workbench()
        let evening = Evening(people: 8)
        let path = try bench.write(lines(evening.queue))
        let file = try await LogFile.identify(path: path)
        try Data(lines(evening.queue.prefix(5))).write(to: URL(filePath: path))
        let cut = await #expect(throws: RedressError.self) { try await bench.ingest(file, .queue) }
        #expect(cut?.code == .tryAgain)
        let later = evening.queue.map { $0.replacing("2021-07-19T20", with: "2021-07-19T21") }
        try Data(lines(later + later)).write(to: URL(filePath: path))
        let other = await #expect(throws: RedressError.self) { try await bench.ingest(file, .queue) }
        #expect(other?.code == .tryAgain)
        #expect(bench.store.all.isEmpty)
    }

    @Test("A log that becomes shorter in the middle of reading says so, and the same log is read again whole")
    func shrinking() async throws {
        let bench = try Workbench()
        let evening = Evening(people: 8)
        let bytes = lines(evening.queue)
        var long: [UInt8] = []
        while long.count < 3 << 20 { long += bytes }
        let path = try bench.write(long)
        let file = try await LogFile.identify(path: path)
        var limits = IngestLimits()
        limits.budgetBytes = 1
        var isCut = false
        let error = await #expect(throws: RedressError.self) {
            _ = try await LogIngest(file: file, kind: .queue, joinKey: testKey, limits: limits)
                .run(in: bench.runs) { _, _ in
                    if !isCut {
                        let handle = try FileHandle(forWritingTo: URL(filePath: path))
                        try handle.truncate(atOffset: 1 << 20)
                        try handle.close()
                    }
                    isCut = true
                }
        }
        #expect(error?.code == .tryAgain)
        try Data(long).write(to: URL(filePath: path))
        let again = try await LogFile.identify(path: path)
        #expect(again.sha256 == file.sha256)
        let whole = MemoryFacts()
        try await whole.add(
            LogIngest(file: again, kind: .queue, joinKey: testKey), in: bench.folder + "/others")
        try await bench.store.add(LogIngest(file: again, kind: .queue, joinKey: testKey), in: bench.runs)
        #expect(bench.store.all == whole.all)
    }

    @Test("Lines appended while a log is read belong to the next reading, and nothing is counted twice")
    func growing() async throws {
        let bench = try Workbench()
        let evening = Evening(people: 8)
        let half = evening.queue.count / 2
        let path = try bench.write(lines(evening.queue.prefix(half)))
        let file = try await LogFile.identify(path: path)
        let handle = try FileHandle(forWritingTo: URL(filePath: path))
        try handle.seekToEnd()
        try handle.write(contentsOf: Data(lines(evening.queue.dropFirst(half))))
        try handle.close()
        let progress = try await bench.ingest(file, .queue)
        #expect(progress.lines == half)
        try await bench.ingest(LogFile.identify(path: path), .queue)
        let verdict = try await bench.examiner().verdict(for: evening.record(1))
        let whole = try Workbench()
        try await whole.ingest(lines(evening.queue), .queue)
        #expect(
            try await whole.examiner().verdict(for: evening.record(1)).evidenceDigest
                == verdict.evidenceDigest)
    }

    @Test("A packed log that breaks off gives the lines before the break, and the rest is counted as cut off")
    func cutPacked() async throws {
        let bench = try Workbench()
        let evening = Evening(people: 30)
        let path = try bench.write(lines(evening.queue))
        let packed = try await Subprocess.run(
            .name("gzip"), arguments: [path], output: .discarded, error: .discarded)
        #expect(packed.terminationStatus.isSuccess)
        let bytes = try Data(contentsOf: URL(filePath: path + ".gz"))
        try bytes.prefix(bytes.count / 2).write(to: URL(filePath: path + ".gz"))
        let progress = try await bench.ingest(LogFile.identify(path: path + ".gz"), .queue)
        #expect(progress.parsed > 0 && progress.parsed < evening.queue.count)
        #expect(progress.lines == progress.parsed + progress.quarantined)
        #expect(bench.store.quarantined.last?.reason == .cutOff)
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
