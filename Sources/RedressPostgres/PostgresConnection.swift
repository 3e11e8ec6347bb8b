/// A session of the server as the seam sees it.
#if Postgres
    import RedressCore
    import RedressStore

    struct PostgresConnection: Connection {
        let session: PostgresSession
        let moment: PostgresMoment

        var now: Instant { moment.instant }

        @discardableResult
        func run(_ sql: SQL, _ parameters: [Value]) throws -> Int {
            try session.run(sql, parameters)
        }

        func send(
            _ sql: SQL, _ parameters: [Value], changing count: Int?, or refusal: @escaping () -> RedressError
        ) throws {
            try session.postpone(sql, parameters, changing: count, or: refusal)
        }

        func ahead(_ reads: (any Connection) throws -> Void) throws {
            let asked = AskedAhead(moment)
            try reads(asked)
            guard !moment.isKnown else { return try session.ask(asked.queries) }
            try session.ask([(PostgresMoment.query.text, [])] + asked.queries)
            try moment.take()
        }

        func each(_ sql: SQL, _ parameters: [Value], _ body: (Row) throws -> Void) throws {
            if let known = try session.answer(to: sql.text, parameters) {
                for row in known { try body(row) }
                return
            }
            let rows = try session.rows(sql, parameters)
            do {
                while let row = try rows.take() { try body(row) }
            } catch {
                try? rows.finish()
                throw error
            }
        }

        func load(_ rows: [[Value]], into table: LoadedTable) throws -> [Int] {
            try PostgresLoad(connection: self, table: table).load(rows)
        }

        func nested<T>(_ body: () throws -> T) throws -> T {
            // What was sent before, the lock of all writers too, is not part of this part and must not fail in it.
            try moment.take()
            try session.flush()
            session.postpone(Self.savepoint)
            do {
                let result = try body()
                try session.flush()
                // A part that ran nothing has nothing to release.
                if !session.spare(Self.savepoint) { session.postpone("RELEASE SAVEPOINT nested") }
                return result
            } catch {
                guard !session.isLost, !session.withdraw(Self.savepoint) else { throw error }
                try session.rollBack(to: "nested")
                session.postpone("RELEASE SAVEPOINT nested")
                throw error
            }
        }

        private static let savepoint = "SAVEPOINT nested"
    }

    /// Learns which queries are asked, and answers none.
    private final class AskedAhead: Connection {
        private let moment: PostgresMoment
        private(set) var queries: [(text: String, parameters: [Value])] = []

        var now: Instant { moment.instant }

        init(_ moment: PostgresMoment) {
            self.moment = moment
        }

        func run(_ sql: SQL, _ parameters: [Value]) throws -> Int {
            throw RedressError(.fault, "A statement that changes something was asked ahead of its time.")
        }

        func each(_ sql: SQL, _ parameters: [Value], _ body: (Row) throws -> Void) throws {
            queries.append((sql.text, parameters))
        }

        func nested<T>(_ body: () throws -> T) throws -> T { try body() }
    }
#endif
