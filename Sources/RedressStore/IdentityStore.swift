/// Who members of the staff are to an identity provider: its subject, which it never gives to anybody else.
import RedressCore

/// Reads and writes identities.
public struct IdentityStore {
    let connection: any Connection

    /// Works inside the transaction of `connection`.
    public init(_ connection: any Connection) {
        self.connection = connection
    }

    /// The member of the staff that a provider's subject is.
    public func staff(issuer: String, subject: String) throws -> String? {
        try connection.first(
            "SELECT staff FROM staff_identity WHERE issuer = $1 AND subject = $2",
            [issuer.stored, subject.stored]
        ) { try $0[0] }
    }

    /// Writes who a subject is; false when the member of the staff is somebody else to this provider.
    public func link(issuer: String, subject: String, to staff: String) throws -> Bool {
        try connection.run(
            """
            INSERT INTO staff_identity (issuer, subject, staff, linked_at) VALUES ($1, $2, $3, $4)
            ON CONFLICT DO NOTHING
            """, [issuer.stored, subject.stored, staff.stored, connection.now.stored]) == 1
    }
}
