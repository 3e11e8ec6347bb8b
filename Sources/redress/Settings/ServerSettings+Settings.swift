/// The server as it is set.
import Foundation
import Glibc
import Logging
import RedressCore
import RedressWeb

extension ServerSettings {
    /// Reads what is set of the HTTP service.
    init(_ settings: Settings) throws {
        self.init()
        host = settings.text(.host) ?? host
        port = settings.integer(.port)
        proxies = try settings.text(.proxies).map { try TrustedProxies($0) } ?? TrustedProxies.none
        monitoring.readers =
            try settings.text(.metricsReaders).map { try TrustedProxies($0) } ?? TrustedProxies.none
        switch (settings.text(.certificate), settings.text(.certificateKey)) {
        case (let chain?, let key?): certificates = try Certificates(chain: chain, key: key)
        case (nil, nil): break
        default:
            throw RedressError(.usage, "http.certificate and http.certificate_key go together: set both.")
        }
        openID = try Self.openID(settings)
        limits.connections = settings.integer(.connections)
        limits.headMilliseconds = Int64(settings.number(.headSeconds) * 1000)
        limits.bodyMilliseconds = Int64(settings.number(.bodySeconds) * 1000)
        limits.idleMilliseconds = Int64(settings.number(.idleSeconds) * 1000)
        limits.answerMilliseconds = Int64(settings.number(.answerSeconds) * 1000)
        limits.drainSeconds = Int64(settings.integer(.drainSeconds))
        limits.addressRate = .init(
            perSecond: settings.number(.addressRate), burst: settings.number(.addressBurst))
        limits.sessionRate = .init(
            perSecond: settings.number(.sessionRate), burst: settings.number(.sessionBurst))
    }

    /// The organisation's identity provider; nil when none is named.
    private static func openID(_ settings: Settings) throws -> OpenIDSettings? {
        guard let issuer = settings.text(.openIDIssuer) else {
            guard settings.text(.openIDClient) == nil, settings.text(.openIDAddress) == nil else {
                throw RedressError(.usage, "oidc.client_id and oidc.address need oidc.issuer.")
            }
            return nil
        }
        guard let clientID = settings.text(.openIDClient), let address = settings.text(.openIDAddress) else {
            throw RedressError(.usage, "oidc.issuer needs oidc.client_id and oidc.address.")
        }
        let roles = (settings.text(.openIDRoles) ?? "").split(separator: ",").map {
            $0.trimmingCharacters(in: .whitespaces)
        }
        // An empty file stands for none: a public client, with PKCE alone.
        let secret = try settings.text(.openIDSecretFile).flatMap {
            let text = try readText($0).trimmingCharacters(in: .whitespacesAndNewlines)
            return text.isEmpty ? nil : text
        }
        return try OpenIDSettings(
            issuer: issuer, clientID: clientID, clientSecret: secret ?? settings.text(.openIDSecret),
            address: address, nameClaim: settings.text(.openIDNameClaim) ?? "",
            roleClaim: settings.text(.openIDRoleClaim) ?? "", roles: roles,
            addsStaff: settings.text(.openIDAddsStaff) == "yes")
    }
}

extension Settings {
    /// How `serve` logs.
    func logger(_ label: String) -> Logger {
        let level = text(.logLevel).flatMap { Logger.Level(rawValue: $0) } ?? .info
        guard text(.logFormat) == "json" else {
            var logger = Logger(label: label) { StreamLogHandler.standardError(label: $0) }
            logger.logLevel = level
            return logger
        }
        return Logger(label: label) { JSONLog.standardError($0, level: level) }
    }
}

/// Lets the process open as many files as the system allows it: every connection is one.
func raiseFileLimit() {
    var limit = rlimit()
    guard unsafe getrlimit(__rlimit_resource_t(RLIMIT_NOFILE.rawValue), &limit) == 0,
        limit.rlim_cur < limit.rlim_max
    else { return }
    limit.rlim_cur = min(limit.rlim_max, 1 << 20)
    _ = unsafe setrlimit(__rlimit_resource_t(RLIMIT_NOFILE.rawValue), &limit)
}
