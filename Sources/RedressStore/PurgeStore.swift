/// Forgetting people whose cases ended long ago: what is personal goes, what was done stays and still proves itself.
public import RedressCore

/// Finds and forgets people.
public struct PurgeStore {
    let connection: any Connection

    /// Works inside the transaction of `connection`.
    public init(_ connection: any Connection) {
        self.connection = connection
    }

    /// How many days people are kept after their cases closed; nil when nothing is forgotten by itself.
    public func retentionDays() throws -> Int? {
        try connection.first("SELECT days FROM retention WHERE id = 1", []) { try $0[0] }
    }

    /// Writes how many days people are kept; nil forgets nobody by itself.
    public func setRetention(days: Int?, by actor: Actor) throws {
        guard let days else {
            try connection.run("DELETE FROM retention WHERE id = 1")
            return
        }
        try connection.run(
            """
            INSERT INTO retention (id, days, set_by, set_at) VALUES (1, $1, $2, $3)
            ON CONFLICT (id) DO UPDATE SET days = excluded.days, set_by = excluded.set_by,
                set_at = excluded.set_at
            """, [days.stored, actor.name.stored, connection.now.stored])
    }

    /// People of whom something is still kept and with whom nothing was to do since a time, in order: every case of
    /// theirs closed and last moved before it, or no case at all and an incident that ended before it.
    public func people(endedBefore instant: Instant) throws -> [PersonKey] {
        var found: Set<PersonKey> = []
        for kept in [Self.keptOfRegister, Self.keptOfRevocations] {
            try connection.each("\(kept) AND \(Self.isOver)", Self.times(instant)) {
                found.insert(PersonKey(incident: try $0[0], person: try $0[1]))
            }
        }
        return found.sorted()
    }

    /// Whether one person is still such a one, in the transaction that forgets them.
    public func isOver(_ who: PersonKey, before instant: Instant) throws -> Bool {
        for kept in [Self.keptOfRegister, Self.keptOfRevocations] {
            let count = try connection.count(
                "SELECT count(*) FROM (\(kept) AND \(Self.isOver) AND k.incident = $4 AND k.person = $5) AS one",
                Self.times(instant) + [who.incident.stored, who.person.stored])
            if count > 0 { return true }
        }
        return false
    }

    /// Forgets what was said in calls and messages before a time, where no case of theirs is open or moved since;
    /// also those of which nobody ever learned who called. Answers how many.
    public func forgetContacts(before instant: Instant) throws -> Int {
        try connection.run(
            """
            UPDATE contact SET note_sealed = NULL, number_sealed = NULL, number_index = NULL,
                promise_sealed = NULL
            WHERE at < $1 AND (note_sealed IS NOT NULL OR number_sealed IS NOT NULL
                    OR number_index IS NOT NULL OR promise_sealed IS NOT NULL)
                AND NOT EXISTS (SELECT 1 FROM grievance_case AS c WHERE c.id = contact.case_id
                    AND (c.state <> 'closed'
                        OR EXISTS (SELECT 1 FROM case_move AS m WHERE m.case_id = c.id AND m.at >= $2)))
                AND NOT EXISTS (SELECT 1 FROM grievance_case AS c
                    WHERE c.incident = contact.incident AND c.person = contact.person AND (c.state <> 'closed'
                        OR EXISTS (SELECT 1 FROM case_move AS m WHERE m.case_id = c.id AND m.at >= $3)))
            """, Self.times(instant))
    }

    /// Forgets the answers that were kept under request keys begun before a time.
    public func forgetAnswers(before instant: Instant) throws {
        try connection.run("DELETE FROM request_key WHERE started_at < $1", [instant.stored])
    }

    /// A row that stays, because statistics and audit count it, while the words in it are forgotten.
    public enum Words: CaseIterable {
        case notice
        case decision
        case approval
        case objection

        fileprivate var statements: (find: SQL, replace: SQL) {
            switch self {
            case .notice:
                (
                    "SELECT id FROM outbox WHERE \(PurgeStore.cases)",
                    "UPDATE outbox SET values_sealed = $1 WHERE id = $2"
                )
            case .decision:
                (
                    "SELECT id FROM decision WHERE \(PurgeStore.cases)",
                    "UPDATE decision SET sentence_sealed = $1 WHERE id = $2"
                )
            case .approval:
                (
                    "SELECT id FROM approval WHERE \(PurgeStore.cases)",
                    "UPDATE approval SET sentence_sealed = $1 WHERE id = $2"
                )
            case .objection:
                (
                    "SELECT id FROM objection WHERE \(PurgeStore.cases)",
                    "UPDATE objection SET ground_sealed = $1 WHERE id = $2"
                )
            }
        }
    }

    /// Forgets a person: every sealed value about them, their keys, their files; cases, moves and audit stay.
    ///
    /// - Parameter empty: what stands in a row afterwards, sealed for its place.
    public func forget(_ who: PersonKey, empty: (_ words: Words, _ id: String) throws -> [UInt8]) throws {
        let parameters = [who.incident.stored, who.person.stored]
        for statement in Self.statements { try connection.run(statement, parameters) }
        for words in Words.allCases {
            let ids: [String] = try connection.all(words.statements.find, parameters) { try $0[0] }
            for id in ids {
                try connection.run(words.statements.replace, [try empty(words, id).stored, id.stored])
            }
        }
    }

    private static func times(_ instant: Instant) -> [Value] {
        [instant.stored, instant.stored, instant.stored]
    }

    private static let keptOfRegister: SQL = """
        SELECT k.incident, k.person FROM person AS k
        WHERE (k.name_sealed IS NOT NULL OR k.phone_sealed IS NOT NULL OR k.birth_date_sealed IS NOT NULL)
        """

    private static let keptOfRevocations: SQL = """
        SELECT k.incident, k.person FROM revocation AS k
        WHERE (k.phone_sealed IS NOT NULL OR k.text_sealed IS NOT NULL)
        """

    private static let isOver: SQL = """
        NOT EXISTS (SELECT 1 FROM grievance_case AS c
            WHERE c.incident = k.incident AND c.person = k.person AND (c.state <> 'closed'
                OR EXISTS (SELECT 1 FROM case_move AS m WHERE m.case_id = c.id AND m.at >= $1)))
        AND NOT EXISTS (SELECT 1 FROM contact AS t
            WHERE t.incident = k.incident AND t.person = k.person AND t.at >= $2)
        AND (EXISTS (SELECT 1 FROM grievance_case AS c
                WHERE c.incident = k.incident AND c.person = k.person)
            OR EXISTS (SELECT 1 FROM incident AS i WHERE i.id = k.incident AND i.window_to < $3))
        """

    private static let cases: SQL =
        "case_id IN (SELECT id FROM grievance_case WHERE incident = $1 AND person = $2)"

    private static let statements: [SQL] = [
        """
        UPDATE person SET name_sealed = NULL, phone_sealed = NULL, phone_index = NULL, birth_date_sealed = NULL
        WHERE incident = $1 AND person = $2
        """,
        """
        UPDATE revocation SET phone_sealed = NULL, phone_index = NULL, text_sealed = NULL
        WHERE incident = $1 AND person = $2
        """,
        "DELETE FROM person_key WHERE incident = $1 AND person = $2",
        "DELETE FROM representative WHERE incident = $1 AND person = $2",
        "DELETE FROM attachment WHERE \(cases)",
        "DELETE FROM note WHERE \(cases)",
        """
        UPDATE contact SET note_sealed = NULL, number_sealed = NULL, number_index = NULL, promise_sealed = NULL
        WHERE \(cases) OR (incident = $1 AND person = $2)
        """,
    ]
}
