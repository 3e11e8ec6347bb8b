import Foundation
import RedressCore
import RedressDesk
import RedressSQLite
import RedressStore
import TestSupport
import Testing

@Suite("Backups, and what the doctor says")
struct BackupTests {
    private static let open: OpenDatabase = { try SQLiteDatabase(path: $0, schema: $1, create: $2) }

    private func backUp(_ fixture: DeskFixture, to name: String = "backup") async throws -> String {
        let folder = fixture.folder.file(name)
        _ = try await BackupDesk(fixture.desk, installation(fixture)).make(in: folder, by: fixture.actor)
        return folder
    }

    private func installation(_ fixture: DeskFixture) -> Installation {
        Installation(folder: fixture.folder.file("data"), environment: [:])
    }

    private func restore(_ fixture: DeskFixture, _ backup: String, to name: String) async throws
        -> RestoreReport
    {
        let data = fixture.folder.file("data")
        return try await Installation(folder: fixture.folder.file(name), environment: [:]).restore(
            from: backup, keys: data + "/keys.json", anchorKey: data + "/anchor.key", by: fixture.actor,
            open: Self.open)
    }

    @Test("A backup taken while people are restored is a whole installation of one moment")
    func underLoad() async throws {
        let fixture = try await DeskFixture(at: Place(.sqlite))
        try await fixture.allot(40)
        var receipts: [ReceiptNumber] = []
        for number in 1...40 { receipts.append(try await fixture.addPerson(number)) }
        let (desk, actor, all) = (fixture.desk, fixture.actor, receipts)
        async let work: Void = {
            for receipt in all { _ = try await desk.restoration.restore(receipt, by: actor) }
        }()
        let backup = try await backUp(fixture)
        try await work
        let report = try await restore(fixture, backup, to: "again")
        #expect(report.lost == [])
        let again = try Installation(folder: fixture.folder.file("again"), environment: [:])
            .open(open: Self.open)
        #expect(try await again.check.run(by: actor).violations == [])
        #expect(
            try await again.lookups.phone("010-0000-0001", by: actor, origin: "test").people.map(\.person)
                == ["p1"])
        #expect(
            try await again.audit.show(1, subject: "installation", by: actor).map(\.action) == [
                "installation.restore-backup"
            ])
        try await again.close()
        #expect(
            !FileManager.default.fileExists(atPath: backup + "/keys.json"),
            "keys do not lie beside what they open"
        )
    }

    @Test(
        "One byte changed in any file of a backup, or a file gone, and it is refused with nothing left behind"
    )
    func damaged() async throws {
        let fixture = try await DeskFixture(at: Place(.sqlite))
        _ = try await fixture.addPerson(1)
        let whole = try await backUp(fixture)
        for name in ["redress.sqlite", "evidence.sqlite", "anchors.jsonl", "backup.json"] {
            let broken = fixture.folder.file("broken-" + name)
            try FileManager.default.copyItem(atPath: whole, toPath: broken)
            var bytes = [UInt8](try Data(contentsOf: URL(fileURLWithPath: broken + "/" + name)))
            bytes[bytes.count / 2] ^= 1
            try Data(bytes).write(to: URL(fileURLWithPath: broken + "/" + name))
            await #expect(throws: RedressError.self, "\(name)") {
                try await restore(fixture, broken, to: "from-" + name)
            }
            #expect(!FileManager.default.fileExists(atPath: fixture.folder.file("from-" + name)))
            try FileManager.default.removeItem(atPath: broken + "/" + name)
            await #expect(throws: RedressError.self, "\(name) gone") {
                try await restore(fixture, broken, to: "from-" + name)
            }
        }
        await #expect(throws: RedressError.self, "an installation is never written over") {
            try await restore(fixture, whole, to: "data")
        }
        #expect(try await fixture.desk.check.run(by: fixture.actor).violations == [])
    }

    @Test("Another installation's keys do not open a backup, and nobody but the operator makes one")
    func foreign() async throws {
        let (fixture, other) = (
            try await DeskFixture(at: Place(.sqlite)), try await DeskFixture(at: Place(.sqlite))
        )
        _ = try await fixture.addPerson(1)
        let backup = try await backUp(fixture)
        let (data, foreign) = (fixture.folder.file("data"), other.folder.file("data"))
        for (keys, anchor) in [(foreign, data), (data, foreign)] {
            let target = Installation(folder: fixture.folder.file("again"), environment: [:])
            await #expect(throws: RedressError.self) {
                try await target.restore(
                    from: backup, keys: keys + "/keys.json", anchorKey: anchor + "/anchor.key",
                    by: fixture.actor, open: Self.open)
            }
            #expect(!target.exists)
        }
        await #expect(throws: RedressError.self) {
            try await BackupDesk(fixture.desk, installation(fixture))
                .make(in: fixture.folder.file("mine"), by: Staff.supervisor)
        }
        #expect(!FileManager.default.fileExists(atPath: fixture.folder.file("mine")))
    }

    @Test("The doctor finds nothing wrong with a sound installation, and names what is, with what to do")
    func doctor() async throws {
        let fixture = try await DeskFixture(at: Place(.sqlite))
        _ = try await fixture.addPerson(1)
        _ = try await backUp(fixture)
        let data = fixture.folder.file("data")
        func examine(_ now: Instant? = nil) async -> [Diagnosis] {
            await Doctor(installation(fixture), now: now ?? fixture.clock.now, open: Self.open).examine()
        }
        func wrong(_ list: [Diagnosis]) -> [String] { list.filter { $0.state == .wrong }.map(\.what) }
        let sound = await examine()
        #expect(wrong(sound) == [])
        #expect(sound.first { $0.what == "backup" }?.state == .ok)
        #expect(
            await examine(fixture.clock.now.adding(minutes: 2 * 1440)).first { $0.what == "backup" }?.state
                == .warning)
        #expect(wrong(await examine(fixture.clock.now.adding(minutes: -1440))) == ["clock"])
        try FileManager.default.setAttributes([.posixPermissions: 0o644], ofItemAtPath: data + "/keys.json")
        #expect(wrong(await examine()) == ["keys.json", "databases"])
        try FileManager.default.setAttributes([.posixPermissions: 0o600], ofItemAtPath: data + "/keys.json")
        let kept = try Data(contentsOf: URL(fileURLWithPath: data + "/anchors.jsonl"))
        try FileManager.default.removeItem(atPath: data + "/anchors.jsonl")
        #expect(wrong(await examine()) == ["signed heads"])
        try kept.write(to: URL(fileURLWithPath: data + "/anchors.jsonl"))
        try await fixture.desk.database.write { try $0.run("UPDATE audit SET actor = 'x' WHERE seq = 2") }
        #expect(wrong(await examine()) == ["audit trail"])
        #expect(await examine().allSatisfy { $0.state == .ok || !$0.todo.isEmpty })
    }
}
