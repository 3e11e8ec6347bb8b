/// Many rows at once: COPY into a table of this connection's own, and from there what is not held yet.
#if Postgres
    import RedressCore
    import RedressStore

    /// One bulk load into a table.
    struct PostgresLoad {
        let connection: PostgresConnection
        let table: LoadedTable

        /// Loads the rows; with keys, leaves out those whose key is taken and returns their places.
        func load(_ rows: [[Value]]) throws -> [Int] {
            guard !rows.isEmpty else { return [] }
            let session = connection.session
            let columns = table.columns.joined(separator: ", ")
            guard !table.keys.isEmpty else {
                try session.copy("COPY \(table.name) (\(columns)) FROM STDIN (FORMAT binary)", rows)
                return []
            }
            let staged = "pg_temp.load_\(table.name)"
            try session.execute(
                """
                CREATE TEMP TABLE IF NOT EXISTS load_\(table.name) ON COMMIT DELETE ROWS
                AS SELECT CAST(0 AS BIGINT) AS load_place, \(columns) FROM \(table.name) LIMIT 0
                """)
            try session.execute("TRUNCATE \(staged)")
            try session.copy(
                "COPY \(staged) (load_place, \(columns)) FROM STDIN (FORMAT binary)",
                rows.enumerated().map { [.integer(Int64($0.offset))] + $0.element })
            let held = try session.rows(heldPlaces(staged), [])
            var leftOut: [Int] = []
            while let row = try held.take() { leftOut.append(try row[0]) }
            try session.execute(
                """
                INSERT INTO \(table.name) (\(columns)) SELECT \(columns) FROM \(staged)
                ORDER BY load_place ON CONFLICT (\(table.keys.joined(separator: ", "))) DO NOTHING
                """)
            return leftOut
        }

        /// The places of rows whose key is held, or stood in an earlier row of the load.
        private func heldPlaces(_ staged: String) -> String {
            let same = table.keys.map { "held.\($0) = staged.\($0)" }.joined(separator: " AND ")
            let keys = table.keys.map { "staged.\($0)" }.joined(separator: ", ")
            return """
                SELECT load_place FROM (
                    SELECT load_place, row_number() OVER (PARTITION BY \(keys) ORDER BY load_place) AS nth,
                        EXISTS (SELECT 1 FROM \(table.name) AS held WHERE \(same)) AS taken
                    FROM \(staged) AS staged) AS places
                WHERE taken OR nth > 1 ORDER BY load_place
                """
        }
    }
#endif
