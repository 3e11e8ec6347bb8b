/// A table for the terminal whose columns line up in Korean too, and that is plain text when piped.
struct Table {
    /// On which side of its column a cell stands.
    enum Alignment {
        case left
        case right
    }

    /// One column: its heading and how its cells are laid out.
    struct Column {
        var title: String
        var alignment = Alignment.left
        /// The widest a cell may be, in terminal columns, at least 1; longer ones are cut with `…`. Nil: never cut.
        var limit: Int?

        init(_ title: String, _ alignment: Alignment = .left, limit: Int? = nil) {
            self.title = title
            self.alignment = alignment
            self.limit = limit
        }
    }

    /// For whom the table is laid out.
    enum Style {
        /// A pipe or a file: text only.
        case plain
        /// A person at a terminal: the heading in bold.
        case terminal
    }

    /// The columns, left to right.
    var columns: [Column]
    /// The rows; missing cells are empty, cells beyond the columns are not shown.
    var rows: [[String]] = []

    init(_ columns: [Column], rows: [[String]] = []) {
        self.columns = columns
        self.rows = rows
    }

    /// The table as lines, two spaces between columns, each line ended by a line feed.
    func text(_ style: Style) -> String {
        let heading = columns.map { fitted($0.title, limit: $0.limit) }
        let body = rows.map { row in
            columns.indices.map { $0 < row.count ? fitted(row[$0], limit: columns[$0].limit) : "" }
        }
        let widths = columns.indices.map { index in
            ([heading] + body).map { DisplayWidth.of($0[index]) }.max() ?? 0
        }
        let top = line(heading, widths)
        let styledTop = style == .terminal ? "\u{1B}[1m" + top + "\u{1B}[0m" : top
        return ([styledTop] + body.map { line($0, widths) }).map { $0 + "\n" }.joined()
    }

    private func line(_ cells: [String], _ widths: [Int]) -> String {
        var text = ""
        for (index, cell) in cells.enumerated() {
            let padding = String(repeating: " ", count: widths[index] - DisplayWidth.of(cell))
            text += columns[index].alignment == .right ? padding + cell : cell + padding
            text += "  "
        }
        while text.last == " " { text.removeLast() }
        return text
    }

    private func fitted(_ cell: String, limit: Int?) -> String {
        let safe = DisplayWidth.harmless(cell)
        guard let limit else { return safe }
        return DisplayWidth.cut(safe, to: limit)
    }
}
