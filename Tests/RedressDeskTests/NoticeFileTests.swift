import Foundation
import RedressCore
import RedressDesk
import TestSupport
import Testing

@Suite("The file of notices")
struct NoticeFileTests {
    private static func notice(_ id: String) throws -> OutgoingNotice {
        OutgoingNotice(id: id, to: "01012345678", sender: "질병관리청", text: try NoticeText("[질병관리청] 안내"))
    }

    private static func ids(_ path: String) throws -> [String] {
        try String(contentsOfFile: path, encoding: .utf8).split(separator: "\n").map {
            try JSONDecoder().decode(OutgoingNotice.self, from: Data($0.utf8)).id
        }
    }

    @Test("It holds each id once, past a torn line and with several writers")
    func once() async throws {
        let folder = try TemporaryFolder()
        let path = try folder.write("notices.jsonl", "{\"id\":\"a\"}\n{\"id\":\"torn")
        let writers = (0..<3).map { _ in FileNoticeGateway(path: path) }
        for id in ["a", "b", "torn", "b", "c"] {
            for writer in writers { #expect(try await writer.send(Self.notice(id)) == .accepted) }
        }
        let lines = try String(contentsOfFile: path, encoding: .utf8).split(separator: "\n")
        #expect(lines.count == 4)
        for id in ["a", "b", "c", "torn"] {
            #expect(lines.count { $0.contains("\"id\":\"\(id)\"") } == 1, "\(lines)")
        }
    }

    @Test("Old messages are taken out while others write; nobody else can read it, before and after")
    func forgets() async throws {
        let folder = try TemporaryFolder()
        let path = folder.file("notices.jsonl")
        let now = Instant(CivilDate(daysSinceEpoch: 18_829), TimeOfDay(minutes: 540))
        let gateway = FileNoticeGateway(path: path)
        let other = FileNoticeGateway(path: path)
        try await gateway.forget(before: now)
        #expect(!FileManager.default.fileExists(atPath: path), "there is nothing to forget")
        let old = [
            Identifier.make(at: now.adding(minutes: -60)), Identifier.make(at: now.adding(minutes: -1)),
        ]
        let new = (0..<4).map { Identifier.make(at: now.adding(minutes: $0)) }
        for id in [old[0], new[0], old[1], new[1]] { _ = try await other.send(Self.notice(id)) }
        func mode() throws -> Int {
            try #require(
                FileManager.default.attributesOfItem(atPath: path)[.posixPermissions] as? NSNumber
            ).intValue
        }
        #expect(try mode() == 0o600)
        try await gateway.forget(before: now)
        #expect(try Self.ids(path) == [new[0], new[1]] && mode() == 0o600)
        // Writers that had the file open go on in the new one, and still know what is in it.
        for id in new { _ = try await other.send(Self.notice(id)) }
        _ = try await gateway.send(Self.notice(new[2]))
        #expect(try Self.ids(path) == new)
        try await other.forget(before: now.adding(minutes: 100))
        #expect(try Self.ids(path).isEmpty)
        _ = try await gateway.send(Self.notice(new[3]))
        #expect(try Self.ids(path) == [new[3]])
    }

    @Test("A worker forgets what is older than thirty days")
    func retention() async throws {
        let fixture = try await DeskFixture()
        let path = fixture.folder.file("notices.jsonl")
        let gateway = FileNoticeGateway(path: path)
        let runner = try NoticeRunner(desk: fixture.desk, gateway: gateway)
        let request = try await fixture.desk.citizens.requestCode("01000000001", address: "a")
        #expect(try await runner.sendCodes().sent == 1)
        fixture.clock.advance(minutes: 30 * 24 * 60 - 1)
        try await runner.tidy()
        #expect(try Self.ids(path) == [request.request])
        fixture.clock.advance(minutes: 2)
        try await runner.tidy()
        #expect(try Self.ids(path).isEmpty)
    }
}
