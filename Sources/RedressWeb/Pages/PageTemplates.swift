/// The templates, the style sheet and the script, compiled into the program.
import Crypto
import HTTPTypes
import Hummingbird
import Mustache
import NIOCore
import RedressCore

/// A file that pages load, at an address that names its content, so that it is kept for good.
struct PageAsset: Sendable {
    let path: String
    let type: String
    let bytes: [UInt8]

    init(_ name: String, type: String, _ bytes: [UInt8]) {
        let digest = SHA256.hash(data: bytes).prefix(6)
            .map { String($0 >> 4, radix: 16) + String($0 & 15, radix: 16) }.joined()
        let parts = name.split(separator: ".")
        path = "/assets/\(parts[0])-\(digest).\(parts[1])"
        self.type = type
        self.bytes = bytes
    }

    func add(to router: some RouterMethods<WebContext>) {
        router.get(RouterPath(String(path.dropFirst()))) { _, _ in
            Response(
                status: .ok,
                headers: [
                    .contentType: type, .cacheControl: "public, max-age=31536000, immutable",
                    .xContentTypeOptions: "nosniff",
                ], body: ResponseBody(byteBuffer: ByteBuffer(bytes: bytes)))
        }
    }
}

/// The look of the pages.
struct PageTemplates: Sendable {
    /// Whether staff can sign in with the organisation's own account.
    var hasOrganisation = false

    static let style = PageAsset("site.css", type: "text/css; charset=utf-8", PackageResources.site_css)
    static let script = PageAsset(
        "site.js", type: "text/javascript; charset=utf-8", PackageResources.site_js)

    static let citizenStyle = PageAsset(
        "citizen.css", type: "text/css; charset=utf-8", PackageResources.citizen_css)
    static let citizenScript = PageAsset(
        "citizen.js", type: "text/javascript; charset=utf-8", PackageResources.citizen_js)

    /// The citizens' templates by their names.
    static let citizenSources: [String: [UInt8]] = [
        "citizen-layout": PackageResources.citizen_layout_mustache,
        "citizen-start": PackageResources.citizen_start_mustache,
        "citizen-phone": PackageResources.citizen_phone_mustache,
        "citizen-code": PackageResources.citizen_code_mustache,
        "citizen-birth": PackageResources.citizen_birth_mustache,
        "citizen-number": PackageResources.citizen_number_mustache,
        "citizen-bookings": PackageResources.citizen_bookings_mustache,
        "citizen-wish": PackageResources.citizen_wish_mustache,
        "citizen-unlisted": PackageResources.citizen_unlisted_mustache,
        "citizen-done": PackageResources.citizen_done_mustache,
        "citizen-cases": PackageResources.citizen_cases_mustache,
        "citizen-case": PackageResources.citizen_case_mustache,
        "citizen-act": PackageResources.citizen_act_mustache,
        "citizen-files": PackageResources.citizen_files_mustache,
        "citizen-looks": PackageResources.citizen_looks_mustache,
        "citizen-confirmation": PackageResources.citizen_confirmation_mustache,
        "citizen-check": PackageResources.citizen_check_mustache,
        "citizen-problem": PackageResources.citizen_problem_mustache,
        "citizen-steps": PackageResources.citizen_steps_mustache,
    ]

    /// Every template by its name.
    static let sources: [String: [UInt8]] = [
        "layout": PackageResources.layout_mustache, "sign-in": PackageResources.sign_in_mustache,
        "search-box": PackageResources.search_box_mustache, "home": PackageResources.home_mustache,
        "cases": PackageResources.cases_mustache, "badge": PackageResources.badge_mustache,
        "found": PackageResources.found_mustache, "case": PackageResources.case_mustache,
        "action": PackageResources.action_mustache, "evidence": PackageResources.evidence_mustache,
        "pool": PackageResources.pool_mustache, "plan": PackageResources.plan_mustache,
        "incidents": PackageResources.incidents_mustache, "incident": PackageResources.incident_mustache,
        "statistics": PackageResources.statistics_mustache, "audit": PackageResources.audit_mustache,
        "confirm": PackageResources.confirm_mustache,
        "contact": PackageResources.contact_mustache,
        "calls": PackageResources.calls_mustache,
        "call": PackageResources.call_mustache,
        "person": PackageResources.person_mustache,
        "notices": PackageResources.notices_mustache,
        "bulk": PackageResources.bulk_mustache,
        "outbox": PackageResources.outbox_mustache,
        "people": PackageResources.people_mustache,
        "answers": PackageResources.answers_mustache,
        "slot": PackageResources.slot_mustache,
        "reserve": PackageResources.reserve_mustache,
        "treatment": PackageResources.treatment_mustache,
        "keys": PackageResources.keys_mustache,
        "problem": PackageResources.problem_mustache, "csrf": PackageResources.csrf_mustache,
        "carried": PackageResources.carried_mustache, "prove": PackageResources.prove_mustache,
        "resume": PackageResources.resume_mustache, "invitation": PackageResources.invitation_mustache,
        "enrolled": PackageResources.enrolled_mustache, "qr": PackageResources.qr_mustache,
        "codes": PackageResources.codes_mustache, "account": PackageResources.account_mustache,
        "recovery-codes": PackageResources.recovery_codes_mustache,
        "authenticator": PackageResources.authenticator_mustache, "hop": PackageResources.hop_mustache,
        "organisation": PackageResources.organisation_mustache,
    ].merging(citizenSources) { first, _ in first }

    /// Read once; what cannot be read is a fault of the program, told by whoever asks for a page.
    private static let library: Result<MustacheLibrary, any Error> = Result {
        MustacheContentTypes.register(PageText(), named: "PAGE")
        var library = MustacheLibrary()
        for (name, bytes) in sources {
            // What stands in a file of its own ends in a newline that a partial inside a line must not have.
            let text = String(decoding: bytes, as: UTF8.self).trimmingWhitespace
            try library.register("{{% CONTENT_TYPE: PAGE }}" + text, named: name)
        }
        return library
    }

    /// Reads every template, so that the first caller of the day need not wait for it.
    ///
    /// - Throws: when one cannot be read.
    static func prepare() throws { _ = try library.get() }

    func render(_ model: Any, with name: String) throws -> String {
        guard let text = try Self.library.get().render(Reflected(model), withTemplate: name) else {
            throw RedressError(.fault, "There is no template \(name).")
        }
        return text
    }
}

/// What stands between tags and in quoted attributes, so that nothing of it is taken for markup (HTML standard, 13.1.2 and
/// 13.1.4); as the library's own does it, but most texts have nothing to escape and are not gone through by character.
struct PageText: MustacheContentType {
    func escapeText(_ text: String) -> String {
        guard text.utf8.contains(where: { Self.escaped($0) != nil }) else { return text }
        var out: [UInt8] = []
        out.reserveCapacity(text.utf8.count + 16)
        for byte in text.utf8 {
            if let escaped = Self.escaped(byte) { out += escaped.utf8 } else { out.append(byte) }
        }
        return String(decoding: out, as: UTF8.self)
    }

    private static func escaped(_ byte: UInt8) -> String? {
        switch byte {
        case UInt8(ascii: "<"): "&lt;"
        case UInt8(ascii: ">"): "&gt;"
        case UInt8(ascii: "&"): "&amp;"
        case UInt8(ascii: "\""): "&quot;"
        case UInt8(ascii: "'"): "&#39;"
        default: nil
        }
    }
}
