import Glibc
import RedressCore
import RedressStore
import TestSupport
import Testing

@Suite("What every engine does alike", .serialized)
struct EngineTests {
    @Test("Every kind of value comes back as it went in, null and empty ones too", arguments: Engine.allCases)
    func values(_ engine: Engine) async throws {
        let place = try await Place(engine)
        defer { withExtendedLifetime(place) {} }
        let database = try place.open(.desk)
        let bytes = [UInt8](0...255)
        try await database.write { connection in
            try connection.run(
                """
                INSERT INTO incident (id, name, window_from, window_to, policy, pass_keys_sealed,
                    join_key_sealed, order_seed, created_at) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)
                """,
                [
                    .text("하나"), .text(""), .integer(.min), .integer(.max), .text("a'b\"c\\\n"), .null,
                    .blob(bytes), .integer(-1), .integer(0),
                ])
            try connection.run(
                """
                INSERT INTO site (incident, site, name, province, municipality, latitude, longitude)
                VALUES ($1, 's', 'n', 'p', 'm', $2, $3)
                """, [.text("하나"), .real(37.526829), .real(-180)])
            try connection.run(
                "INSERT INTO staff (name, role, disabled, created_at) VALUES ('a', 'agent', $1, 0)",
                [.boolean(true)]
            )
        }
        let incident = try await database.read { connection in
            try connection.first(
                "SELECT id, name, window_from, window_to, policy, pass_keys_sealed, join_key_sealed FROM incident"
            ) { $0 }
        }
        #expect(
            incident?.values == [
                .text("하나"), .text(""), .integer(.min), .integer(.max), .text("a'b\"c\\\n"), .null,
                .blob(bytes),
            ])
        let others = try await database.read { connection in
            (
                place: try connection.first("SELECT latitude, longitude FROM site") {
                    [try $0[0] as Double, try $0[1]]
                },
                flag: try connection.first("SELECT disabled FROM staff") { try $0[0] as Bool },
                none: try connection.first("SELECT disabled FROM staff WHERE name = $1", [.text("b")]) {
                    try $0[0] as Bool
                },
                sum: try connection.first("SELECT sum(window_to - 1) FROM incident") { try $0[0] as Int }
            )
        }
        #expect(others.place == [37.526829, -180])
        #expect(others.flag == true && others.none == nil && others.sum == .max - 1)
        try await database.close()
    }

    @Test("Texts sort by their bytes on every engine", arguments: Engine.allCases)
    func sorting(_ engine: Engine) async throws {
        let place = try await Place(engine)
        defer { withExtendedLifetime(place) {} }
        let database = try place.open(.desk)
        let names = ["b", "B", "a-1", "a1", "a_1", "가", "", "Z", "é"]
        try await database.write { connection in
            for name in names {
                try connection.run("INSERT INTO counter (name, value) VALUES ($1, 1)", [name.stored])
            }
        }
        let found = try await database.read { connection in
            try connection.all("SELECT name FROM counter ORDER BY name") { try $0[0] as String }
        }
        #expect(found == names.sorted { Array($0.utf8).lexicographicallyPrecedes(Array($1.utf8)) })
        try await database.close()
    }

    @Test(
        "A body that throws changes nothing, and those beside it are not touched", arguments: Engine.allCases)
    func isolation(_ engine: Engine) async throws {
        let place = try await Place(engine)
        defer { withExtendedLifetime(place) {} }
        let database = try place.open(.desk)
        let done = await withTaskGroup(of: Bool.self) { group in
            for number in 1...200 {
                group.addTask {
                    do {
                        try await database.write { connection in
                            _ = try CounterStore(connection).next("total")
                            _ = try CounterStore(connection).next("of-\(number % 7)")
                            if number.isMultiple(of: 5) { throw RedressError(.refused, "on purpose") }
                        }
                        return true
                    } catch {
                        return false
                    }
                }
            }
            return await group.reduce(into: 0) { $0 += $1 ? 1 : 0 }
        }
        #expect(done == 160)
        let counted = try await database.read { connection in
            (
                total: try connection.count("SELECT value FROM counter WHERE name = 'total'"),
                others: try connection.count("SELECT sum(value) FROM counter WHERE name <> 'total'")
            )
        }
        #expect(counted.total == 160 && counted.others == 160)
        try await database.close()
    }

    @Test("A body that throws with nobody beside it changes nothing", arguments: Engine.allCases)
    func aloneAndUndone(_ engine: Engine) async throws {
        let place = try await Place(engine)
        defer { withExtendedLifetime(place) {} }
        let database = try place.open(.desk)
        struct Undone: Error {}
        for round in 1...3 {
            await #expect(throws: Undone.self) {
                try await database.write { connection in
                    _ = try CounterStore(connection).next("undone")
                    try connection.nested { _ = try CounterStore(connection).next("undone in a part") }
                    throw Undone()
                }
            }
            #expect(try await database.write { try CounterStore($0).next("kept") } == round)
        }
        let rows = try await database.read { try $0.count("SELECT count(*) FROM counter") }
        #expect(rows == 1)
        try await database.close()
    }

    @Test("A part that fails is undone alone, and parts of parts too", arguments: Engine.allCases)
    func nested(_ engine: Engine) async throws {
        let place = try await Place(engine)
        defer { withExtendedLifetime(place) {} }
        let database = try place.open(.desk)
        try await database.write { connection in
            func count(_ name: String) throws { _ = try CounterStore(connection).next(name) }
            try count("kept")
            try? connection.nested {
                try count("undone")
                try connection.nested { try count("undone-too") }
                throw RedressError(.refused, "on purpose")
            }
            try connection.nested {
                try count("outer")
                try? connection.nested {
                    try count("inner")
                    try connection.run("INSERT INTO counter (name, value) VALUES ('kept', 9)")
                }
                try? connection.nested { throw RedressError(.refused, "before anything ran") }
                try connection.nested {}
            }
            try count("last")
        }
        let names = try await database.read { connection in
            try connection.all("SELECT name FROM counter ORDER BY name") { try $0[0] as String }
        }
        #expect(names == ["kept", "last", "outer"])
        try await database.close()
    }

    @Test(
        "Large changes that share a commit are whole or undone, each alone",
        arguments: Engine.allCases)
    func largeGroup(_ engine: Engine) async throws {
        let place = try await Place(engine)
        defer { withExtendedLifetime(place) {} }
        let database = try place.open(.desk)
        let rows = 12_000
        try await database.write { connection in
            for row in 0..<rows {
                let name = String(row) + String(repeating: ".", count: 1000)
                try connection.run(
                    "INSERT INTO counter (name, value) VALUES ($1, 0)", [name.stored])
            }
        }
        @Sendable func add(_ amount: Int, _ connection: any Connection) throws {
            try connection.run("UPDATE counter SET value = value + $1", [amount.stored])
        }
        struct Undone: Error {}
        await withTaskGroup(of: Void.self) { group in
            // While the first is busy the others gather for one commit.
            group.addTask {
                _ = try? await database.write { _ in usleep(200_000) }
            }
            try? await Task.sleep(for: .milliseconds(50))
            for amount in [1, 10, 100] {
                group.addTask {
                    _ = try? await database.write { connection in
                        try add(amount, connection)
                        if amount == 10 { throw Undone() }
                        let part = Result {
                            try connection.nested {
                                try add(1000, connection)
                                throw Undone()
                            }
                        }
                        if case .success = part { throw Undone() }
                    }
                }
            }
        }
        let sum = try await database.read { try $0.count("SELECT sum(value) FROM counter") }
        #expect(sum == rows * 101)
        try await database.close()
    }

    @Test("A rule of the schema answers as a refusal that says it is one", arguments: Engine.allCases)
    func constraint(_ engine: Engine) async throws {
        let place = try await Place(engine)
        defer { withExtendedLifetime(place) {} }
        let database = try place.open(.desk)
        let refused: [SQL] = [
            "INSERT INTO counter (name, value) VALUES ('a', 2)", "INSERT INTO counter (name) VALUES ('b')",
            "INSERT INTO site (incident, site, name, province, municipality, latitude, longitude) VALUES ('x', 'x', 'x', 'x', 'x', 0, 0)",
        ]
        try await database.write { try $0.run("INSERT INTO counter (name, value) VALUES ('a', 1)") }
        for sql in refused {
            do {
                try await database.write { try $0.run(sql) }
                Issue.record("\(sql.text) was taken")
            } catch {
                #expect(ConstraintViolation.caused(error), "\(error)")
            }
        }
        try await database.close()
    }

    @Test("Queries may run inside a query's rows, and rows may be left unread", arguments: Engine.allCases)
    func interleaved(_ engine: Engine) async throws {
        let place = try await Place(engine)
        defer { withExtendedLifetime(place) {} }
        let database = try place.open(.desk)
        try await database.write { connection in
            for number in 1...3000 {
                try connection.run(
                    "INSERT INTO counter (name, value) VALUES ($1, $2)", ["n\(number)".stored, number.stored])
            }
        }
        struct Enough: Error {}
        let sums = try await database.write { connection in
            var outer = 0
            var inner = 0
            try connection.each("SELECT name, value FROM counter ORDER BY value", []) { row in
                outer += try row[1] as Int
                inner += try connection.count(
                    "SELECT value FROM counter WHERE name = $1", [try row[0] as String].map(\.stored))
            }
            var taken = 0
            try? connection.each("SELECT name FROM counter", []) { _ in
                taken += 1
                if taken == 5 { throw Enough() }
            }
            let after = try connection.count("SELECT count(*) FROM counter")
            return [outer, inner, taken, after]
        }
        #expect(sums == [4_501_500, 4_501_500, 5, 3000])
        try await database.close()
    }

    @Test("A reader sees one moment, whatever is written meanwhile", arguments: Engine.allCases)
    func snapshot(_ engine: Engine) async throws {
        let place = try await Place(engine)
        defer { withExtendedLifetime(place) {} }
        let database = try place.open(.desk)
        try await database.write { _ = try CounterStore($0).next("n") }
        let (hasRead, isWritten) = (Gate(), Gate())
        let reading = Task {
            try await database.read { connection in
                let first = try connection.count("SELECT value FROM counter")
                hasRead.open()
                isWritten.wait()
                return [first, try connection.count("SELECT value FROM counter")]
            }
        }
        await hasRead.reached()
        try await database.write { _ = try CounterStore($0).next("n") }
        isWritten.open()
        #expect(try await reading.value == [1, 1])
        #expect(try await database.read { try $0.count("SELECT value FROM counter") } == 2)
        try await database.close()
    }

    @Test(
        "Several openings of one database take turns: nothing is lost and numbers have no holes",
        arguments: Engine.allCases)
    func openings(_ engine: Engine) async throws {
        let place = try await Place(engine)
        defer { withExtendedLifetime(place) {} }
        let databases = [try place.open(.desk), try place.open(.desk), try place.open(.desk)]
        let taken = try await withThrowingTaskGroup(of: Int.self) { group in
            for database in databases {
                for _ in 1...100 {
                    group.addTask { try await database.write { try CounterStore($0).next("shared") } }
                }
            }
            return try await group.reduce(into: []) { $0.append($1) }
        }
        #expect(taken.sorted() == Array(1...300))
        for database in databases { try await database.close() }
    }

    @Test("A whole database moves to another one and is the same there", arguments: Engine.allCases)
    func moving(_ engine: Engine) async throws {
        let places = (from: try await Place(.sqlite), to: try await Place(engine))
        defer { withExtendedLifetime(places) {} }
        let source = try places.from.open(.desk)
        let target = try places.to.open(.desk)
        try await source.write { connection in
            for number in 1...500 { _ = try CounterStore(connection).next("n\(number % 90)") }
            try connection.run(
                """
                INSERT INTO incident (id, name, window_from, window_to, policy, join_key_sealed, order_seed,
                    created_at) VALUES ('i', '이름', 0, 1, '', $1, 0, 0)
                """, [.blob([0, 255])])
            try connection.run(
                "INSERT INTO staff (name, role, disabled, created_at) VALUES ('a', 'agent', TRUE, 0)")
        }
        let copy = DatabaseCopy(.desk, from: source, to: target)
        let moved = try await copy.run(rowsTogether: 40)
        #expect(moved.first { $0.table == "counter" }?.rows == 90)
        #expect(moved.first { $0.table == "staff" }?.rows == 1)
        let again = await #expect(throws: RedressError.self) { try await copy.run() }
        #expect(again?.code == .refused)
        try await source.close()
        try await target.close()
    }

    @Test("A newer schema is refused, and what is not there is not found", arguments: Engine.allCases)
    func newer(_ engine: Engine) async throws {
        let place = try await Place(engine)
        defer { withExtendedLifetime(place) {} }
        let missing = #expect(throws: RedressError.self) { try place.open(.desk, create: false) }
        #expect(missing?.code == .notFound)
        let database = try place.open(.desk)
        #expect(try await database.damage() == [])
        try await database.write { connection in
            try connection.run("INSERT INTO schema_version (version, applied_at) VALUES (999, 0)")
        }
        try await database.close()
        let error = #expect(throws: RedressError.self) { try place.open(.desk) }
        #expect(error?.code == .unavailable)
    }
}
