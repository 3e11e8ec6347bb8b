/// Every setting of redress in one table; `docs/configuration.md`, the environment and the file are all read by it.
import Foundation
import Logging
import RedressCore
import RedressWeb

/// One setting.
struct Setting: Sendable {
    /// What a value may be.
    enum Kind: Sendable {
        case text
        case path
        case url
        /// `yes` or `no`.
        case flag
        case integer(ClosedRange<Int>)
        case number(ClosedRange<Double>)
        case choice([String])
        /// Addresses and networks with commas between.
        case networks
    }

    /// Its name in the file and after `--set`, words of a path with points between.
    let key: String
    let kind: Kind
    /// What counts when it is set nowhere; empty for nothing.
    let standard: String
    let help: String
    /// Never printed.
    var isSecret = false
    /// The option of its own that some commands have.
    var optionName: String?

    /// The environment variable.
    var variable: String { "REDRESS_" + key.uppercased().replacing(".", with: "_") }

    init(_ key: String, _ kind: Kind, _ standard: String = "", _ help: String) {
        self.key = key
        self.kind = kind
        self.standard = standard
        self.help = help
    }

    private func with(_ change: (inout Setting) -> Void) -> Setting {
        var setting = self
        change(&setting)
        return setting
    }

    /// The same, never printed.
    var secret: Setting { with { $0.isSecret = true } }

    /// The same, with an option of its own.
    func option(_ name: String) -> Setting { with { $0.optionName = name } }

    /// The form of a value in words.
    var form: String {
        switch kind {
        case .text: "text"
        case .path: "a path"
        case .url: "an address"
        case .flag: "yes or no"
        case .integer(let range): "a whole number from \(range.lowerBound) to \(range.upperBound)"
        case .number(let range):
            "a number from \(Self.plain(range.lowerBound)) to \(Self.plain(range.upperBound))"
        case .choice(let words): words.joined(separator: ", ")
        case .networks: "addresses or networks, as in 127.0.0.1, 10.0.0.0/8"
        }
    }

    private static func plain(_ number: Double) -> String {
        number == number.rounded() ? String(Int(number)) : String(number)
    }

    /// Whether a value has the form.
    func takes(_ value: String) -> Bool {
        switch kind {
        case .text, .path, .url: !value.isEmpty
        case .flag: ["yes", "no"].contains(value)
        case .integer(let range): Int(value).map(range.contains) ?? false
        case .number(let range): Double(value).map(range.contains) ?? false
        case .choice(let words): words.contains(value)
        case .networks: (try? TrustedProxies(value)) != nil
        }
    }
}

extension Setting {
    private static let seconds = Kind.number(0.1...3600)
    private static let rate = Kind.number(0...1_000_000)

    static let dataDir = Setting(
        "data.dir", .path, "", "The installation's folder; else `redress` in the user's data home."
    )
    .option("--data-dir")
    static let databaseURL = Setting(
        "database.url", .url, "", "A PostgreSQL database instead of files in the folder."
    ).secret
        .option("--database-url")
    static let replicaURL = Setting(
        "replica.url", .url, "", "Copies of that database that only read, for lookups and statistics."
    ).secret
    static let keys = Setting("keys", .path, "", "The key ring's file; else `keys.json` in the folder.")
    static let keyRing = Setting("key.ring", .text, "", "The key ring itself, instead of a file.").secret
    static let anchorKey = Setting(
        "anchor.key", .path, "",
        "The key that signs the head of the audit trail; else `anchor.key` in the folder.")
    static let anchors = Setting(
        "anchors", .path, "",
        "The file of signed heads, best on another disk or host; else `anchors.jsonl` in the folder.")
    static let token = Setting("token", .text, "", "The token of the member of the staff named by `--as`.")
        .secret

    static let bookingURL = Setting(
        "booking.url", .url, "",
        "Another booking system that keeps the register; `https://` except on loopback.")
    static let bookingSecretFile = Setting(
        "booking.secret_file", .path, "", "The file with the secret shared with it, 32 bytes or more.")
    static let bookingAtomic = Setting(
        "booking.atomic", .flag, "yes", "Whether it can change two bookings at once.")

    static let noticeURL = Setting(
        "notice.url", .url, "", "The gateway that notices leave by; without it they are lines of a file.")
    static let noticeSecretFile = Setting(
        "notice.secret_file", .path, "", "The file with the secret shared with it, 32 bytes or more.")
    static let noticeSender = Setting("notice.sender", .text, "질병관리청", "Who is named in every text.")
    static let noticeContact = Setting("notice.contact", .text, "1339", "The number people can call.")
    static let noticeQuiet = Setting(
        "notice.quiet", .text, "21:00-08:00",
        "When only codes and notices about a seat within a day leave; `none` is never.")

