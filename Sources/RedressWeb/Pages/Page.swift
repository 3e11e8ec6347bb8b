/// A page of HTML: the shell around it, and the headers that keep it safe.
import HTTPTypes
import Hummingbird
import NIOCore
import RedressCore
import RedressEvidence

/// What stands around the content of every page.
struct PageShell {
    struct Link {
        var href: String
        var text: String
        var isHere: Bool
    }

    struct Nav {
        var links: [Link]
    }

    struct User {
        var name: String
        var role: String
    }

    struct Fault {
        var text: String
        var language: String
        var detail: String?

        init(_ said: ErrorWords.Said) {
            text = said.text
            language = said.language.rawValue
            detail = said.detail
        }
    }

    var language: String
    var title: String
    var style = PageTemplates.style.path
    var script = PageTemplates.script.path
    var home: String
    var csrf: String
    var nav: Nav?
    var user: User?
    var otherLanguage: String
    var otherLanguageName: String
    var error: Fault?
    var done: String?
}

/// A short word with a shape and a colour, so that none of them stands alone.
struct Badge {
    var kind: String
    var text: String
}

/// What a template renders.
private struct PageModel<Content> {
    var shell: PageShell
    var w: [String: String]
    var page: Content
}

/// Renders pages for one request.
struct PageWriter {
    let templates: PageTemplates
    let language: Language
    var actor: Actor?
    let path: String
    /// What the forms of the page carry besides the cookie; empty where nobody is signed in.
    var csrf = ""
    var error: String?
    var done: String?

    func text(_ key: String) -> String { Words.text(key, language) }

    /// The words with their gaps filled.
    func text(_ key: String, _ values: [String: String]) -> String {
        values.reduce(text(key)) { $0.replacing("{\($1.key)}", with: $1.value) }
    }

    /// Whether the reader's role may do it.
    func may(_ permission: Permission) -> Bool {
        actor?.role.permissions.contains(permission) == true
    }

    func badge(_ group: String, _ value: String) -> Badge {
        Badge(kind: Badge.kinds["\(group).\(value)"] ?? "wait", text: text("\(group).\(value)"))
    }

    /// A page with its shell.
    func page(
        _ template: String, title: String, _ content: some Any, status: HTTPResponse.Status = .ok
    ) throws -> Response {
        let other: Language = language == .ko ? .en : .ko
        let shell = PageShell(
            language: language.rawValue, title: title, home: actor == nil ? "/" : "/staff", csrf: csrf,
            nav: actor.map { PageShell.Nav(links: StaffNavigation.links(for: $0.role, path, language)) },
            user: actor.map { PageShell.User(name: $0.name, role: text("role.\($0.role.rawValue)")) },
            otherLanguage: other.rawValue, otherLanguageName: other == .ko ? "한국어" : "English",
            error: error.map { PageShell.Fault(ErrorWords.said($0, language)) }, done: done)
        let model = PageModel(shell: shell, w: Words.inLanguage[language] ?? [:], page: content)
        return Self.response(try templates.render(model, with: template), status: status)
    }

    /// HTML that nothing foreign can reach into: no inline script or style, no frames, no referrer.
    static func response(_ html: String, status: HTTPResponse.Status = .ok, style: String = "'self'")
        -> Response
    {
        var headers: HTTPFields = [
            .contentType: "text/html; charset=utf-8", .cacheControl: "no-store",
            .contentSecurityPolicy:
                "default-src 'none'; style-src \(style); script-src 'self'; img-src 'self' data:; "
                + "connect-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'",
            .xContentTypeOptions: "nosniff",
        ]
        headers[HTTPField.Name("Referrer-Policy") ?? .referer] = "same-origin"
        headers[HTTPField.Name("X-Frame-Options") ?? .referer] = "DENY"
        headers[HTTPField.Name("Cross-Origin-Opener-Policy") ?? .referer] = "same-origin"
        return Response(
            status: status, headers: headers, body: ResponseBody(byteBuffer: ByteBuffer(string: html)))
    }
}

extension Badge {
    /// Which look a value has; what is not listed looks like waiting.
    static let kinds: [String: String] = [
        "state.restored": "good", "state.closed": "good", "state.rejected": "bad", "state.objection": "look",
        "state.in-review": "look", "state.needs-information": "look", "state.awaiting-approval": "look",
        "verdict.verified": "good", "verdict.contradicted": "look", "verdict.undetermined": "look",
        "outcome.supports": "good", "outcome.contradicts": "look", "booking.confirmed": "good",
        "booking.revoked": "bad", "booking.cancelled": "bad",
        "contact.dropped": "bad", "contact.draft": "look", "contact.ended": "good",
        "outbox.sent": "good", "outbox.failed": "bad", "outbox.dropped": "look", "outbox.cancelled": "look",
        "mass.asked": "look", "mass.done": "good", "mass.stopped": "bad",
    ]
}

/// Sends the browser on after something was done, so that going back or reloading does not do it twice.
func seeOther(_ path: String) -> Response {
    Response(status: .seeOther, headers: [.location: path, .cacheControl: "no-store"])
}
