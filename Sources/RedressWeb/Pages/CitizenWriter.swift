/// The citizen's pages: their shell, and the sealed cookie that carries a citizen from one question to the next.
import HTTPTypes
import Hummingbird
import NIOCore
import RedressCore
import RedressDesk
import RedressEvidence

/// What stands around the content of a citizen's page.
struct CitizenShell {
    struct Session {
        var csrf: String
        /// Seconds until the session ends by itself.
        var seconds: Int
        var ends: String
    }

    struct Note {
        var kind: String
        var mark: String
        var text: String
    }

    struct Wrong {
        var field: String
        var text: String
    }

    struct Fault {
        var text: String?
        var fields: [Wrong]
    }

    var language: String
    var title: String
    var style = PageTemplates.style.path
    var ownStyle = PageTemplates.citizenStyle.path
    var script = PageTemplates.script.path
    var ownScript = PageTemplates.citizenScript.path
    var otherLanguage: String
    var otherLanguageName: String
    var session: Session?
    var error: Fault?
    var note: Note?
    var isLarge = false
}

/// What a form shows again: what was typed, and what was wrong with it, by field.
struct CitizenFields {
    var v: [String: String] = [:]
    var e: [String: String] = [:]
}

private struct CitizenPageModel<Content> {
    var shell: CitizenShell
    var w: [String: String]
    var page: Content
}

/// Renders citizens' pages for one request.
struct CitizenWriter {
    static let cookie = "__Host-redress-way"
    /// The cookie outlives the longest session, so that what was typed can be given back.
    private static let cookieSeconds = 3600

    let desk: Desk
    let templates: PageTemplates
    let language: Language
    let path: String
    let session: Session?
    var way: CitizenWay
    var note: CitizenShell.Note?
    var isLarge = false
    /// What tells of something other than a thing done.
    private static let hints: Set = ["ended", "kept", "again", "changed", "none"]

    init(_ request: Request, _ context: WebContext, _ desk: Desk, _ templates: PageTemplates) {
        self.desk = desk
        self.templates = templates
        language = PageLanguage.of(request)
        path = request.uri.path
        session = context.session
        way = request.cookies[Self.cookie].flatMap { desk.citizens.open($0.value) } ?? CitizenWay()
        if let key = request.uri.queryParameters["note"], Words.table["note.\(key)"] != nil {
            let isHint = Self.hints.contains(String(key))
            note = CitizenShell.Note(
                kind: isHint ? "note" : "done", mark: isHint ? "ⓘ" : "✓", text: text("note.\(key)"))
        }
    }

    func text(_ key: String) -> String { Words.text(key, language) }

    /// The words with their gaps filled.
    func text(_ key: String, _ values: [String: String]) -> String {
        values.reduce(text(key)) { $0.replacing("{\($1.key)}", with: $1.value) }
    }

    func badge(_ group: String, _ value: String) -> Badge {
        // The words are the person's own, the shapes are everybody's.
        let kind = Badge.kinds["\(group.replacing("own.", with: "")).\(value)"] ?? "wait"
        return Badge(kind: kind, text: text("\(group).\(value)"))
    }

    /// A page with its shell.
    func page(
        _ template: String, title: String, _ content: some Any, wrong: CitizenFields = CitizenFields(),
        error: String? = nil, status: HTTPResponse.Status = .ok
    ) throws -> Response {
        let other: Language = language == .ko ? .en : .ko
        var shell = CitizenShell(
            language: language.rawValue, title: title, otherLanguage: other.rawValue,
            otherLanguageName: other == .ko ? "한국어" : "English", session: session.map(bar), note: note,
            isLarge: isLarge)
        if error != nil || !wrong.e.isEmpty {
            shell.error = CitizenShell.Fault(
                text: error,
                fields: wrong.e.sorted { $0.key < $1.key }.map {
                    CitizenShell.Wrong(field: $0.key, text: $0.value)
                })
        }
        let model = CitizenPageModel(shell: shell, w: Words.inLanguage[language] ?? [:], page: content)
        return PageWriter.response(try templates.render(model, with: template), status: status)
    }

    private func bar(_ session: Session) -> CitizenShell.Session {
        let seconds = secondsLeft(session)
        let ends = WallClock.system.now().adding(milliseconds: Int64(seconds) * 1000)
        return CitizenShell.Session(
            csrf: session.csrf, seconds: seconds, ends: SpokenTime.time(ends.timeOfDay, language))
    }

    /// When the session ends, by idleness or age, whichever comes first.
    func secondsLeft(_ session: Session) -> Int {
        let left = Int((session.endsAt.milliseconds - WallClock.system.now().milliseconds) / 1000)
        return max(0, min(left, SessionDesk.citizenIdleSeconds))
    }

    /// Sends the browser on, with the way so far.
    func on(to path: String, session new: NewSession? = nil) throws -> Response {
        var response = seeOther(path)
        try keepWay(in: &response)
        if let new {
            response.headers.append(
                HTTPField(name: .setCookie, value: SessionCookie.citizen.header(new.secret)))
        }
        return response
    }

    /// Puts the way so far into a response.
    func keepWay(in response: inout Response) throws {
        let value = try desk.citizens.seal(way)
        response.headers.append(
            HTTPField(
                name: .setCookie,
                value: "\(Self.cookie)=\(value); Path=/; Max-Age=\(Self.cookieSeconds); Secure; HttpOnly; "
                    + "SameSite=Strict"))
    }

    /// The header that takes the way away.
    static var clearing: String { "\(cookie)=; Path=/; Max-Age=0; Secure; HttpOnly; SameSite=Strict" }

    /// What was typed on this page when a session ended.
    var typed: [String: String] { way.draftPath == path ? way.draft : [:] }

    /// Forgets what was typed on this page, because it was taken.
    mutating func forgetTyped() {
        guard way.draftPath == path else { return }
        way.draftPath = ""
        way.draft = [:]
    }
}

/// A page or form of somebody whose session is not there any more, with what was typed.
struct CitizenSessionEnded: Error {
    var typed: [String: String] = [:]
}

extension WebContext {
    /// The citizen who asks.
    ///
    /// - Throws: `CitizenSessionEnded` when nobody is signed in.
    func requireCitizen(typed: [String: String] = [:]) throws -> Actor {
        guard let actor, actor.role == .citizen, session != nil else {
            throw CitizenSessionEnded(typed: typed)
        }
        return actor
    }

    /// The citizen who sends a form; what they typed is kept when the session has ended or the page is an old one.
    func requireCitizen(_ form: PageForm, keeping fields: [String]) throws -> Actor {
        let typed = Dictionary(
            uniqueKeysWithValues: fields.map { ($0, form[$0]) }.filter { !$0.1.isEmpty })
        let actor = try requireCitizen(typed: typed)
        do {
            try requireCSRF(form["csrf"])
        } catch {
            throw CitizenSessionEnded(typed: typed)
        }
        return actor
    }
}
