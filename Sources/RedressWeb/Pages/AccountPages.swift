/// One's own account: password, authenticator, recovery codes, sessions and tokens.
import HTTPTypes
import Hummingbird
import RedressCore
import RedressDesk

/// Everything under `/staff/account`.
struct AccountPages {
    let desk: Desk
    let templates: PageTemplates

    func add(to staff: RouterGroup<WebContext>) {
        let account = staff.group("account")
        account.get { request, context in try await show(PageWriter(request, context, templates), context) }
        account.post("password") { request, context in try await changePassword(request, context) }
        account.post("authenticator") { request, context in
            let pending = try await desk.account.beginAuthenticator(by: try context.requireSession().secret)
            return try PageWriter(request, context, templates).authenticator(pending)
        }
        account.post("authenticator/first-code") { request, context in
            try await setAuthenticator(request, context)
        }
        account.post("recovery-codes") { request, context in
            let codes = try await desk.account.renewRecoveryCodes(by: try context.requireSession().secret)
            let page = PageWriter(request, context, templates)
            return try page.page(
                "recovery-codes", title: page.text("recoveryTitle"), RecoveryModel(recoveryCodes: codes))
        }
        account.post("sessions/others/end") { _, context in
            try await desk.account.endOtherSessions(by: try context.requireSession().secret)
            return seeOther("/staff/account?done=session")
        }
        account.post("sessions/{id}/end") { _, context in
            let id = try context.parameters.require("id")
            try await desk.account.endSession(id, by: try context.requireSession().secret)
            return seeOther("/staff/account?done=session")
        }
        account.post("tokens/{id}/end") { _, context in
            let id = try context.parameters.require("id")
            try await desk.account.endToken(id, by: try context.requireSession().secret)
            return seeOther("/staff/account?done=token")
        }
    }

    private func show(
        _ page: PageWriter, _ context: WebContext, status: HTTPResponse.Status = .ok
    ) async throws -> Response {
        let (session, secret) = try context.requireSession()
        let view = try await desk.account.show(secret)
        return try page.page(
            "account", title: page.text("account"), AccountModel(view, session.actor, page), status: status)
    }

    private func changePassword(_ request: Request, _ context: WebContext) async throws -> Response {
        let form = try await PageForm.read(request, context)
        let name = try context.requireSession().session.actor.name
        do {
            try form.requireSamePassword("new")
            try await desk.signIn.changePassword(
                SignInAttempt(
                    name: name, password: form.exact("password"), code: form["code"],
                    address: context.address), to: form.exact("new"))
            var response = seeOther("/staff/sign-in?done=password")
            response.headers[.setCookie] = SessionCookie.staff.clearing
            return response
        } catch let error as RedressError where error.code != .fault {
            var page = PageWriter(request, context, templates)
            page.explain(error)
            return try await show(page, context, status: SignInPages.status(error))
        }
    }

    private func setAuthenticator(_ request: Request, _ context: WebContext) async throws -> Response {
        let form = try await PageForm.read(request, context)
        do {
            try await desk.account.setAuthenticator(
                form["sealed"], code: form["code"], by: try context.requireSession().secret)
            return seeOther("/staff/account?done=authenticator")
        } catch let error as RedressError where error.details["code"] != nil {
            var page = PageWriter(request, context, templates)
            page.explain(error)
            return try page.page(
                "authenticator", title: page.text("authenticatorTitle"),
                PendingModel(sealed: form["sealed"], authenticator: nil), status: .badRequest)
        }
    }
}

extension PageWriter {
    fileprivate func authenticator(_ pending: PendingAuthenticator) throws -> Response {
        try page(
            "authenticator", title: text("authenticatorTitle"),
            PendingModel(
                sealed: pending.sealed,
                authenticator: AuthenticatorModel(pending.oneTimeSecret, pending.oneTimeAddress)))
    }
}

/// A new authenticator that waits for its first code; it is drawn once.
private struct PendingModel {
    var sealed: String
    var authenticator: AuthenticatorModel?
}

/// Ten new recovery codes, shown once.
private struct RecoveryModel {
    var recoveryCodes: [String]
}

/// One's own account as the page shows it.
private struct AccountModel {
    struct Session {
        var id: String
        var since: String
        var seen: String
        var isThis: Bool
    }

    struct Token {
        var id: String
        var since: String
        var expires: String
        var scope: String
    }

    var name: String
    var role: String
    var left: String
    var hasOthers: Bool
    var sessions: [Session]
    var hasTokens: Bool
    var tokens: [Token]

    init(_ view: AccountView, _ actor: Actor, _ page: PageWriter) {
        name = actor.name
        role = page.text("role.\(actor.role.rawValue)")
        left = page.text("recoveryLeft", ["n": "\(view.recoveryCodes)"])
        hasOthers = view.sessions.count > 1
        sessions = view.sessions.map {
            Session(
                id: $0.id, since: SpokenTime.moment($0.since, page.language),
                seen: SpokenTime.moment($0.seenAt, page.language), isThis: $0.isThis)
        }
        hasTokens = !view.tokens.isEmpty
        tokens = view.tokens.map { token in
            Token(
                id: token.id, since: SpokenTime.moment(token.since, page.language),
                expires: SpokenTime.moment(token.expiresAt, page.language),
                scope: token.scope.isEmpty
                    ? page.text("tokenAll") : token.scope.map(\.rawValue).joined(separator: ", "))
        }
    }
}
