/// Forgetting people whose cases ended long ago: what is personal goes, what was done stays and still proves itself.
public import RedressCore

/// Finds and forgets people.
public struct PurgeStore {
    let connection: any Connection

    /// Works inside the transaction of `connection`.
    public init(_ connection: any Connection) {
        self.connection = connection
    }

    /// People with a name or number still kept, all of whose cases ended and last moved before a time.
    public func people(endedBefore instant: Instant, limit: Int) throws -> [PersonKey] {
        try connection.all(
            """
            SELECT p.incident, p.person FROM person AS p
            WHERE (p.name_sealed IS NOT NULL OR p.phone_sealed IS NOT NULL OR p.birth_date_sealed IS NOT NULL)
                AND EXISTS (SELECT 1 FROM grievance_case AS c
                    WHERE c.incident = p.incident AND c.person = p.person)
                AND NOT EXISTS (SELECT 1 FROM grievance_case AS c
                    WHERE c.incident = p.incident AND c.person = p.person AND (c.state <> 'closed'
                        OR EXISTS (SELECT 1 FROM case_move AS m WHERE m.case_id = c.id AND m.at >= $1)))
            ORDER BY p.incident, p.person LIMIT $2
            """, [instant.stored, limit.stored]
        ) { PersonKey(incident: try $0[0], person: try $0[1]) }
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
