/// The register as loaded: people, bookings, revocations, and the lines that could not be read.
public import RedressCore

extension BookingStatus: Storable {}

/// A person as stored: everything personal sealed, the phone findable by its keyed hash.
public struct PersonRow: Sendable {
    /// The register's id of the person.
    public var person: String
    /// The name, sealed; nil when no source gives it.
    public var nameSealed: [UInt8]?
    /// The phone number, sealed.
    public var phoneSealed: [UInt8]?
    /// The phone number's keyed hash.
    public var phoneIndex: [UInt8]?
    /// The date of birth, sealed.
    public var birthDateSealed: [UInt8]?

    /// Makes a row.
    public init(
        person: String, nameSealed: [UInt8]?, phoneSealed: [UInt8]?, phoneIndex: [UInt8]?,
        birthDateSealed: [UInt8]?
    ) {
        self.person = person
        self.nameSealed = nameSealed
        self.phoneSealed = phoneSealed
        self.phoneIndex = phoneIndex
        self.birthDateSealed = birthDateSealed
    }
}

/// What became of a register row that was given to be stored.
public enum BookingUpsert: Sendable, Equatable {
    /// It is stored as given.
    case stored
    /// redress changed this booking itself: the given row was not taken, and differs in what is named.
    case kept(differs: Bool)
    /// The person already has a confirmed booking for this dose.
    case secondActive
}

/// Reads and writes the register's nouns.
public struct RegisterStore {
    let connection: any Connection

    /// Works inside the transaction of `connection`.
    public init(_ connection: any Connection) {
        self.connection = connection
    }

    /// Adds a person or brings them up to date; what the new row does not know stays as it was.
    public func upsert(_ row: PersonRow, incident: String) throws {
        try connection.send(
            """
            INSERT INTO person (incident, person, name_sealed, phone_sealed, phone_index, birth_date_sealed)
            VALUES ($1, $2, $3, $4, $5, $6)
            ON CONFLICT (incident, person) DO UPDATE SET
                name_sealed = coalesce(excluded.name_sealed, person.name_sealed),
                phone_sealed = coalesce(excluded.phone_sealed, person.phone_sealed),
                phone_index = coalesce(excluded.phone_index, person.phone_index),
                birth_date_sealed = coalesce(excluded.birth_date_sealed, person.birth_date_sealed)
            """,
            [
                incident.stored, row.person.stored, row.nameSealed.stored, row.phoneSealed.stored,
                row.phoneIndex.stored, row.birthDateSealed.stored,
            ])
    }

    /// The person of this id.
    public func person(_ person: String, incident: String) throws -> PersonRow? {
        try connection.first(
            "\(Self.personColumns) FROM person WHERE incident = $1 AND person = $2",
            [incident.stored, person.stored], Self.personRow)
    }

    /// Everyone of the incident, by id.
    public func people(incident: String) throws -> [PersonRow] {
        try connection.all(
            "\(Self.personColumns) FROM person WHERE incident = $1 ORDER BY person",
            [incident.stored], Self.personRow)
    }

    /// Everyone, in any incident, who has this phone number in the register or in a list of revocations.
    public func people(phoneIndex: [UInt8]) throws -> [(incident: String, person: String)] {
        try connection.all(
            """
            SELECT incident, person FROM person WHERE phone_index = $1
            UNION
            SELECT incident, person FROM revocation WHERE phone_index = $2
            ORDER BY 1, 2
            """, [phoneIndex.stored, phoneIndex.stored]
        ) { (incident: try $0[0], person: try $0[1]) }
    }

    /// Somebody's sealed name, to try a key on; nil when no name is kept.
    public func anySealedName() throws -> (who: PersonKey, name: [UInt8])? {
        try connection.first(
            "SELECT incident, person, name_sealed FROM person WHERE name_sealed IS NOT NULL LIMIT 1"
        ) { (PersonKey(incident: try $0[0], person: try $0[1]), try $0[2]) }
    }

