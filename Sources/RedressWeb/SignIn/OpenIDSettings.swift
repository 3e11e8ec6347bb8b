/// What is set of signing in with the organisation's own account (OpenID Connect).
public import RedressCore

/// The provider and what is believed of it.
public struct OpenIDSettings: Sendable {
    /// The provider's address, as its tokens name it.
    public let issuer: String
    /// What the provider calls us.
    public let clientID: String
    /// What we prove ourselves to the provider with; nil for a public client, which PKCE alone protects.
    public let clientSecret: String?
    /// Our own address as the staff's browsers know it, without a slash at the end.
    public let address: String
    /// The claim that holds the name somebody acts under. The organisation must choose it, not the person.
    public let nameClaim: String
    /// The claim that says what somebody is, and the role of each of its values; the first that fits counts. Empty
    /// when roles are given here.
    public let roles: [(value: String, role: Role)]
    /// The claim that the values are looked for in.
    public let roleClaim: String
    /// Whether somebody who comes for the first time with a role is added to the staff.
    public let addsStaff: Bool
    /// How long each answer of the provider is waited for.
    public var timeout = Duration.seconds(10)

    /// Checks settings.
    ///
    /// - Parameter roles: each `VALUE=ROLE`.
    /// - Throws: `.usage` that says what is wrong.
    public init(
        issuer: String, clientID: String, clientSecret: String? = nil, address: String,
        nameClaim: String = "preferred_username", roleClaim: String = "roles", roles: [String] = [],
        addsStaff: Bool = false
    ) throws {
        for (what, url) in [("The identity provider's address", issuer), ("Our own address", address)] {
            guard Self.isSafe(url), !url.hasSuffix("/") || what.hasPrefix("The") else {
                throw RedressError(
                    .usage, "\(what) must be https://… (http only on loopback), not “\(url)”.")
            }
        }
        guard !clientID.isEmpty else { throw RedressError(.usage, "The client id is empty.") }
        self.roles = try roles.map { text in
            let parts = text.split(separator: "=", omittingEmptySubsequences: false).map(String.init)
            guard parts.count == 2, !parts[0].isEmpty, let role = Role(rawValue: parts[1]),
                Role.ofStaff.contains(role)
            else { throw RedressError(.usage, "A role is given as VALUE=ROLE, as in callcentre=agent.") }
            return (parts[0], role)
        }
        guard !addsStaff || !roles.isEmpty else {
            throw RedressError(.usage, "Staff can be added only where the provider's values say their role.")
        }
        self.issuer = issuer
        self.clientID = clientID
        self.clientSecret = clientSecret
        self.address = address
        self.nameClaim = nameClaim
        self.roleClaim = roleClaim
        self.addsStaff = addsStaff
    }

    /// Where the provider sends people back to.
    public var redirect: String { address + "/staff/sign-in/organisation/back" }

    /// Whether what goes to an address is read by nobody on the way.
    static func isSafe(_ url: String) -> Bool {
        if url.hasPrefix("https://") { return url.count > 8 }
        let loopback = ["http://127.0.0.1", "http://localhost", "http://[::1]"]
        return loopback.contains { url == $0 || url.hasPrefix($0 + ":") || url.hasPrefix($0 + "/") }
    }
}
