/// The first schema of the desk database.
///
/// Times are milliseconds, dates `YYYY-MM-DD`, times of day `HH:MM`. `*_sealed` columns are encrypted and
/// `*_index` columns are keyed hashes: nothing personal stands in clear.
extension Migration {
    static let desk1 = Migration(version: 1, statements: incidents + registers + pool + cases + trust)

    private static let incidents: [SQL] = [
        """
        CREATE TABLE incident (
            id TEXT PRIMARY KEY,
            name TEXT NOT NULL,
            window_from BIGINT NOT NULL,
            window_to BIGINT NOT NULL CHECK (window_to > window_from),
            policy TEXT NOT NULL,
            pass_keys_sealed BLOB,
            join_key_sealed BLOB NOT NULL,
            order_seed BIGINT NOT NULL,
            created_at BIGINT NOT NULL)
        """,
        """
        CREATE TABLE site (
            incident TEXT NOT NULL REFERENCES incident (id),
            site TEXT NOT NULL,
            name TEXT NOT NULL,
            province TEXT NOT NULL,
            municipality TEXT NOT NULL,
            latitude DOUBLE PRECISION NOT NULL CHECK (latitude BETWEEN -90 AND 90),
            longitude DOUBLE PRECISION NOT NULL CHECK (longitude BETWEEN -180 AND 180),
            PRIMARY KEY (incident, site))
        """,
    ]

    private static let registers: [SQL] = [
        """
        CREATE TABLE person (
            incident TEXT NOT NULL REFERENCES incident (id),
            person TEXT NOT NULL,
            name_sealed BLOB,
            phone_sealed BLOB,
            phone_index BLOB,
            birth_date_sealed BLOB,
            PRIMARY KEY (incident, person))
        """,
        "CREATE INDEX person_by_phone ON person (phone_index)",
        """
        CREATE TABLE booking (
            incident TEXT NOT NULL,
            booking TEXT NOT NULL,
            person TEXT NOT NULL,
            site TEXT NOT NULL,
            vaccine TEXT NOT NULL,
            dose BIGINT NOT NULL CHECK (dose BETWEEN 1 AND 9),
            date TEXT NOT NULL,
            slot TEXT NOT NULL,
            booked_at BIGINT,
            status TEXT NOT NULL CHECK (status IN
                ('confirmed', 'revoked', 'incomplete', 'cancelled', 'completed', 'moved-out')),
            changed_here BOOLEAN NOT NULL,
            file TEXT,
            line BIGINT,
            byte_offset BIGINT,
            PRIMARY KEY (incident, booking),
            FOREIGN KEY (incident, person) REFERENCES person (incident, person),
            FOREIGN KEY (incident, site) REFERENCES site (incident, site))
        """,
        """
        CREATE UNIQUE INDEX booking_one_active ON booking (incident, person, dose)
            WHERE status = 'confirmed'
        """,
        "CREATE INDEX booking_by_person ON booking (incident, person)",
        "CREATE INDEX booking_by_number ON booking (booking)",
        """
        CREATE TABLE revocation (
            incident TEXT NOT NULL REFERENCES incident (id),
            booking TEXT NOT NULL,
            person TEXT NOT NULL,
            phone_sealed BLOB,
            phone_index BLOB,
            revoked_at BIGINT NOT NULL,
            batch TEXT NOT NULL,
            reason TEXT NOT NULL,
            text_sealed BLOB,
            file TEXT NOT NULL,
            line BIGINT NOT NULL,
            byte_offset BIGINT NOT NULL,
            PRIMARY KEY (incident, booking))
        """,
        "CREATE INDEX revocation_by_person ON revocation (incident, person)",
        "CREATE INDEX revocation_by_phone ON revocation (phone_index)",
        """
        CREATE TABLE register_file (
            incident TEXT NOT NULL REFERENCES incident (id),
            register TEXT NOT NULL,
            sha256 TEXT NOT NULL,
            path TEXT NOT NULL,
            rows BIGINT NOT NULL,
            loaded BIGINT NOT NULL,
            quarantined BIGINT NOT NULL,
            kept BIGINT NOT NULL,
            loaded_at BIGINT NOT NULL,
            PRIMARY KEY (incident, register, sha256))
        """,
        """
        CREATE TABLE register_quarantine (
            incident TEXT NOT NULL REFERENCES incident (id),
            register TEXT NOT NULL,
            sha256 TEXT NOT NULL,
            line BIGINT NOT NULL,
            byte_offset BIGINT NOT NULL,
            reason TEXT NOT NULL,
            PRIMARY KEY (incident, register, sha256, line))
        """,
    ]

