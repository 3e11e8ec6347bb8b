/// The ledger explored exhaustively for small bounds, on the real store: every order of every operation.
import RedressCore
import RedressDesk
import RedressStore
import TestSupport
import Testing

@Suite("The ledger, in every order")
struct LedgerModelTests {
    @Test(
        "3 cases on 2 seats: no order of allot, hold, seat, expire, void, vacate and release breaks an invariant"
    )
    func exhaustive() async throws {
        let fixture = try await DeskFixture()
        var ids: [String] = []
        for number in 1...3 { ids.append(try await fixture.row(try await fixture.addPerson(number)).id) }
        let cases = ids
        let found = try await fixture.desk.database.write { connection in
            try PoolStore(connection).lock(DeskFixture.slot, incident: DeskFixture.incident)
            var explorer = LedgerExplorer(connection, cases: cases)
            try explorer.explore(LedgerModel(cases: cases.count))
            return (explorer.states.count, explorer.steps, explorer.refused, explorer.faults)
        }
        #expect(found.3 == [])
        // The real ledger was taken to every state that the model reaches by itself.
        #expect(found.0 == LedgerModel.reachable(cases: 3).count)
        #expect(found.1 > found.0)
        #expect(found.2 > 0)
        try await fixture.expectSound("everything that was tried was undone")
    }
}

/// What the ledger must be after a sequence of operations, kept as simply as can be.
struct LedgerModel: Hashable {
    enum Claim: Hashable {
        case none
        case live
        case seated
    }

    static let seats = 2
    static let holdsEach = 2
    var outside = LedgerModel.seats
    var reserved = 0
    var claims: [Claim]
    var holdsLeft: [Int]

    init(cases: Int) {
        claims = Array(repeating: .none, count: cases)
        holdsLeft = Array(repeating: Self.holdsEach, count: cases)
    }

    enum Operation: Hashable {
        case allot
        case release
        case hold(Int)
        case seat(Int)
        case expire(Int)
        case void(Int)
        case vacate(Int)
    }

    var operations: [Operation] {
        [.allot, .release]
            + claims.indices.flatMap { [.hold($0), .seat($0), .expire($0), .void($0), .vacate($0)] }
    }

    /// Every state within the bounds, found without the ledger.
    static func reachable(cases: Int) -> Set<LedgerModel> {
        var found: Set<LedgerModel> = []
        var open = [LedgerModel(cases: cases)]
        while let model = open.popLast() {
            guard found.insert(model).inserted else { continue }
            open += model.operations.filter { !model.isBeyond($0) }.compactMap { model.after($0) }
        }
        return found
    }

    /// The model after an operation; nil where it must be refused.
    func after(_ operation: Operation) -> LedgerModel? {
        var next = self
        switch operation {
        case .allot:
            next.reserved += 1
            next.outside -= 1
        case .release:
            next.reserved -= 1
            next.outside += 1
        case .hold(let index):
            guard claims[index] == .none else { return nil }
            next.claims[index] = .live
            next.reserved -= 1
            next.holdsLeft[index] -= 1
        case .seat(let index):
            guard claims[index] == .live else { return nil }
            next.claims[index] = .seated
        case .expire(let index), .void(let index):
            guard claims[index] == .live else { return nil }
            next.claims[index] = .none
            next.reserved += 1
        case .vacate(let index):
            guard claims[index] == .seated else { return nil }
            next.claims[index] = .none
            next.reserved += 1
        }
        return next.reserved >= 0 ? next : nil
    }

    /// Whether the exploration goes beyond this state's bounds with an operation.
    func isBeyond(_ operation: Operation) -> Bool {
        switch operation {
        case .allot: outside == 0
        case .hold(let index): holdsLeft[index] == 0 || claims[index] == .seated
        default: false
        }
    }
}

/// Walks every reachable state, carrying each operation out on the real ledger and undoing it again.
private struct LedgerExplorer {
    private struct Undo: Error {}

    let connection: any Connection
    let cases: [String]
    let ledger: PoolLedger
    let pool: PoolStore
    let slotID = PoolStore.id(of: DeskFixture.slot, incident: DeskFixture.incident)
    var states: Set<LedgerModel> = []
    var steps = 0
    var refused = 0
    var faults: [String] = []
    private var holds: [HoldRow?]
    private var path: [LedgerModel.Operation] = []

    init(_ connection: any Connection, cases: [String]) {
        self.connection = connection
        self.cases = cases
        ledger = PoolLedger(connection, by: .system)
        pool = PoolStore(connection)
        holds = Array(repeating: nil, count: cases.count)
    }

    mutating func explore(_ model: LedgerModel) throws {
        guard states.insert(model).inserted, faults.isEmpty else { return }
        for operation in model.operations where !model.isBeyond(operation) {
            try step(operation, model)
        }
    }

    private mutating func step(_ operation: LedgerModel.Operation, _ model: LedgerModel) throws {
        steps += 1
        path.append(operation)
        let held = holds
        defer {
            path.removeLast()
            holds = held
        }
        do {
            try connection.nested {
                var isDone = true
                do {
                    try connection.nested { try carryOut(operation) }
                } catch let error as RedressError where error.code == .refused {
                    isDone = false
                    refused += 1
                }
                let next = model.after(operation)
                if isDone != (next != nil) {
                    faults.append(
                        "\(path): the ledger \(isDone ? "did" : "refused") it, the model says otherwise")
                }
                try compare(next ?? model)
                if let next { try explore(next) }
                throw Undo()
            }
        } catch is Undo {}
    }

    private mutating func carryOut(_ operation: LedgerModel.Operation) throws {
        switch operation {
        case .allot: _ = try ledger.allot(1, to: slotID, authority: "model")
        case .release: _ = try ledger.release(1, from: slotID)
        case .hold(let index):
            let (hold, _) = try ledger.hold(
                slotID, for: cases[index], until: connection.now.adding(minutes: 60))
            holds[index] = hold
        case .seat(let index): _ = try ledger.seat(try hold(index))
        case .expire(let index):
            // The time of a transaction stands still: the hold is handed over as it reads once its time has passed.
            var hold = try hold(index)
            hold.expiresAt = connection.now
            _ = try ledger.expire(hold)
        case .void(let index): _ = try ledger.void(try hold(index))
        case .vacate(let index): _ = try ledger.vacate(try hold(index))
        }
    }

    /// The case's last hold, whatever became of it: using it again must be refused by the ledger itself.
    private func hold(_ index: Int) throws -> HoldRow {
        guard let hold = holds[index] else { throw RedressError(.refused, "never held") }
        return hold
    }

    private mutating func compare(_ model: LedgerModel) throws {
        guard let balance = try pool.slot(slotID)?.balance else { return faults.append("no slot") }
        let expected = (
            model.reserved, model.claims.count { $0 == .live }, model.claims.count { $0 == .seated }
        )
        if !balance.isSound || (balance.reserved, balance.held, balance.seated) != expected {
            faults.append("\(path): \(balance) is not \(expected)")
        }
        var folded = PoolBalance()
        try pool.eachEntry { folded.apply($0.kind, seats: $0.seats) }
        if folded != balance { faults.append("\(path): the journal folds to \(folded), not \(balance)") }
        if balance.held + balance.seated > LedgerModel.seats { faults.append("\(path): oversold") }
    }
}
