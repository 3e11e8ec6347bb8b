/// PostgreSQL's error classes as the seam's errors.
#if Postgres
    import RedressCore
    import RedressStore

    /// An error class of the server, five characters (PostgreSQL 15, appendix A).
    struct SQLState: Equatable {
        let code: String

        /// The whole transaction was undone and may succeed when it is run again.
        var isRetryable: Bool { code == "40001" || code == "40P01" }

        /// The server went away, is going away, or is not the primary any more: another connection may do better.
        var isLost: Bool {
            code.hasPrefix("08") || code.hasPrefix("57P") || code == "25006" || code.isEmpty
        }
    }

    /// The seam's error for one of PostgreSQL's; the class is kept in the particulars.
    ///
    /// - Parameter message: the server's primary message, which names rules and tables but never a row's values.
    func translated(_ state: SQLState, _ message: String) -> RedressError {
        let details = ["sqlstate": state.code]
        switch state.code {
        case "40001", "40P01":
            return RedressError(
                .tryAgain, "Somebody else changed the same rows. Try again in a moment.", details: details)
        case "55P03", "57014":
            return RedressError(
                .tryAgain, "The database took too long (\(message)). Try again in a moment.", details: details
            )
        case "53100":
            return RedressError(
                .unavailable,
                "The database server's disk is full: nothing was written. Make room and run the same command again.",
                details: details)
        case "3D000":
            return RedressError(
                .notFound, "The server has no such database (\(message)). Make it with `createdb`.",
                details: details)
        case "22021":
            return RedressError(
                .badData, "A text holds a character that the database cannot keep (NUL).", details: details)
        default: break
        }
        if state.code.hasPrefix("23") { return ConstraintViolation.error(message, details: details) }
        if state.isLost || ["28", "53", "58"].contains(state.code.prefix(2)) {
            return RedressError(
                .unavailable,
                "The database server cannot be used now (\(message)). Nothing was acknowledged.",
                details: details)
        }
        return RedressError(.fault, "The database refused a statement: \(message).", details: details)
    }
#endif