    private static let pool: [SQL] = [
        """
        CREATE TABLE pool_slot (
            id TEXT PRIMARY KEY,
            incident TEXT NOT NULL,
            site TEXT NOT NULL,
            vaccine TEXT NOT NULL,
            date TEXT NOT NULL,
            slot TEXT NOT NULL,
            allotted BIGINT NOT NULL CHECK (allotted >= 0),
            released BIGINT NOT NULL CHECK (released >= 0),
            reserved BIGINT NOT NULL CHECK (reserved >= 0),
            held BIGINT NOT NULL CHECK (held >= 0),
            seated BIGINT NOT NULL CHECK (seated >= 0),
            kept BIGINT NOT NULL CHECK (kept >= 0),
            UNIQUE (incident, site, vaccine, date, slot),
            FOREIGN KEY (incident, site) REFERENCES site (incident, site),
            CHECK (reserved + held + seated + kept = allotted - released))
        """
    ]

    private static let cases: [SQL] = [
        """
        CREATE TABLE grievance_case (
            id TEXT PRIMARY KEY,
            receipt TEXT NOT NULL UNIQUE,
            incident TEXT NOT NULL REFERENCES incident (id),
            person TEXT NOT NULL,
            booking TEXT NOT NULL,
            origin TEXT NOT NULL,
            channel TEXT NOT NULL,
            category TEXT NOT NULL,
            remedy TEXT NOT NULL,
            state TEXT NOT NULL,
            site TEXT,
            province TEXT,
            vaccine TEXT,
            dose BIGINT,
            date TEXT,
            slot TEXT,
            verdict TEXT,
            verdict_digest TEXT,
            attempted_at BIGINT,
            waiting BOOLEAN NOT NULL,
            restored_site TEXT,
            restored_date TEXT,
            restored_slot TEXT,
            restored_rung TEXT,
            received_at BIGINT NOT NULL,
            due_at BIGINT NOT NULL,
            due_trace TEXT NOT NULL,
            version BIGINT NOT NULL,
            UNIQUE (incident, person, booking),
            FOREIGN KEY (incident, person) REFERENCES person (incident, person))
        """,
        "CREATE INDEX case_by_booking ON grievance_case (booking)",
        "CREATE INDEX case_by_state ON grievance_case (incident, state)",
        """
        CREATE INDEX case_by_slot ON grievance_case (incident, site, vaccine, date, slot)
        """,
        """
        CREATE TABLE case_move (
            case_id TEXT NOT NULL REFERENCES grievance_case (id),
            seq BIGINT NOT NULL,
            from_state TEXT,
            to_state TEXT NOT NULL,
            actor TEXT NOT NULL,
            reason TEXT NOT NULL,
            rung TEXT,
            at BIGINT NOT NULL,
            PRIMARY KEY (case_id, seq))
        """,
        "CREATE INDEX case_move_by_time ON case_move (at)",
        """
        CREATE TABLE case_verdict (
            case_id TEXT NOT NULL REFERENCES grievance_case (id),
            seq BIGINT NOT NULL,
            outcome TEXT NOT NULL,
            digest TEXT NOT NULL,
            document TEXT NOT NULL,
            at BIGINT NOT NULL,
            PRIMARY KEY (case_id, seq))
        """,
        """
        CREATE TABLE contact (
            id TEXT PRIMARY KEY,
            case_id TEXT REFERENCES grievance_case (id),
            channel TEXT NOT NULL,
            subject TEXT NOT NULL,
            note_sealed BLOB,
            actor TEXT NOT NULL,
            at BIGINT NOT NULL)
        """,
        "CREATE INDEX contact_by_case ON contact (case_id, at)",
        """
        CREATE TABLE pool_hold (
            id TEXT PRIMARY KEY,
            case_id TEXT NOT NULL REFERENCES grievance_case (id),
            slot_id TEXT NOT NULL REFERENCES pool_slot (id),
            state TEXT NOT NULL CHECK (state IN ('live', 'seated', 'expired', 'void', 'vacated')),
            held_at BIGINT NOT NULL,
            expires_at BIGINT NOT NULL)
        """,
        "CREATE UNIQUE INDEX pool_hold_one_live ON pool_hold (case_id) WHERE state = 'live'",
        "CREATE UNIQUE INDEX pool_hold_one_seat ON pool_hold (case_id) WHERE state = 'seated'",
        "CREATE INDEX pool_hold_by_slot ON pool_hold (slot_id, state)",
        """
        CREATE TABLE pool_entry (
            seq BIGINT PRIMARY KEY,
            slot_id TEXT NOT NULL REFERENCES pool_slot (id),
            kind TEXT NOT NULL CHECK (kind IN ('allot', 'hold', 'seat', 'expire', 'void', 'vacate', 'release',
                'take-in', 'keep-end-reserved', 'keep-end-outside')),
            seats BIGINT NOT NULL CHECK (seats > 0),
            hold_id TEXT REFERENCES pool_hold (id),
            case_id TEXT REFERENCES grievance_case (id),
            authority TEXT,
            actor TEXT NOT NULL,
            at BIGINT NOT NULL)
        """,
        """
        CREATE UNIQUE INDEX pool_entry_resolves_once ON pool_entry (hold_id)
            WHERE kind IN ('seat', 'expire', 'void')
        """,
        "CREATE INDEX pool_entry_by_slot ON pool_entry (slot_id, seq)",
        """
        CREATE TABLE offer (
            id TEXT PRIMARY KEY,
            case_id TEXT NOT NULL REFERENCES grievance_case (id),
            rung TEXT NOT NULL,
            slot_id TEXT NOT NULL REFERENCES pool_slot (id),
            hold_id TEXT REFERENCES pool_hold (id),
            state TEXT NOT NULL CHECK (state IN ('live', 'accepted', 'declined', 'lapsed')),
            offered_at BIGINT NOT NULL,
            expires_at BIGINT NOT NULL)
        """,
        "CREATE UNIQUE INDEX offer_one_live ON offer (case_id) WHERE state = 'live'",
        """
        CREATE TABLE kept_booking (
            id TEXT PRIMARY KEY,
            case_id TEXT NOT NULL REFERENCES grievance_case (id),
            incident TEXT NOT NULL,
            booking TEXT NOT NULL,
            slot_id TEXT NOT NULL REFERENCES pool_slot (id),
            state TEXT NOT NULL CHECK (state IN ('kept', 'ended', 'undone')),
            until BIGINT NOT NULL)
        """,
        """
        CREATE TABLE plan (
            digest TEXT PRIMARY KEY,
            incident TEXT NOT NULL REFERENCES incident (id),
            document TEXT NOT NULL,
            made_by TEXT NOT NULL,
            made_at BIGINT NOT NULL)
        """,
        "CREATE TABLE counter (name TEXT PRIMARY KEY, value BIGINT NOT NULL)",
    ]