    static let host = Setting(
        "http.host", .text, "127.0.0.1",
        "The address to listen on; another than loopback needs a certificate or proxies.")
    static let port = Setting(
        "http.port", .integer(0...65_535), "8080", "The port; 0 lets the system choose."
    )
    .option("--port")
    static let certificate = Setting(
        "http.certificate", .path, "",
        "The certificate chain (PEM); read again when it changes and on SIGHUP.")
    static let certificateKey = Setting("http.certificate_key", .path, "", "The certificate's key (PEM).")
    static let proxies = Setting(
        "http.proxies", .networks, "", "Proxies in front whose `Forwarded` or `X-Forwarded-For` is believed.")
    static let metricsReaders = Setting(
        "http.metrics_readers", .networks, "", "Who may read `/metrics` beside this machine.")
    static let connections = Setting(
        "http.connections", .integer(8...1_000_000), "4096",
        "Open connections; one more closes the one that waits longest.")
    static let headSeconds = Setting(
        "http.head_seconds", seconds, "10", "For a request's headers to come whole.")
    static let bodySeconds = Setting(
        "http.body_seconds", seconds, "10",
        "For a body to come, or for a client to take nothing of its answer; 64 KiB give a second more.")
    static let idleSeconds = Setting(
        "http.idle_seconds", seconds, "10", "For a connection without a request.")
    static let answerSeconds = Setting("http.answer_seconds", seconds, "120", "For an answer to begin.")
    static let drainSeconds = Setting(
        "http.drain_seconds", .integer(1...3600), "10", "For requests under way when told to stop.")
    static let addressRate = Setting(
        "http.address_rate", rate, "300", "Requests a second of one address; 0 is no limit.")
    static let addressBurst = Setting(
        "http.address_burst", rate, "3000", "How many of them may come at once.")
    static let sessionRate = Setting(
        "http.session_rate", rate, "50", "Requests a second of one session or token; 0 is no limit.")
    static let sessionBurst = Setting("http.session_burst", rate, "500", "How many of them may come at once.")

    static let openIDIssuer = Setting(
        "oidc.issuer", .url, "", "Staff may sign in by OpenID Connect with this provider (https://…)."
    ).option("--oidc-issuer")
    static let openIDClient = Setting("oidc.client_id", .text, "", "What the provider calls us.")
        .option("--oidc-client-id")
    static let openIDSecret = Setting(
        "oidc.secret", .text, "", "The client secret; without one, PKCE alone."
    ).secret
    static let openIDSecretFile = Setting(
        "oidc.secret_file", .path, "", "The file with the client secret; it counts before the secret itself."
    ).option("--oidc-secret-file")
    static let openIDAddress = Setting(
        "oidc.address", .url, "",
        "Our own address as browsers know it, as in https://desk.example.go.kr."
    ).option("--oidc-address")
    static let openIDNameClaim = Setting(
        "oidc.name_claim", .text, "preferred_username",
        "The claim with the staff name; the organisation must choose it, not the person."
    ).option("--oidc-name-claim")
    static let openIDRoleClaim = Setting(
        "oidc.role_claim", .text, "roles", "The claim that says what somebody is."
    ).option("--oidc-role-claim")
    static let openIDRoles = Setting(
        "oidc.roles", .text, "",
        "VALUE=ROLE of that claim, with commas between, the first that fits counts. Without any, roles are given here."
    ).option("--oidc-role")
    static let openIDAddsStaff = Setting(
        "oidc.adds_staff", .flag, "no",
        "Whether whoever comes for the first time with a role is added to the staff."
    ).option("--oidc-adds-staff")

    static let logLevel = Setting(
        "log.level", .choice(Logger.Level.allCases.map(\.rawValue)), "info",
        "What `serve` logs: requests that failed are `info`, all of them `debug`.")
    static let logFormat = Setting(
        "log.format", .choice(["json", "text"]), "json", "One JSON object a line, or text.")

    /// Every setting, by subject.
    static let all: [(title: String, settings: [Setting])] = [
        ("The installation", [dataDir, databaseURL, replicaURL, keys, keyRing, anchorKey, anchors, token]),
        ("Another booking system", [bookingURL, bookingSecretFile, bookingAtomic]),
        ("Notices", [noticeURL, noticeSecretFile, noticeSender, noticeContact, noticeQuiet]),
        (
            "The HTTP service",
            [
                host, port, certificate, certificateKey, proxies, metricsReaders, connections, headSeconds,
                bodySeconds, idleSeconds, answerSeconds, drainSeconds, addressRate, addressBurst, sessionRate,
                sessionBurst,
            ]
        ),
        (
            "Sign-in with the organisation's account",
            [
                openIDIssuer, openIDClient, openIDSecret, openIDSecretFile, openIDAddress, openIDNameClaim,
                openIDRoleClaim, openIDRoles, openIDAddsStaff,
            ]
        ),
        ("The log", [logLevel, logFormat]),
    ]

    /// Every setting by its key.
    static let byKey = Dictionary(
        uniqueKeysWithValues: all.flatMap(\.settings).map { ($0.key, $0) })
}
