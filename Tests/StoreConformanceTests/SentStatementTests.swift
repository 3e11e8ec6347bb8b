import RedressCore
import RedressStore
import TestSupport
import Testing

@Suite("Statements sent along with later ones, and rows in bulk", .serialized)
struct SentStatementTests {
    private static let insert: SQL = "INSERT INTO counter (name, value) VALUES ($1, $2)"

    private static func names(_ database: any Database) async throws -> [String] {
        try await database.read { connection in
            try connection.all("SELECT name FROM counter ORDER BY name") { try $0[0] as String }
        }
    }

    @Test("They run in their order, and what follows sees what they did", arguments: Engine.allCases)
    func order(_ engine: Engine) async throws {
        let place = try await Place(engine)
        defer { withExtendedLifetime(place) {} }
        let database = try place.open(.desk)
        let seen = try await database.write { connection in
            for number in 1...200 { try connection.send(Self.insert, ["n\(number)".stored, number.stored]) }
            try connection.send("UPDATE counter SET value = value + $1", [1.stored], changing: 200) {
                RedressError(.fault, "not all were there")
            }
            let sum = try connection.count("SELECT sum(value) FROM counter")
            try connection.send("DELETE FROM counter WHERE value > $1", [100.stored])
            return sum
        }
        #expect(seen == 20_300)
        #expect(try await database.read { try $0.count("SELECT count(*) FROM counter") } == 99)
        try await database.close()
    }