    private static let trust: [SQL] = [
        """
        CREATE TABLE audit (
            seq BIGINT PRIMARY KEY,
            at BIGINT NOT NULL,
            actor TEXT NOT NULL,
            action TEXT NOT NULL,
            subject TEXT NOT NULL,
            detail TEXT NOT NULL,
            previous BLOB NOT NULL,
            hash BLOB NOT NULL)
        """,
        "CREATE INDEX audit_by_subject ON audit (subject, seq)",
        """
        CREATE TABLE outbox (
            id TEXT PRIMARY KEY,
            case_id TEXT NOT NULL REFERENCES grievance_case (id),
            event TEXT NOT NULL,
            state TEXT NOT NULL CHECK (state IN ('waiting', 'sent', 'dropped', 'failed', 'cancelled')),
            values_sealed BLOB NOT NULL,
            created_at BIGINT NOT NULL,
            UNIQUE (case_id, event))
        """,
        """
        CREATE TABLE idempotency (
            key TEXT PRIMARY KEY,
            request TEXT NOT NULL,
            answer TEXT NOT NULL,
            at BIGINT NOT NULL)
        """,
        """
        CREATE TABLE access_log (
            seq BIGINT PRIMARY KEY,
            at BIGINT NOT NULL,
            actor TEXT NOT NULL,
            subject TEXT NOT NULL,
            what TEXT NOT NULL,
            origin TEXT NOT NULL,
            reason TEXT NOT NULL)
        """,
        """
        CREATE TABLE staff (
            name TEXT PRIMARY KEY,
            role TEXT NOT NULL,
            disabled BOOLEAN NOT NULL,
            created_at BIGINT NOT NULL)
        """,
        """
        CREATE TABLE staff_token (
            hash BLOB PRIMARY KEY,
            staff TEXT NOT NULL REFERENCES staff (name),
            created_at BIGINT NOT NULL,
            expires_at BIGINT NOT NULL)
        """,
    ]
}
