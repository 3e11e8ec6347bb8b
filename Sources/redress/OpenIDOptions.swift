/// The options of `serve` that name the organisation's identity provider; each is a setting too.
import ArgumentParser
import RedressCore

struct OpenIDOptions: ParsableArguments {
    @Option(
        name: .customLong("oidc-issuer"),
        help: "Staff may sign in by OpenID Connect with this provider (https://…).")
    var issuer: String?
    @Option(name: .customLong("oidc-client-id"), help: "What the provider calls us.")
    var clientID: String?
    @Option(
        name: .customLong("oidc-secret-file"),
        help: "A file with the client secret (or REDRESS_OIDC_SECRET; without one, PKCE alone).")
    var secretFile: String?
    @Option(
        name: .customLong("oidc-address"),
        help: "Our own address as browsers know it, as in https://desk.example.go.kr.")
    var address: String?
    @Option(
        name: .customLong("oidc-name-claim"),
        help:
            "The claim with the staff name (default: preferred_username); the organisation must choose it, not the person."
    )
    var nameClaim: String?
    @Option(
        name: .customLong("oidc-role-claim"),
        help: "The claim that says what somebody is (default: roles).")
    var roleClaim: String?
    @Option(
        name: .customLong("oidc-role"),
        help:
            "VALUE=ROLE of that claim (repeat; the first that fits counts). Without any, roles are given here."
    )
    var roles: [String] = []
    @Flag(
        name: .customLong("oidc-adds-staff"),
        help: "Add whoever comes for the first time with a role to the staff.")
    var addsStaff = false

    /// What was given, by setting.
    var values: [String: String?] {
        [
            Setting.openIDIssuer.key: issuer, Setting.openIDClient.key: clientID,
            Setting.openIDSecretFile.key: secretFile, Setting.openIDAddress.key: address,
            Setting.openIDNameClaim.key: nameClaim, Setting.openIDRoleClaim.key: roleClaim,
            Setting.openIDRoles.key: roles.isEmpty ? nil : roles.joined(separator: ", "),
            Setting.openIDAddsStaff.key: addsStaff ? "yes" : nil,
        ]
    }
}
