#if Postgres
    import Foundation
    import RedressCore
    import RedressDesk
    import TestSupport
    import Testing

    @Suite("The database server is lost and restored from its backup")
    struct RestoreDrillTests {
        @Test("Backup and archived log bring everything back; a backup alone is seen to lack its end")
        func restore() async throws {
            let archive = try await PostgresArchive()
            let town = try await DrillTown(
                at: try Place(url: archive.url), people: 60, claims: 20, seats: 20)
            let (desk, actor) = (town.desk, town.actor)
            for receipt in town.receipts.prefix(20) {
                _ = try await desk.restoration.restore(receipt, by: actor)
            }
            try await archive.backUp()
            for receipt in town.receipts.dropFirst(20).prefix(20) {
                _ = try await desk.restoration.restore(receipt, by: actor)
            }
            let before = try await desk.check.run(by: actor)
            #expect(before.ok, "\(before.violations)")
            // Signs the head of the audit trail outside the database, as each command does at its end.
            try await desk.close()
            try await archive.loseAndRestore()
            func check(_ url: String) async throws -> (run: Run, counts: [String: Int], ok: Bool) {
                let run = try await BuiltBinary.run([
                    "check", "--data-dir", town.folder.file("data"), "--database-url", url, "--format",
                    "json",
                ])
                let report = try run.json()
                return (run, report["checked"] as? [String: Int] ?? [:], report["ok"] as? Bool ?? false)
            }
            let after = try await check(archive.restored)
            #expect(after.ok && after.run.status == 0, "\(after.run.output)")
            #expect(after.counts == before.checked, "the counts are those of the moment of the loss")
            let alone = try await check(archive.backupAlone)
            print("restored: \(after.counts); backup alone: \(alone.counts)")
            #expect(!alone.ok, "the signed heads outside the database tell that the end is missing")
            #expect(alone.run.output.contains("missing"), "\(alone.run.output)")
            try await archive.stop()
        }
    }
#endif
