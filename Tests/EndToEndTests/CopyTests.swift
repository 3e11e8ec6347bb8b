#if Postgres
    import Foundation
    import RedressCore
    import RedressDesk
    import TestSupport
    import Testing

    @Suite("A server beside a copy of its database")
    struct CopyTests {
        @Test("Callers are looked up in the copy, and the answer says as of when; what decides is not")
        func lookup() async throws {
            let pair = try await PostgresPair()
            let town = try await DrillTown(at: try Place(url: pair.url), people: 2, claims: 2, seats: 2)
            try await town.desk.staff.add("상담원", role: .agent, by: town.actor)
            let token = try await town.desk.staff.makeToken(for: "상담원", by: town.actor)
            let server = try await ServedTown.start(
                town, "one", url: pair.url, options: ["--set", "replica.url=\(pair.standby)"])
            try await server.ready()
            let receipt = town.receipts[0].description
            let headers = ["Authorization": "Bearer \(token)"]
            let deadline = ContinuousClock.now + .seconds(60)
            var told: String?
            // A copy counts once a mark reached it that is new enough.
            repeat {
                let found = try await server.send(
                    "POST", "/api/v1/lookups", headers, body: #"{"receipt":"\#(receipt)"}"#)
                #expect(found.status == 200)
                #expect((found.json["people"] as? [Any])?.count == 1)
                told = found.json["as_of"] as? String
            } while told == nil && ContinuousClock.now < deadline
            let asOf = try #require(told.flatMap { Instant($0) })
            #expect(asOf.adding(minutes: 1) > WallClock.system.now())
            let shown = try await server.send("GET", "/api/v1/cases/\(receipt)", headers)
            let version = try #require(shown.json["version"] as? Int)
            let seated = try await server.send(
                "POST", "/api/v1/cases/\(receipt)/restore",
                headers.merging(["Idempotency-Key": "copy", "If-Match": "\"\(version)\""]) { $1 }, body: "{}")
            #expect(seated.status == 200 && seated.json["done"] as? String == "seated", "\(seated)")
            #expect(try await server.stop().status == 0)
            try await town.desk.close()
            try await pair.stop()
        }
    }
#endif