    /// Takes a row of the register, unless redress changed that booking itself.
    public func upsert(_ booking: Booking, incident: String) throws -> BookingUpsert {
        if let held = try self.booking(booking.booking, incident: incident), held.changedHere {
            let differs = held.status != booking.status || held.slot != booking.slot
            return .kept(differs: differs)
        }
        if booking.status == .confirmed,
            let active = try activeBooking(of: booking.person, dose: booking.dose, incident),
            active.booking != booking.booking
        {
            return .secondActive
        }
        try connection.send(
            """
            INSERT INTO booking (incident, booking, person, site, vaccine, dose, date, slot, booked_at,
                status, changed_here, file, line, byte_offset, line_length, line_hash)
            VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16)
            ON CONFLICT (incident, booking) DO UPDATE SET person = excluded.person, site = excluded.site,
                vaccine = excluded.vaccine, dose = excluded.dose, date = excluded.date,
                slot = excluded.slot, booked_at = excluded.booked_at, status = excluded.status,
                file = excluded.file, line = excluded.line, byte_offset = excluded.byte_offset,
                line_length = excluded.line_length, line_hash = excluded.line_hash
            """,
            [
                incident.stored, booking.booking.stored, booking.person.stored, booking.slot.site.stored,
                booking.slot.vaccine.stored, booking.dose.stored, booking.slot.date.stored,
                booking.slot.time.stored, booking.bookedAt.stored, booking.status.stored,
                booking.changedHere.stored, (booking.origin?.sha256).stored, (booking.origin?.line).stored,
                (booking.origin?.offset).stored, (booking.origin?.length ?? 0).stored,
                Int64(bitPattern: booking.origin?.fingerprint ?? 0).stored,
            ])
        return .stored
    }

    /// The booking of this number.
    public func booking(_ booking: String, incident: String) throws -> Booking? {
        try connection.first(
            "\(Self.bookingColumns) WHERE incident = $1 AND booking = $2",
            [incident.stored, booking.stored], Self.bookingRow)
    }

    /// Every booking of a person, by the time it was made.
    public func bookings(of person: String, incident: String) throws -> [Booking] {
        try connection.all(
            "\(Self.bookingColumns) WHERE incident = $1 AND person = $2 ORDER BY booked_at, booking",
            [incident.stored, person.stored], Self.bookingRow)
    }

    /// Every booking of the incident, by person.
    public func bookings(incident: String) throws -> [Booking] {
        try connection.all(
            "\(Self.bookingColumns) WHERE incident = $1 ORDER BY person, booked_at, booking",
            [incident.stored], Self.bookingRow)
    }

    /// Every booking of the incident that redress itself changed, by number.
    public func changedBookings(incident: String) throws -> [Booking] {
        try connection.all(
            "\(Self.bookingColumns) WHERE incident = $1 AND changed_here ORDER BY booking",
            [incident.stored], Self.bookingRow)
    }

    /// The confirmed bookings that rest on a seat of the pool, by centre, day and time.
    public func seated(incident: String) throws -> [Booking] {
        try connection.all(
            """
            \(Self.bookingColumns) WHERE incident = $1 AND status = 'confirmed' AND changed_here AND EXISTS
                (SELECT 1 FROM grievance_case AS c JOIN pool_hold AS h ON h.case_id = c.id
                WHERE c.incident = booking.incident AND c.person = booking.person
                    AND h.state = 'seated' AND c.restored_site = booking.site
                    AND c.restored_date = booking.date AND c.restored_slot = booking.slot)
            ORDER BY site, date, slot, booking
            """, [incident.stored], Self.bookingRow)
    }

    /// The one confirmed booking a person holds for a dose.
    public func activeBooking(of person: String, dose: Int, _ incident: String) throws -> Booking? {
        try connection.first(
            """
            \(Self.bookingColumns) WHERE incident = $1 AND person = $2 AND dose = $3 AND status = 'confirmed'
            """, [incident.stored, person.stored, dose.stored], Self.bookingRow)
    }

    /// Writes the status redress itself gives a booking.
    ///
    /// - Parameter refusal: what is thrown when it was not `expected` any more.
    public func change(
        _ booking: String, incident: String, from expected: BookingStatus, to status: BookingStatus,
        or refusal: @escaping () -> RedressError
    ) throws {
        try connection.send(
            """
            UPDATE booking SET status = $1, changed_here = $2
            WHERE incident = $3 AND booking = $4 AND status = \(expected.literal)
            """,
            [status.stored, true.stored, incident.stored, booking.stored], changing: 1, or: refusal)
    }

