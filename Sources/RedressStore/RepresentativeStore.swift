/// People who speak for others: relation, scope, proof, expiry, and whom the notices go to.
public import RedressCore

extension RepresentativeScope: Storable {}
extension MandateProof: Storable {}
extension Addressee: Storable {}

/// One mandate as stored.
public struct RepresentativeRow: Sendable {
    /// Made by the application.
    public var id: String
    /// The person represented.
    public var who: PersonKey
    /// The representative's name, sealed.
    public var nameSealed: [UInt8]
    /// Their number, sealed.
    public var phoneSealed: [UInt8]
    /// Their number's keyed hash.
    public var phoneIndex: [UInt8]
    /// What they are to the person, a word.
    public var relation: String
    /// What they may do.
    public var scope: RepresentativeScope
    /// How the mandate was proven.
    public var proof: MandateProof
    /// Whom notices go to.
    public var noticesTo: Addressee
    /// Until when it holds.
    public var expiresAt: Instant

    /// Makes a mandate.
    public init(
        id: String, who: PersonKey, nameSealed: [UInt8], phoneSealed: [UInt8], phoneIndex: [UInt8],
        relation: String, scope: RepresentativeScope, proof: MandateProof, noticesTo: Addressee,
        expiresAt: Instant
    ) {
        self.id = id
        self.who = who
        self.nameSealed = nameSealed
        self.phoneSealed = phoneSealed
        self.phoneIndex = phoneIndex
        self.relation = relation
        self.scope = scope
        self.proof = proof
        self.noticesTo = noticesTo
        self.expiresAt = expiresAt
    }
}

/// Reads and writes mandates.
public struct RepresentativeStore {
    let connection: any Connection

    /// Works inside the transaction of `connection`.
    public init(_ connection: any Connection) {
        self.connection = connection
    }

    /// Records a mandate.
    public func insert(_ row: RepresentativeRow, by actor: Actor) throws {
        try connection.run(
            """
            INSERT INTO representative (id, incident, person, name_sealed, phone_sealed, phone_index,
                relation, scope, proof, notices_to, expires_at, actor, at)
            VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13)
            """,
            [
                row.id.stored, row.who.incident.stored, row.who.person.stored, row.nameSealed.stored,
                row.phoneSealed.stored, row.phoneIndex.stored, row.relation.stored, row.scope.stored,
                row.proof.stored, row.noticesTo.stored, row.expiresAt.stored, actor.name.stored,
                connection.now.stored,
            ])
    }

    /// The live mandates of a person, the newest first.
    public func live(of who: PersonKey) throws -> [RepresentativeRow] {
        try connection.all(
            """
            SELECT id, incident, person, name_sealed, phone_sealed, phone_index, relation, scope, proof,
                notices_to, expires_at
            FROM representative WHERE incident = $1 AND person = $2 AND expires_at > $3
            ORDER BY at DESC, id DESC
            """, [who.incident.stored, who.person.stored, connection.now.stored]
        ) {
            RepresentativeRow(
                id: try $0[0], who: PersonKey(incident: try $0[1], person: try $0[2]),
                nameSealed: try $0[3], phoneSealed: try $0[4], phoneIndex: try $0[5], relation: try $0[6],
                scope: try $0[7], proof: try $0[8], noticesTo: try $0[9], expiresAt: try $0[10])
        }
    }

    /// Ends a mandate now; false when it had ended.
    public func end(_ id: String) throws -> Bool {
        try connection.run(
            "UPDATE representative SET expires_at = $1 WHERE id = $2 AND expires_at > $3",
            [connection.now.stored, id.stored, connection.now.stored]) == 1
    }
}
