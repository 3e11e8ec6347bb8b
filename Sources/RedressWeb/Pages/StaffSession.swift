/// The staff's session before every page of theirs: who is not signed in signs in first, and loses nothing by it.
import HTTPTypes
import Hummingbird
import RedressCore
import RedressDesk
import RedressEvidence

/// Lets staff in by their session; a form that comes too late, or wants a fresh proof, is kept and sent again after.
struct StaffSessionMiddleware: RouterMiddleware {
    let desk: Desk
    let templates: PageTemplates
    /// Where a proof is given.
    static let proof = "/staff/proof"

    @concurrent func handle(
        _ request: Request, context: WebContext,
        next: @concurrent (Request, WebContext) async throws -> Response
    ) async throws -> Response {
        var (request, context) = (request, context)
        try await context.findSession(.staff, of: request, desk)
        var form: PageForm?
        if request.method == .post {
            // Nobody but staff makes us read a file.
            let most = context.session == nil ? context.maxUploadSize : PageForm.largestWithFile
            _ = try await request.collectBody(upTo: most)
            form = try await PageForm.read(request, context)
        }
        let path = request.uri.path
        let kept =
            form.map { path.hasPrefix(Self.proof) ? KeptForm(carriedBy: $0) : KeptForm(path, $0) }
            ?? KeptForm(path, nil)
        var page = PageWriter(request, context, templates)
        guard context.session != nil else {
            guard form != nil else { return seeOther("/staff/sign-in?to=\(request.uri.path)") }
            return try page.signIn(kept, status: .unauthorized)
        }
        do {
            if let form, (try? context.requireCSRF(form["csrf"])) == nil {
                // The page was loaded in an earlier session: what was typed is shown before it is sent again.
                return try page.resume(kept, status: .forbidden)
            }
            return try await next(request, context)
        } catch let error as RedressError where error.details["reauthenticate"] != nil {
            page.error = page.text("proofNeeded")
            return try page.prove(kept, status: .forbidden)
        } catch {
            return try page.problem(error, context.logger)
        }
    }
}

/// What somebody was about to do when they had to sign in or to prove who they are.
struct KeptForm {
    struct Field {
        var name: String
        var value: String
    }

    /// The path it goes to.
    var to: String
    /// What was to be sent; nil when a page was only to be read.
    var fields: [Field]?

    /// What is typed to prove who one is, is never kept.
    private static let secrets: Set<String> = ["csrf", "password", "again", "new", "code", "invitation"]
    private static let prefix = "kept."

    /// Keeps what was to be sent to a path; nil for what was only to be read.
    init(_ path: String, _ form: PageForm?) {
        to = Self.local(path) ?? "/staff"
        fields = form.map { form in
            form.fields.filter { !Self.secrets.contains($0.key) }.sorted { $0.key < $1.key }
                .map { Field(name: $0.key, value: $0.value) }
        }
    }

    /// Reads what a sign-in form carried on.
    init(carriedBy form: PageForm) {
        to = Self.local(form["to"]) ?? "/staff"
        guard form["sends"] == "yes" else { return }
        fields = form.fields.filter { $0.key.hasPrefix(Self.prefix) }.sorted { $0.key < $1.key }
            .map { Field(name: String($0.key.dropFirst(Self.prefix.count)), value: $0.value) }
    }

    /// A path of our own staff pages; nil for anything else, so that nobody is led elsewhere.
    static func local(_ path: String) -> String? {
        let parts = path.utf8.split(separator: UInt8(ascii: "/"), omittingEmptySubsequences: false)
        guard parts.count > 1, parts[0].isEmpty, parts[1].elementsEqual("staff".utf8),
            parts.dropFirst(2).allSatisfy({ !$0.isEmpty && $0.allSatisfy(isPathByte) })
        else { return nil }
        return path
    }

    private static func isPathByte(_ byte: UInt8) -> Bool {
        switch byte {
        case UInt8(ascii: "A")...UInt8(ascii: "Z"), UInt8(ascii: "a")...UInt8(ascii: "z"),
            UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "."), UInt8(ascii: "_"), UInt8(ascii: "~"),
            UInt8(ascii: "%"), UInt8(ascii: "-"):
            true
        default: false
        }
    }
}

/// What the forms that come first show and carry on.
struct ProofModel {
    var name: String
    var to: String
    var sends: Bool
    var kept: [KeptForm.Field]
    /// Whether the organisation's own account is offered, and what for.
    var organisation: Bool
    var proves: Bool
    var organisationTo: String

    init(_ kept: KeptForm, name: String = "", organisation: Bool, proves: Bool = false) {
        self.name = name
        to = kept.to
        sends = kept.fields != nil
        self.kept = kept.fields ?? []
        self.organisation = organisation
        self.proves = proves
        // What was to be sent waits in its own tab.
        organisationTo = sends ? "/staff" : kept.to
    }
}

/// What was kept, ready to be sent.
struct ResumeModel {
    var to: String
    var hidden: [KeptForm.Field]
    var text: String?

    init(_ kept: KeptForm) {
        to = kept.to
        hidden = (kept.fields ?? []).filter { $0.name != "text" }
        text = kept.fields?.first { $0.name == "text" }?.value
    }
}

extension PageWriter {
    /// The sign-in page.
    func signIn(_ kept: KeptForm, name: String = "", status: HTTPResponse.Status = .ok) throws -> Response {
        try page(
            "sign-in", title: text("staffSignIn"),
            ProofModel(kept, name: name, organisation: templates.hasOrganisation), status: status)
    }

    /// The page that asks for password and code once more.
    func prove(_ kept: KeptForm, status: HTTPResponse.Status) throws -> Response {
        try page(
            "prove", title: text("proveTitle"),
            ProofModel(kept, organisation: templates.hasOrganisation, proves: true), status: status)
    }

    /// The page that shows what was kept, to be sent now.
    func resume(_ kept: KeptForm, status: HTTPResponse.Status = .ok) throws -> Response {
        try page("resume", title: text("resumeTitle"), ResumeModel(kept), status: status)
    }

    /// Says in the reader's language why signing in, or what belongs to it, was refused.
    mutating func explain(_ error: RedressError) {
        let details = error.details
        if let seconds = details["retry_after_s"] {
            self.error = text("tooManyTries", ["s": seconds])
        } else if let why = details["openid"] {
            let words = ["nobody": "openIDNobody", "role": "openIDRole", "provider": "openIDProvider"]
            self.error = text(words[why] ?? "openIDFailed")
        } else if details["sign_in"] != nil {
            self.error = text("signInFailed")
        } else if details["invitation"] != nil {
            self.error = text("invitationInvalid")
        } else if details["code"] != nil {
            self.error = text("codeWrong")
        } else if let fault = details["password"] {
            let words = ["length": "passwordLength", "common": "passwordCommon"]
            self.error = text(words[fault] ?? "passwordDifferent")
        } else {
            self.error = error.message
        }
    }
}