    /// Adds a row of a list of revocations or brings it up to date.
    public func upsert(
        _ row: Revocation, phoneSealed: [UInt8]?, phoneIndex: [UInt8]?, textSealed: [UInt8]?, incident: String
    ) throws {
        try connection.run(
            """
            INSERT INTO revocation (incident, booking, person, phone_sealed, phone_index, revoked_at, batch,
                reason, text_sealed, file, line, byte_offset, line_length, line_hash)
            VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14)
            ON CONFLICT (incident, booking) DO UPDATE SET person = excluded.person,
                phone_sealed = excluded.phone_sealed, phone_index = excluded.phone_index,
                revoked_at = excluded.revoked_at, batch = excluded.batch, reason = excluded.reason,
                text_sealed = excluded.text_sealed, file = excluded.file, line = excluded.line,
                byte_offset = excluded.byte_offset, line_length = excluded.line_length,
                line_hash = excluded.line_hash
            """,
            [
                incident.stored, row.booking.stored, row.person.stored, phoneSealed.stored,
                phoneIndex.stored, row.revokedAt.stored, row.batch.stored, row.reason.stored,
                textSealed.stored, row.origin.sha256.stored, row.origin.line.stored, row.origin.offset.stored,
                row.origin.length.stored, Int64(bitPattern: row.origin.fingerprint).stored,
            ])
    }

    /// Every revocation of the incident, by person.
    public func revocations(incident: String) throws -> [Revocation] {
        try connection.all(
            "\(Self.revocationColumns) WHERE incident = $1 ORDER BY person, revoked_at, booking",
            [incident.stored], Self.revocationRow)
    }

    /// The revocations of one person.
    public func revocations(of person: String, incident: String) throws -> [Revocation] {
        try connection.all(
            "\(Self.revocationColumns) WHERE incident = $1 AND person = $2 ORDER BY revoked_at, booking",
            [incident.stored, person.stored], Self.revocationRow)
    }

    /// The revocation of this booking.
    public func revocation(_ booking: String, incident: String) throws -> Revocation? {
        try connection.first(
            "\(Self.revocationColumns) WHERE incident = $1 AND booking = $2",
            [incident.stored, booking.stored], Self.revocationRow)
    }

    /// The sealed phone number that a list of revocations gives for a booking.
    public func revocationPhone(_ booking: String, incident: String) throws -> [UInt8]? {
        try connection.first(
            "SELECT phone_sealed FROM revocation WHERE incident = $1 AND booking = $2",
            [incident.stored, booking.stored]
        ) { try $0[0] as [UInt8]? } ?? nil
    }

    /// The bookings and sealed phone numbers that lists of revocations give for a person.
    public func revocationPhones(of person: String, incident: String) throws
        -> [(booking: String, phoneSealed: [UInt8])]
    {
        try connection.all(
            """
            SELECT booking, phone_sealed FROM revocation
            WHERE incident = $1 AND person = $2 AND phone_sealed IS NOT NULL ORDER BY booking
            """, [incident.stored, person.stored]
        ) { (booking: try $0[0], phoneSealed: try $0[1]) }
    }

    /// Every register file that was loaded for an incident.
    public func files(incident: String) throws -> [RegisterFile] {
        try connection.all(
            """
            SELECT register, sha256, path, rows, loaded, quarantined, kept FROM register_file
            WHERE incident = $1 ORDER BY loaded_at, register
            """, [incident.stored]
        ) { row in
            var file = RegisterFile(register: try row[0], sha256: try row[1], path: try row[2])
            file.rows = try row[3]
            file.loaded = try row[4]
            file.quarantined = try row[5]
            file.kept = try row[6]
            return file
        }
    }

    /// Records that a register file was loaded; loading the same file again replaces the record.
    public func record(_ file: RegisterFile, incident: String) throws {
        try connection.run(
            """
            INSERT INTO register_file (incident, register, sha256, path, rows, loaded, quarantined, kept,
                loaded_at)
            VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)
            ON CONFLICT (incident, register, sha256) DO UPDATE SET path = excluded.path,
                rows = excluded.rows, loaded = excluded.loaded, quarantined = excluded.quarantined,
                kept = excluded.kept, loaded_at = excluded.loaded_at
            """,
            [
                incident.stored, file.register.stored, file.sha256.stored, file.path.stored,
                file.rows.stored, file.loaded.stored, file.quarantined.stored, file.kept.stored,
                connection.now.stored,
            ])
    }

