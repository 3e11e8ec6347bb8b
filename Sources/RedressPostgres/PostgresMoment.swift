/// The time of one transaction, read from the server's clock along with the first thing that is asked.
#if Postgres
    import RedressCore
    import RedressStore

    /// When a transaction began, the same throughout, by a clock that all processes share.
    final class PostgresMoment {
        private let session: PostgresSession
        private var known: Instant?

        /// Whether the server was asked, or need not be.
        var isKnown: Bool { known != nil }

        /// - Parameter known: the time where it is told already; else the server is asked when somebody wants it.
        init(_ session: PostgresSession, known: Instant? = nil) {
            self.session = session
            self.known = known
        }

        /// The time. Where the server does not tell it, nothing more runs in this transaction.
        var instant: Instant {
            if let known { return known }
            do {
                let told = try ask()
                known = told
                return told
            } catch {
                session.give(up: error)
                return Instant(milliseconds: 0)
            }
        }

        /// Takes the time from what was asked ahead with `query`.
        func take() throws {
            if known == nil { known = try ask() }
        }

        private func ask() throws -> Instant {
            let connection = PostgresConnection(session: session, moment: self)
            guard let told: Instant = try connection.first(Self.query, [], { try $0[0] }) else {
                throw RedressError(.fault, "The server told no time.")
            }
            return told
        }

        /// Asks for the time.
        static let query: SQL =
            "SELECT CAST(floor(extract(epoch FROM clock_timestamp()) * 1000) AS BIGINT) AS instant"
    }
#endif
