/// Where the fields of one log line stand in its bytes.

/// The fields this product reads, by their names in the logs.
enum Field: Int, CaseIterable {
    /// When the line was written, RFC 3339.
    case ts
    /// Which server wrote it.
    case node
    /// That server's own counter.
    case seq
    /// What was done.
    case op
    /// What the waiting room answered.
    case rc
    /// Which queue.
    case queue
    /// Ticket key.
    case key
    /// Ticket key that this one replaces.
    case prev
    /// Absolute ticket number.
    case number
    /// Browser session.
    case sid
    /// Device.
    case did
    /// Network address.
    case ip
    /// The client's own clock, epoch milliseconds.
    case cts
    /// Signed admission.
    case pass
    /// Person id.
    case person
    /// Booking id.
    case booking
    /// Site id.
    case site
    /// Vaccine.
    case vaccine
    /// Date of the seat.
    case date
    /// Time of the seat.
    case slot
    /// HTTP status, or the dispatch status.
    case status
    /// Why the application said no.
    case reason
    /// HTTP method.
    case method
    /// Path of the page request.
    case path
    /// Phone number.
    case phone
    /// Template of the text message.
    case template
    /// Ticket key in a pass's claims.
    case sub
    /// When a pass was issued, epoch seconds.
    case iat
    /// When a pass expires, epoch seconds.
    case exp

    /// The field of a name of up to eight bytes, packed lowest byte first; nil for a name not read.
    @inline(__always)
    init?(packed: UInt64) {
        let field: Field? =
            switch packed {
            case 0x7374: .ts
            case 0x6564_6F6E: .node
            case 0x716573: .seq
            case 0x706F: .op
            case 0x6372: .rc
            case 0x65_7565_7571: .queue
            case 0x79656B: .key
            case 0x7665_7270: .prev
            case 0x7265_626D_756E: .number
            case 0x646973: .sid
            case 0x646964: .did
            case 0x7069: .ip
            case 0x737463: .cts
            case 0x7373_6170: .pass
            case 0x6E6F_7372_6570: .person
            case 0x67_6E69_6B6F_6F62: .booking
            case 0x6574_6973: .site
            case 0x65_6E69_6363_6176: .vaccine
            case 0x6574_6164: .date
            case 0x746F_6C73: .slot
            case 0x7375_7461_7473: .status
            case 0x6E6F_7361_6572: .reason
            case 0x646F_6874_656D: .method
            case 0x6874_6170: .path
            case 0x65_6E6F_6870: .phone
            case 0x6574_616C_706D_6574: .template
            case 0x627573: .sub
            case 0x746169: .iat
            case 0x707865: .exp
            default: nil
            }
        guard let field else { return nil }
        self = field
    }

    /// The field of a name, as mapping files give it.
    init?(name: String) {
        guard let field = Field.allCases.first(where: { String(describing: $0) == name }) else { return nil }
        self = field
    }
}

/// The ranges of the fields found in a line. Offsets count from the start of the chunk.
struct LineFields {
    private(set) var present: UInt32 = 0
    /// Fields whose text holds escapes and must be unescaped before use.
    private(set) var escaped: UInt32 = 0
    private var starts = InlineArray<32, Int32>(repeating: 0)
    private var ends = InlineArray<32, Int32>(repeating: 0)

    @inline(__always)
    mutating func clear() {
        present = 0
        escaped = 0
    }

    @inline(__always)
    func has(_ field: Field) -> Bool { present & (1 << UInt32(field.rawValue)) != 0 }

    @inline(__always)
    func start(_ field: Field) -> Int { Int(starts[field.rawValue]) }

    @inline(__always)
    func end(_ field: Field) -> Int { Int(ends[field.rawValue]) }

    @inline(__always)
    mutating func set(_ field: Field, _ start: Int, _ end: Int, isEscaped: Bool = false) {
        let bit: UInt32 = 1 << UInt32(field.rawValue)
        present |= bit
        if isEscaped { escaped |= bit }
        starts[field.rawValue] = Int32(truncatingIfNeeded: start)
        ends[field.rawValue] = Int32(truncatingIfNeeded: end)
    }
}

/// What is wrong with a line, and at which byte of the chunk.
struct LineFault: Error {
    var reason: QuarantineReason
    var position: Int
}