    /// Whether this very file was loaded before.
    public func wasLoaded(register: String, sha256: String, incident: String) throws -> Bool {
        try connection.count(
            "SELECT count(*) FROM register_file WHERE incident = $1 AND register = $2 AND sha256 = $3",
            [incident.stored, register.stored, sha256.stored]) > 0
    }

    /// Keeps the place and the reason of a line that could not be loaded.
    public func quarantine(register: String, origin: RowOrigin, reason: String, incident: String) throws {
        try connection.run(
            """
            INSERT INTO register_quarantine (incident, register, sha256, line, byte_offset, reason)
            VALUES ($1, $2, $3, $4, $5, $6)
            ON CONFLICT (incident, register, sha256, line) DO UPDATE SET reason = excluded.reason
            """,
            [
                incident.stored, register.stored, origin.sha256.stored, origin.line.stored,
                origin.offset.stored, reason.stored,
            ])
    }

    private static let personColumns: SQL =
        "SELECT person, name_sealed, phone_sealed, phone_index, birth_date_sealed"

    private static func personRow(_ row: Row) throws -> PersonRow {
        PersonRow(
            person: try row[0], nameSealed: try row[1], phoneSealed: try row[2], phoneIndex: try row[3],
            birthDateSealed: try row[4])
    }

    private static let bookingColumns: SQL = """
        SELECT booking, person, site, vaccine, date, slot, dose, booked_at, status, changed_here, file, line,
            byte_offset, line_length, line_hash
        FROM booking
        """

    private static func bookingRow(_ row: Row) throws -> Booking {
        let sha256: String? = try row[10]
        return Booking(
            booking: try row[0], person: try row[1],
            slot: Slot(site: try row[2], vaccine: try row[3], date: try row[4], time: try row[5]),
            dose: try row[6], bookedAt: try row[7], status: try row[8], changedHere: try row[9],
            origin: try sha256.map { try origin($0, row, from: 11) })
    }

    private static let revocationColumns: SQL = """
        SELECT booking, person, revoked_at, batch, reason, file, line, byte_offset, line_length, line_hash
        FROM revocation
        """

    private static func revocationRow(_ row: Row) throws -> Revocation {
        Revocation(
            booking: try row[0], person: try row[1], revokedAt: try row[2], batch: try row[3],
            reason: try row[4], origin: try origin(try row[5], row, from: 6))
    }

    private static func origin(_ sha256: String, _ row: Row, from column: Int) throws -> RowOrigin {
        let fingerprint: Int64 = try row[column + 3]
        return RowOrigin(
            sha256: sha256, line: try row[column], offset: try row[column + 1], length: try row[column + 2],
            fingerprint: UInt64(bitPattern: fingerprint))
    }
}

/// The record of a loaded register file.
public struct RegisterFile: Sendable {
    /// `sites`, `register`, `revocations` or `allotments`.
    public var register: String
    /// SHA-256 of the file in hex.
    public var sha256: String
    /// Where it was.
    public var path: String
    /// Rows in the file, header apart.
    public var rows = 0
    /// Rows that were stored.
    public var loaded = 0
    /// Rows that could not be.
    public var quarantined = 0
    /// Rows that were not taken because redress changed that booking itself.
    public var kept = 0

    /// Makes the record of a file nothing was read from yet.
    public init(register: String, sha256: String, path: String) {
        self.register = register
        self.sha256 = sha256
        self.path = path
    }
}

extension BookingStatus {
    /// The status as part of a statement, so that SQLite plans it once and not for each value again.
    fileprivate var literal: SQL {
        switch self {
        case .confirmed: "'confirmed'"
        case .revoked: "'revoked'"
        case .incomplete: "'incomplete'"
        case .cancelled: "'cancelled'"
        case .completed: "'completed'"
        case .movedOut: "'moved-out'"
        }
    }
}