    @Test("A body that does nothing but send, with nobody beside it, is kept", arguments: Engine.allCases)
    func alone(_ engine: Engine) async throws {
        let place = try await Place(engine)
        defer { withExtendedLifetime(place) {} }
        let database = try place.open(.desk)
        try await database.write { try $0.send(Self.insert, ["a".stored, 1.stored]) }
        try await database.write { connection in
            try connection.nested { try connection.send(Self.insert, ["b".stored, 1.stored]) }
            try connection.send(Self.insert, ["c".stored, 1.stored])
        }
        // The statement is known to the server by now: nothing but the commit sends it.
        try await database.write { try $0.send(Self.insert, ["d".stored, 1.stored]) }
        #expect(try await Self.names(database) == ["a", "b", "c", "d"])
        let error = await #expect(throws: RedressError.self) {
            try await database.write { try $0.send(Self.insert, ["a".stored, 2.stored]) }
        }
        #expect(error.map { ConstraintViolation.caused($0) } == true)
        #expect(try await Self.names(database) == ["a", "b", "c", "d"])
        try await database.close()
    }

    @Test(
        "One that breaks a rule undoes its part, or all of the body, and nothing beside it",
        arguments: Engine.allCases)
    func failing(_ engine: Engine) async throws {
        let place = try await Place(engine)
        defer { withExtendedLifetime(place) {} }
        let database = try place.open(.desk)
        try await database.write { connection in
            try connection.send(Self.insert, ["kept".stored, 1.stored])
            let error = #expect(throws: RedressError.self) {
                try connection.nested {
                    try connection.send(Self.insert, ["undone".stored, 1.stored])
                    try connection.send(Self.insert, ["kept".stored, 2.stored])
                }
            }
            #expect(error.map { ConstraintViolation.caused($0) } == true)
            try connection.send(Self.insert, ["later".stored, 1.stored])
        }
        async let beside: Void = database.write { try $0.send(Self.insert, ["beside".stored, 1.stored]) }
        await #expect(throws: RedressError.self) {
            try await database.write { connection in
                try connection.send(Self.insert, ["gone".stored, 1.stored])
                try connection.send(Self.insert, ["kept".stored, 3.stored])
            }
        }
        try await beside
        #expect(try await Self.names(database) == ["beside", "kept", "later"])
        try await database.close()
    }

    @Test(
        "One that changes other rows than it must is refused in the words of whoever sent it",
        arguments: Engine.allCases)
    func counting(_ engine: Engine) async throws {
        let place = try await Place(engine)
        defer { withExtendedLifetime(place) {} }
        let database = try place.open(.desk)
        try await database.write { connection in
            try connection.send(Self.insert, ["a".stored, 1.stored])
            let error = #expect(throws: RedressError.self) {
                try connection.nested {
                    try connection.send("UPDATE counter SET value = $1", [5.stored])
                    try connection.send(
                        "UPDATE counter SET value = $1 WHERE name = 'b'", [6.stored], changing: 1
                    ) { RedressError(.refused, "there is no b") }
                }
            }
            #expect(error?.message == "there is no b")
        }
        #expect(try await database.read { try $0.count("SELECT value FROM counter") } == 1)
        let refused = await #expect(throws: RedressError.self) {
            try await database.write { connection in
                try connection.send("UPDATE counter SET value = $1", [7.stored])
                try connection.send("DELETE FROM counter WHERE name = $1", ["b".stored], changing: 1) {
                    RedressError(.refused, "there is no b")
                }
                // What relied on it never runs on, even where the failure is swallowed.
                _ = try? connection.count("SELECT count(*) FROM counter")
            }
        }
        #expect(refused?.code == .refused)
        #expect(try await database.read { try $0.count("SELECT value FROM counter") } == 1)
        try await database.close()
    }

    @Test("The first that a connection ever sends is refused for what it is", arguments: Engine.allCases)
    func first(_ engine: Engine) async throws {
        let place = try await Place(engine)
        defer { withExtendedLifetime(place) {} }
        let maker = try place.open(.desk)
        try await maker.write { try $0.send(Self.insert, ["a".stored, 1.stored]) }
        try await maker.close()
        let database = try place.open(.desk, create: false)
        let error = await #expect(throws: RedressError.self) {
            try await database.write { try $0.send(Self.insert, ["a".stored, 2.stored]) }
        }
        #expect(error.map { ConstraintViolation.caused($0) } == true, "\(String(describing: error))")
        try await database.close()
    }

    @Test(
        "They may be sent while rows are read, and what fails then leaves nothing behind",
        arguments: Engine.allCases)
    func amongRows(_ engine: Engine) async throws {
        let place = try await Place(engine)
        defer { withExtendedLifetime(place) {} }
        let database = try place.open(.desk)
        try await database.write { connection in
            for number in 1...50 { try connection.send(Self.insert, ["n\(number)".stored, number.stored]) }
        }
        for stop in [nil, 7, 50] {
            let seen = try? await database.write { connection in
                try connection.send("UPDATE counter SET value = value + $1", [1000.stored], changing: 50) {
                    RedressError(.fault, "not all were there")
                }
                var seen = 0
                try connection.each("SELECT name, value FROM counter WHERE value > $1", [1000.stored]) {
                    row in
                    seen += 1
                    func takeBack() throws {
                        try connection.send(
                            "UPDATE counter SET value = value - $1 WHERE name = $2",
                            [1000.stored, (try row[0] as String).stored], changing: 1
                        ) { RedressError(.fault, "it is gone") }
                    }
                    // One at a time, or in a part of its own.
                    if seen.isMultiple(of: 2) { try connection.nested(takeBack) } else { try takeBack() }
                    if seen == stop { throw CancellationError() }
                }
                return seen
            }
            #expect(seen == (stop == nil ? 50 : nil))
            #expect(try await database.read { try $0.count("SELECT sum(value) FROM counter") } == 1275)
        }
        try await database.close()
    }

    @Test(
        "Facts in bulk: new ones are added, those that are held are joined, in whatever order",
        arguments: Engine.allCases)
    func facts(_ engine: Engine) async throws {
        let place = try await Place(engine)
        defer { withExtendedLifetime(place) {} }
        let database = try place.open(.evidence)
        func put(_ facts: [(kind: Int, hash: [UInt8], payload: [UInt8])]) async throws {
            try await database.write { connection in
                try EvidenceStore(connection).put(facts, incident: "i") { held, new in
                    held + new
                }
            }
        }
        try await put(
            (0..<3000).map { (kind: 1, hash: [UInt8($0 % 256), UInt8($0 / 256), 0], payload: [7]) })
        try await put([
            (kind: 1, hash: [1, 0, 0], payload: [8]), (kind: 2, hash: [1, 0, 0], payload: []),
            (kind: 2, hash: [1, 0, 0], payload: [9, 0]),
        ])
        let found = try await database.read { connection in
            let store = EvidenceStore(connection)
            var count = 0
            try store.each(kind: 1, incident: "i") { _, _ in count += 1 }
            return (
                count: count, joined: try store.payload(kind: 1, hash: [1, 0, 0], incident: "i"),
                twice: try store.payload(kind: 2, hash: [1, 0, 0], incident: "i")
            )
        }
        #expect(found.count == 3000)
        #expect(found.joined == [7, 8])
        #expect(found.twice == [9, 0])
        try await database.write { connection in
            let store = EvidenceStore(connection)
            let lines = [(line: 1, offset: 0, length: 5, reason: "malformed")]
            try store.quarantine(lines, sha256: "f", incident: "i")
            try store.quarantine(
                lines + [(line: 2, offset: 5, length: 5, reason: "x")], sha256: "f", incident: "i")
        }
        #expect(try await database.read { try $0.count("SELECT count(*) FROM quarantined_line") } == 2)
        try await database.close()
    }
}
