import RedressCore
import RedressStore
import TestSupport
import Testing

/// What is asked ahead must never be seen: every query answers as if it had been asked when it runs.
@Suite("Queries asked ahead of their time", .serialized)
struct AskedAheadTests {
    private struct Undone: Error {}

    /// What two tables hold, as plain values.
    private struct Model: Equatable {
        var counters: [String: Int] = [:]
        var answers: [String: String] = [:]
    }

    /// Runs random steps on a transaction and on the model, and compares what each query answers.
    private struct Walk {
        let connection: any Connection
        var dice: Dice
        var model: Model
        var nextKey = 0

        mutating func step(depth: Int) throws {
            let name = "c\(Int.random(in: 0..<4, using: &dice))"
            let key = "k\(Int.random(in: max(0, nextKey - 5)...nextKey, using: &dice))"
            switch Int.random(in: 0..<10, using: &dice) {
            case 0, 1:
                try connection.ahead { ahead in
                    _ = try CounterStore(ahead).value(of: name)
                    _ = try CounterStore(ahead).value(of: "c0")
                    _ = try IdempotencyStore(ahead).answer(key: key, request: "r")
                    _ = try ahead.count("SELECT count(*) FROM idempotency")
                }
            case 2, 3: #expect(try CounterStore(connection).value(of: name) == model.counters[name] ?? 0)
            case 4:
                #expect(try IdempotencyStore(connection).answer(key: key, request: "r") == model.answers[key])
                #expect(
                    try connection.count("SELECT count(*) FROM idempotency") == model.answers.count)
            case 5:
                let taken = Int.random(in: 1...3, using: &dice)
                let first = try CounterStore(connection).take(taken, of: name)
                #expect(first == (model.counters[name] ?? 0) + 1)
                model.counters[name, default: 0] += taken
            case 6:
                nextKey += 1
                try IdempotencyStore(connection).remember(key: "k\(nextKey)", request: "r", answer: name)
                model.answers["k\(nextKey)"] = name
            case 7:
                try connection.send("DELETE FROM idempotency WHERE key = $1", [key.stored])
                model.answers[key] = nil
            case 8:
                let changed = try connection.run(
                    "UPDATE counter SET value = value + 1 WHERE name = $1", [name.stored])
                #expect(changed == (model.counters[name] == nil ? 0 : 1))
                if model.counters[name] != nil { model.counters[name, default: 0] += 1 }
            default:
                guard depth < 2 else { return }
                let (before, isUndone) = (model, Bool.random(using: &dice))
                do {
                    var inner = self
                    defer { dice = inner.dice }
                    try connection.nested {
                        for _ in 0..<Int.random(in: 0..<6, using: &inner.dice) {
                            try inner.step(depth: depth + 1)
                        }
                        if isUndone { throw Undone() }
                    }
                    model = inner.model
                    nextKey = inner.nextKey
                } catch is Undone { model = before }
            }
        }
    }

    @Test("Whatever is changed, undone or nested in between", arguments: Engine.allCases)
    func walks(_ engine: Engine) async throws {
        let place = try await Place(engine)
        defer { withExtendedLifetime(place) {} }
        let database = try place.open(.desk)
        var model = Model()
        for seed in UInt64(1)...60 {
            let start = model
            let isUndone = seed % 5 == 0
            let end: Model? = try? await database.write { connection in
                var walk = Walk(connection: connection, dice: Dice(seed: seed), model: start)
                walk.nextKey = Int(seed) * 1000
                let now = connection.now
                for _ in 0..<40 { try walk.step(depth: 0) }
                #expect(connection.now == now)
                if isUndone { throw Undone() }
                return walk.model
            }
            #expect((end == nil) == isUndone, "seed \(seed)")
            model = end ?? start
            let found = try await database.read { connection in
                Model(
                    counters: Dictionary(
                        uniqueKeysWithValues: try connection.all("SELECT name, value FROM counter") {
                            (try $0[0] as String, try $0[1] as Int)
                        }),
                    answers: Dictionary(
                        uniqueKeysWithValues: try connection.all("SELECT key, answer FROM idempotency") {
                            (try $0[0] as String, try $0[1] as String)
                        }))
            }
            #expect(found == model, "seed \(seed)")
        }
        try await database.close()
    }

    @Test(
        "Bodies that share a commit see each other's changes and not what they asked before",
        arguments: Engine.allCases)
    func together(_ engine: Engine) async throws {
        let place = try await Place(engine)
        defer { withExtendedLifetime(place) {} }
        let database = try place.open(.desk)
        let taken = try await withThrowingTaskGroup(of: Int?.self) { group in
            for number in 1...120 {
                group.addTask {
                    try? await database.write { connection in
                        try connection.ahead { _ = try CounterStore($0).value(of: "n") }
                        let taken = try CounterStore(connection).next("n")
                        // Every third one gives its number back.
                        if number % 3 == 0 { throw Undone() }
                        return taken
                    }
                }
            }
            var all: [Int] = []
            for try await one in group { if let one { all.append(one) } }
            return all.sorted()
        }
        #expect(taken == Array(1...80))
        try await database.close()
    }
}
