/// Shows a register's row without what is personal in it: only the cells that the rules read.

import RedressCore

/// Rows of one register file, CSV or JSON Lines.
struct RegisterRows {
    /// The columns of a CSV file; nil for JSON Lines.
    private let header: [String]?

    private static let shown = [
        "booking", "status", "site", "vaccine", "dose", "date", "slot", "booked_at", "revoked_at", "batch",
    ]

    /// Takes the header from the first bytes of the file.
    init(start: [UInt8]) {
        let mark: [UInt8] = [0xEF, 0xBB, 0xBF]
        let text = start.starts(with: mark) ? Array(start.dropFirst(3)) : start
        if text.first(where: { $0 > 0x20 }) == UInt8(ascii: "{") {
            header = nil
        } else {
            var reader = CSVReader(name: "register")
            let end = text.firstIndex(of: 10) ?? text.count
            let records = reader.read(Array(text[..<end])) + reader.finish()
            header = records.first?.fields.map { $0.lowercased() } ?? []
        }
    }

    /// `booking=B1 status=revoked …`; empty for bytes that are no row.
    func shown(_ row: [UInt8]) -> String {
        let cells = cells(row)
        return Self.shown.compactMap { name in
            cells[name].flatMap { $0.isEmpty ? nil : "\(name)=\($0)" }
        }.joined(separator: " ")
    }

    private func cells(_ row: [UInt8]) -> [String: String] {
        guard let header else { return (try? JSONScanner.members(row.span, 0, row.count)) ?? [:] }
        var reader = CSVReader(name: "register")
        let record = (reader.read(row) + reader.finish()).first
        return Dictionary(zip(header, record?.fields ?? []), uniquingKeysWith: { first, _ in first })
    }
}
