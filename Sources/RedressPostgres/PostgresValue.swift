/// Values on the wire: parameters and columns in PostgreSQL's binary form.
#if Postgres
    import RedressCore
    import RedressStore

    /// The types of PostgreSQL that the schema and its queries meet, by their object ids (pg_type.dat).
    enum PostgresType {
        static let unknown: UInt32 = 0
        static let boolean: UInt32 = 16
        static let bytes: UInt32 = 17
        static let int8: UInt32 = 20
        static let int2: UInt32 = 21
        static let int4: UInt32 = 23
        static let text: UInt32 = 25
        static let float4: UInt32 = 700
        static let float8: UInt32 = 701
        static let void: UInt32 = 2278
        static let numeric: UInt32 = 1700
    }

    extension Value {
        /// The type a parameter of this value is declared with; null takes whatever the statement infers.
        var postgresType: UInt32 {
            switch self {
            case .null: PostgresType.unknown
            case .integer: PostgresType.int8
            case .real: PostgresType.float8
            case .text: PostgresType.text
            case .blob: PostgresType.bytes
            case .boolean: PostgresType.boolean
            }
        }

        /// The parameter's bytes; nil for null.
        var postgresBytes: [UInt8]? {
            switch self {
            case .null: nil
            case .integer(let number): bigEndian(UInt64(bitPattern: number))
            case .real(let number): bigEndian(number.bitPattern)
            case .text(let text): Array(text.utf8)
            case .blob(let bytes): bytes
            case .boolean(let flag): [flag ? 1 : 0]
            }
        }

        /// Reads a column of one of the server's types.
        ///
        /// - Throws: `.fault` for a type that no query of the product answers with.
        init(postgres bytes: UnsafeRawBufferPointer, type: UInt32) throws {
            switch type {
            case PostgresType.boolean: unsafe self = .boolean(bytes.first == 1)
            case PostgresType.bytes: unsafe self = .blob(Array(bytes))
            case PostgresType.int8:
                unsafe self = .integer(Int64(bitPattern: word(bytes)))
            case PostgresType.int4:
                unsafe self = .integer(Int64(Int32(truncatingIfNeeded: word(bytes))))
            case PostgresType.int2:
                unsafe self = .integer(Int64(Int16(truncatingIfNeeded: word(bytes))))
            case PostgresType.float8: unsafe self = .real(Double(bitPattern: word(bytes)))
            case PostgresType.float4:
                unsafe self = .real(Double(Float(bitPattern: UInt32(truncatingIfNeeded: word(bytes)))))
            case PostgresType.numeric: unsafe self = numeric(bytes)
            case PostgresType.void: self = .null
            case PostgresType.text, 18, 19, 705, 1042, 1043:
                unsafe self = .text(String(decoding: bytes, as: UTF8.self))
            default:
                throw RedressError(
                    .fault, "The database answered with a column of an unknown type (\(type)).")
            }
        }
    }

    private func bigEndian(_ value: UInt64) -> [UInt8] {
        (0..<8).map { UInt8(truncatingIfNeeded: value >> UInt64(56 - 8 * $0)) }
    }

    private func word(_ bytes: UnsafeRawBufferPointer) -> UInt64 {
        var value: UInt64 = 0
        for index in 0..<bytes.count { unsafe value = value << 8 | UInt64(bytes[index]) }
        return value
    }

    /// A numeric: digits of base 10,000 with the place of the first; whole ones are integers, as SQLite's sums are.
    private func numeric(_ bytes: UnsafeRawBufferPointer) -> Value {
        func field(_ index: Int) -> Int {
            guard index * 2 + 2 <= bytes.count else { return 0 }
            return unsafe Int(bytes[index * 2]) << 8 | Int(bytes[index * 2 + 1])
        }
        let digits = (0..<field(0)).map { field(4 + $0) }
        let weight = Int(Int16(truncatingIfNeeded: field(1)))
        let isNegative = field(2) == 0x4000
        if field(3) == 0 {
            var whole: Int64 = 0
            for place in 0...max(0, weight) {
                whole = whole &* 10_000 &+ Int64(place < digits.count && weight >= 0 ? digits[place] : 0)
            }
            return .integer(isNegative ? -whole : whole)
        }
        var real = 0.0
        for digit in digits.reversed() { real = real / 10_000 + Double(digit) }
        for _ in 0..<abs(weight) { real = weight > 0 ? real * 10_000 : real / 10_000 }
        return .real(isNegative ? -real : real)
    }
#endif
