/// Where `serve` is told of the organisation's identity provider.
import ArgumentParser
import Foundation
import RedressCore
import RedressWeb

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
        help: "The claim with the staff name; the organisation must choose it, not the person.")
    var nameClaim = "preferred_username"
    @Option(name: .customLong("oidc-role-claim"), help: "The claim that says what somebody is.")
    var roleClaim = "roles"
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

    /// The settings; nil when no provider is named.
    func settings() throws -> OpenIDSettings? {
        guard let issuer else {
            guard clientID == nil, address == nil else {
                throw RedressError(.usage, "--oidc-client-id and --oidc-address need --oidc-issuer.")
            }
            return nil
        }
        guard let clientID, let address else {
            throw RedressError(.usage, "--oidc-issuer needs --oidc-client-id and --oidc-address.")
        }
        return try OpenIDSettings(
            issuer: issuer, clientID: clientID, clientSecret: try secret(), address: address,
            nameClaim: nameClaim, roleClaim: roleClaim, roles: roles, addsStaff: addsStaff)
    }

    private func secret() throws -> String? {
        guard let secretFile else {
            return ProcessInfo.processInfo.environment["REDRESS_OIDC_SECRET"].flatMap {
                $0.isEmpty ? nil : $0
            }
        }
        guard let bytes = FileManager.default.contents(atPath: secretFile) else {
            throw RedressError(.usage, "The client secret's file \(secretFile) cannot be read.")
        }
        let text = String(decoding: bytes, as: UTF8.self).trimmingCharacters(in: .whitespacesAndNewlines)
        return text.isEmpty ? nil : text
    }
}
