/// A session of the server as the seam sees it.
#if Postgres
    import RedressCore
    import RedressStore

    struct PostgresConnection: Connection {
        let session: PostgresSession
        let now: Instant

        @discardableResult
        func run(_ sql: SQL, _ parameters: [Value]) throws -> Int {
            try session.run(sql, parameters)
        }

        func each(_ sql: SQL, _ parameters: [Value], _ body: (Row) throws -> Void) throws {
            let rows = try session.rows(sql, parameters)
            do {
                while let row = try rows.take() { try body(row) }
            } catch {
                try? rows.finish()
                throw error
            }
        }

        func nested<T>(_ body: () throws -> T) throws -> T {
            session.postpone(Self.savepoint)
            do {
                let result = try body()
                // A part that ran nothing has nothing to release.
                if !session.withdraw(Self.savepoint) { session.postpone("RELEASE SAVEPOINT nested") }
                return result
            } catch {
                guard !session.isLost, !session.withdraw(Self.savepoint) else { throw error }
                try session.execute("ROLLBACK TO SAVEPOINT nested")
                session.postpone("RELEASE SAVEPOINT nested")
                throw error
            }
        }

        private static let savepoint = "SAVEPOINT nested"
    }
#endif
