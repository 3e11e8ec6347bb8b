/// Hides small cells of a table, and as many others as it takes that no hidden one follows from what is printed.

/// A table's cells and the sums between them, and which cells must not be printed.
///
/// A cell is *small* when it counts 1 to 9 people; nobody stands behind a zero. Small cells are hidden first. Then, as
/// long as the printed cells and the sums fix a hidden cell, one more cell of a sum it stands in is hidden as well.
public struct StatisticsSuppression {
    /// Cells that count this many people or more may be printed.
    public static let smallest = 10

    /// A sum that readers know: the cells times their factors are zero together.
    public typealias Sum = [(cell: Int, factor: Int)]

    private let values: [Int]
    private let sums: [Sum]
    private var hidden: Set<Int>

    /// The cells that must not be printed.
    ///
    /// - Parameters:
    ///   - values: the cells.
    ///   - sums: every relation between them that a reader can know.
    public static func hidden(values: [Int], sums: [Sum]) -> Set<Int> {
        var table = StatisticsSuppression(values, sums)
        table.hide()
        return table.hidden
    }

    private init(_ values: [Int], _ sums: [Sum]) {
        self.values = values
        self.sums = sums
        hidden = Set(values.indices.filter { Self.isSmall(values[$0]) })
    }

    /// Whether a count is of so few people that it could point at one of them.
    public static func isSmall(_ count: Int) -> Bool {
        count > 0 && count < smallest
    }

    private mutating func hide() {
        while true {
            // Sums with one hidden cell give it away at once; the elimination finds what several sums give together.
            if let sum = sums.first(where: { sum in isGivenAway(in: sum) }), hideOneMore(in: sum) { continue }
            guard let cell = determined().first else { return }
            guard connected(to: cell).contains(where: { hideOneMore(in: sums[$0]) }) else { return }
        }
    }

    /// The sums that a hidden cell stands in, then those that share another hidden cell with them, and so on.
    private func connected(to cell: Int) -> [Int] {
        var reached = [cell]
        var found: [Int] = []
        var next = 0
        while next < reached.count {
            for (index, sum) in sums.enumerated()
            where !found.contains(index) && sum.contains(where: { $0.cell == reached[next] }) {
                found.append(index)
                for part in sum where hidden.contains(part.cell) && !reached.contains(part.cell) {
                    reached.append(part.cell)
                }
            }
            next += 1
        }
        return found
    }

    private func isGivenAway(in sum: Sum) -> Bool {
        let unknown = sum.filter { hidden.contains($0.cell) }
        return unknown.count == 1 && sum.count > 1
    }

    /// Hides the smallest printed cell of a sum, one with people behind it if there is one.
    private mutating func hideOneMore(in sum: Sum) -> Bool {
        let printed = sum.map(\.cell).filter { !hidden.contains($0) }
        let next = printed.min {
            (values[$0] == 0 ? 1 : 0, values[$0], $0) < (values[$1] == 0 ? 1 : 0, values[$1], $1)
        }
        guard let next else { return false }
        hidden.insert(next)
        return true
    }

    /// The hidden cells that the sums fix, by Gaussian elimination modulo a prime.
    private func determined() -> [Int] {
        let columns = hidden.sorted()
        let place = Dictionary(uniqueKeysWithValues: columns.enumerated().map { ($1, $0) })
        var rows: [[Int64]] = sums.compactMap { sum in
            var row = [Int64](repeating: 0, count: columns.count)
            var isEmpty = true
            for (cell, factor) in sum {
                guard let column = place[cell] else { continue }
                row[column] = Prime.reduced(row[column] + Int64(factor))
                isEmpty = false
            }
            return isEmpty ? nil : row
        }
        var fixed: [Int] = []
        var rank = 0
        for column in columns.indices {
            guard let pivot = (rank..<rows.count).first(where: { rows[$0][column] != 0 }) else { continue }
            rows.swapAt(rank, pivot)
            let inverse = Prime.inverse(rows[rank][column])
            for index in column..<columns.count {
                rows[rank][index] = Prime.product(rows[rank][index], inverse)
            }
            for other in rows.indices where other != rank && rows[other][column] != 0 {
                let factor = rows[other][column]
                for index in column..<columns.count where rows[rank][index] != 0 {
                    rows[other][index] = Prime.reduced(
                        rows[other][index] - Prime.product(factor, rows[rank][index]))
                }
            }
            rank += 1
        }
        for row in rows[..<rank] {
            let left = columns.indices.filter { row[$0] != 0 }
            if left.count == 1 { fixed.append(columns[left[0]]) }
        }
        return fixed
    }
}

/// Arithmetic modulo 2³¹ − 1: exact, and every factor that is not zero can be divided by.
private enum Prime {
    static let modulus: Int64 = 2_147_483_647

    static func reduced(_ value: Int64) -> Int64 {
        let rest = value % modulus
        return rest < 0 ? rest + modulus : rest
    }

    static func product(_ left: Int64, _ right: Int64) -> Int64 {
        reduced(left * right)
    }

    static func inverse(_ value: Int64) -> Int64 {
        var result: Int64 = 1
        var base = value
        var exponent = modulus - 2
        while exponent > 0 {
            if exponent & 1 == 1 { result = product(result, base) }
            base = product(base, base)
            exponent >>= 1
        }
        return result
    }
}
