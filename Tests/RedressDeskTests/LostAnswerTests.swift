#if Postgres
    import RedressCore
    import RedressDesk
    import RedressStore
    import TestSupport
    import Testing

    @Suite("The answer to a commit is lost")
    struct LostAnswerTests {
        @Test("The same key again tells what happened: nobody is seated twice, and nobody guesses")
        func sameKey() async throws {
            let server = try await PostgresServer.shared()
            let relay = try PostgresRelay(before: server)
            let url = try await server.database()
            let fixture = try await DeskFixture(at: try Place(url: url))
            try await fixture.allot(2)
            let receipts = [try await fixture.addPerson(1), try await fixture.addPerson(2)]
            let cut = try Place(url: try relay.address(url), patience: .seconds(1))
            let desk = try Installation(folder: fixture.folder.file("data"))
                .open(open: cut.opening(clock: fixture.clock.clock))
            let actor = fixture.actor
            // Readers have their connection before nobody gets a new one.
            try await desk.pool.sweep()
            // Both end in the same error: whoever asks cannot know, and must not need to.
            for (receipt, fate) in zip(receipts, [PostgresRelay.Fate.unanswered, .lost]) {
                let key = "lost-\(receipt)"
                relay.nextCommit(is: fate)
                relay.setOpen(false)
                let error = await #expect(throws: RedressError.self) {
                    try await desk.restoration.restore(receipt, key: key, by: actor)
                }
                #expect(error?.code == .unavailable)
                #expect(error?.details["outcome"] == "unknown")
                relay.setOpen(true)
                let isSeated = try await fixture.row(receipt).state == .restored
                #expect(isSeated == (fate == .unanswered))
                let again = try await desk.restoration.restore(receipt, key: key, by: actor)
                let third = try await desk.restoration.restore(receipt, key: key, by: actor)
                #expect(again.done == "seated" && third.done == "seated")
            }
            let seats = try await fixture.desk.database.read { connection in
                try connection.count("SELECT count(*) FROM pool_entry WHERE kind = 'seat'")
            }
            #expect(seats == 2)
            let check = try await fixture.desk.check.run(by: actor)
            #expect(check.ok, "\(check.violations)")
            try await desk.close()
            try await fixture.desk.close()
        }
    }
#endif
