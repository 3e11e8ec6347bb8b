/// The second schema of the desk database: what the pool's rules, offers and the other booking system need.
extension Migration {
    static let desk2 = Migration(version: 2, statements: capacityRules + capacityPaths)

    private static let capacityRules: [SQL] = [
        """
        CREATE TABLE pool_policy (
            incident TEXT PRIMARY KEY REFERENCES incident (id),
            cutoff_days BIGINT NOT NULL CHECK (cutoff_days >= 0),
            cutoff_minutes BIGINT NOT NULL CHECK (cutoff_minutes BETWEEN 0 AND 1439),
            offer_working_days BIGINT NOT NULL CHECK (offer_working_days > 0),
            large_allotment_seats BIGINT NOT NULL CHECK (large_allotment_seats >= 0),
            nearby_kilometres BIGINT NOT NULL CHECK (nearby_kilometres >= 0),
            set_by TEXT NOT NULL,
            set_at BIGINT NOT NULL)
        """,
        """
        CREATE TABLE allotment_request (
            id TEXT PRIMARY KEY,
            slot_id TEXT NOT NULL REFERENCES pool_slot (id),
            seats BIGINT NOT NULL CHECK (seats > 0),
            authority TEXT NOT NULL,
            state TEXT NOT NULL CHECK (state IN ('waiting', 'approved', 'refused')),
            asked_by TEXT NOT NULL,
            asked_at BIGINT NOT NULL,
            decided_by TEXT CHECK (decided_by <> asked_by),
            decided_at BIGINT,
            CHECK ((state = 'waiting') = (decided_by IS NULL)))
        """,
        """
        CREATE TABLE offer_call (
            id TEXT PRIMARY KEY,
            case_id TEXT NOT NULL REFERENCES grievance_case (id),
            hold_id TEXT NOT NULL REFERENCES pool_hold (id),
            reason TEXT NOT NULL,
            due_at BIGINT NOT NULL,
            state TEXT NOT NULL CHECK (state IN ('open', 'done')),
            made_at BIGINT NOT NULL,
            UNIQUE (hold_id, reason))
        """,
        "CREATE INDEX offer_call_open ON offer_call (due_at) WHERE state = 'open'",
        """
        CREATE TABLE staff_relation (
            incident TEXT NOT NULL REFERENCES incident (id),
            person TEXT NOT NULL,
            staff TEXT NOT NULL,
            kind TEXT NOT NULL CHECK (kind IN ('self', 'relative')),
            declared_by TEXT NOT NULL,
            declared_at BIGINT NOT NULL,
            PRIMARY KEY (incident, person, staff))
        """,
        """
        CREATE TABLE entitlement (
            case_id TEXT PRIMARY KEY REFERENCES grievance_case (id),
            reason TEXT NOT NULL,
            proposed_by TEXT NOT NULL,
            approved_by TEXT NOT NULL CHECK (approved_by <> proposed_by),
            at BIGINT NOT NULL)
        """,
        """
        CREATE TABLE gateway_call (
            key TEXT PRIMARY KEY,
            case_id TEXT NOT NULL REFERENCES grievance_case (id),
            hold_id TEXT NOT NULL UNIQUE REFERENCES pool_hold (id),
            request TEXT NOT NULL,
            rung TEXT NOT NULL,
            reason TEXT NOT NULL,
            actor TEXT NOT NULL,
            state TEXT NOT NULL CHECK (state IN ('waiting', 'unknown', 'done', 'refused')),
            answer TEXT,
            tries BIGINT NOT NULL,
            made_at BIGINT NOT NULL,
            changed_at BIGINT NOT NULL)
        """,
        "CREATE INDEX gateway_call_open ON gateway_call (made_at) WHERE state IN ('waiting', 'unknown')",
    ]

    private static let capacityPaths: [SQL] = [
        "ALTER TABLE pool_hold ADD COLUMN pinned BOOLEAN NOT NULL DEFAULT FALSE",
        "ALTER TABLE offer ADD COLUMN delivered_at BIGINT",
        // With kind and seats in it the check folds a slot's journal without touching the entries themselves.
        "DROP INDEX pool_entry_by_slot",
        "CREATE INDEX pool_entry_by_slot ON pool_entry (slot_id, seq, kind, seats)",
        "CREATE INDEX offer_by_case ON offer (case_id, slot_id, state)",
        "CREATE INDEX pool_hold_by_expiry ON pool_hold (expires_at) WHERE state = 'live'",
        "CREATE INDEX kept_booking_by_until ON kept_booking (until) WHERE state = 'kept'",
        "CREATE INDEX kept_booking_by_case ON kept_booking (case_id)",
        "CREATE INDEX pool_slot_open ON pool_slot (incident, date) WHERE reserved > 0 OR held > 0",
    ]
}
