/// The time of one transaction by the server's clock: asked along with what is asked ahead, or when somebody wants it.
#if Postgres
    import RedressCore
    import RedressStore

    /// When a transaction began, the same throughout, by a clock that all processes share.
    final class PostgresMoment {
        private let session: PostgresSession
        private var known: Instant?
        /// Why the server did not tell it.
        private(set) var failure: (any Error)?

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
                failure = error
                session.give(up: error)
                return Instant(milliseconds: 0)
            }
        }

        /// Takes the time from what was asked ahead with `query`, or asks for it, if it is not known.
        func take() throws {
            if known == nil { known = try ask() }
        }

        /// Sends what was postponed before anybody's work, the lock of all writers among it, and takes the time.
        func reach() throws {
            if isKnown { try session.execute("SELECT 1") } else { try take() }
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
