/// Prepared statements and their parameters as libpq takes them.
#if Postgres
    import CPostgres
    import RedressCore
    import RedressStore

    /// A statement that the server has parsed for parameters of these types.
    final class PreparedStatement {
        let name: String
        let types: [UInt32]
        /// What it changes.
        let effect: StatementEffect
        /// Every name and keyword in it.
        let words: Set<Substring>

        init(name: String, types: [UInt32], text: String) {
            self.name = name
            self.types = types
            effect = StatementEffect(of: text)
            words = Set(text.split { !($0.isLetter || $0.isNumber || $0 == "_") })
        }
    }

    extension PostgresSession {
        /// The statement prepared for parameters of these types; null fits every type.
        func prepare(_ text: String, _ parameters: [Value]) throws -> PreparedStatement {
            if let known = statements[text] {
                for statement in known where Self.fits(parameters, statement.types) { return statement }
            }
            try keepOpenRows()
            // Preparing has an answer of its own: what waits to be sent is older than it.
            if !postponed.isEmpty { try execute("SELECT 1") }
            guard !isLost else { throw lost() }
            if let brokenPromise { throw brokenPromise }
            let types = parameters.map(\.postgresType)
            preparedCount += 1
            let name = "r\(preparedCount)"
            let result = unsafe types.withUnsafeBufferPointer { buffer in
                unsafe PQprepare(handle, name, text, Int32(types.count), buffer.baseAddress)
            }
            try unsafe check(result)
            let description = unsafe PQdescribePrepared(handle, name)
            let found = (0..<types.count).map { unsafe PQparamtype(description, Int32($0)) }
            try unsafe check(description)
            let made = PreparedStatement(name: name, types: found, text: text)
            statements[text, default: []].append(made)
            return made
        }

        private static func fits(_ parameters: [Value], _ types: [UInt32]) -> Bool {
            for (index, parameter) in parameters.enumerated() {
                let type = parameter.postgresType
                if type != PostgresType.unknown, type != types[index] { return false }
            }
            return true
        }

        private func check(_ result: OpaquePointer?) throws {
            guard let result = unsafe result else { throw broken() }
            if let failure = unsafe PostgresResult(result).failure {
                note(failure.state)
                throw translated(failure.state, failure.message)
            }
        }

        /// Hands a prepared statement with its parameters to libpq; 1 when it took it.
        func send(_ statement: PreparedStatement, _ parameters: [Value]) throws -> Int32 {
            // One run of bytes with a byte between, so that an empty value has an address of its own.
            var all: [UInt8] = []
            var starts: [Int] = []
            var lengths: [Int32] = []
            for parameter in parameters {
                starts.append(all.count)
                let bytes = parameter.postgresBytes
                lengths.append(bytes.map { Int32($0.count) } ?? -1)
                if let bytes { all += bytes }
                all.append(0)
            }
            let formats = [Int32](repeating: 1, count: parameters.count)
            return unsafe all.withUnsafeBytes { buffer in
                let base = unsafe buffer.baseAddress?.assumingMemoryBound(to: CChar.self)
                let pointers = unsafe parameters.indices.map { index -> UnsafePointer<CChar>? in
                    guard lengths[index] >= 0, let base = unsafe base else { return nil }
                    return unsafe base + starts[index]
                }
                return unsafe PQsendQueryPrepared(
                    handle, statement.name, Int32(parameters.count), pointers, lengths, formats, 1)
            }
        }
    }
#endif
