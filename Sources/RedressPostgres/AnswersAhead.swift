/// Answers to queries that were asked before somebody runs them, kept while nothing they name has changed.
#if Postgres
    import RedressStore

    /// What queries of a transaction were answered, by statement and parameters.
    ///
    /// An answer stays true until this transaction changes a table that its query names: nobody else writes meanwhile.
    struct AnswersAhead {
        /// A transaction of many parts starts anew here, so that what it once asked does not pile up.
        private static let most = 256

        private var kept: [Answer] = []

        private struct Answer {
            var statement: PreparedStatement
            var parameters: [Value]
            var rows: [Row]
        }

        /// Whether nothing was asked, or all of it was forgotten.
        var isEmpty: Bool { kept.isEmpty }

        /// Keeps what a query was answered.
        mutating func keep(_ rows: [Row], to statement: PreparedStatement, _ parameters: [Value]) {
            if kept.count >= Self.most { forgetAll() }
            kept.append(Answer(statement: statement, parameters: parameters, rows: rows))
        }

        /// What a query was answered; nil when it was not asked, or something it names has changed since.
        func answer(to statement: PreparedStatement, _ parameters: [Value]) -> [Row]? {
            kept.first { $0.statement === statement && $0.parameters == parameters }?.rows
        }

        /// Forgets what a statement may have changed.
        mutating func forget(changedBy statement: PreparedStatement) {
            if kept.isEmpty { return }
            switch statement.effect {
            case .none: return
            case .table(let name): kept.removeAll { $0.statement.words.contains(name) }
            case .unknown: forgetAll()
            }
        }

        /// Forgets every answer.
        mutating func forgetAll() { kept.removeAll(keepingCapacity: true) }
    }

    /// What a statement changes.
    enum StatementEffect {
        /// It is a query.
        case none
        /// The rows of one table. Nothing in the schema changes another along with it, except a deletion.
        case table(Substring)
        /// Whatever it is.
        case unknown

        /// Reads the first words of a statement.
        init(of text: String) {
            let start = text.split(maxSplits: 3, whereSeparator: \.isWhitespace)
            self =
                switch start.first {
                case "SELECT": .none
                case "INSERT" where start.count > 2 && start[1] == "INTO": .table(start[2])
                case "UPDATE" where start.count > 1: .table(start[1])
                default: .unknown
                }
        }
    }
#endif
