/// The way to the organisation's identity provider and back.
import HTTPTypes
import Hummingbird
import RedressCore
import RedressDesk

/// Everything under `/staff/sign-in/organisation`.
struct OpenIDPages {
    let desk: Desk
    let templates: PageTemplates
    let provider: OpenIDProvider

    /// The cookie of one attempt. It comes along when the provider sends the browser back, so it cannot be Strict; it
    /// opens nothing, and ends with the attempt.
    static let cookie = "__Host-redress-openid"
    private static let clearing = "\(cookie)=; Path=/; Max-Age=0; Secure; HttpOnly; SameSite=Lax"

    func add(to pages: RouterGroup<WebContext>) {
        let group = pages.group("staff/sign-in/organisation")
        group.get { request, context in
            do { return try await leave(request) } catch { return try refuse(error, request, context) }
        }
        group.get("back") { request, context in
            do {
                return try await comeBack(request, context)
            } catch {
                return try refuse(error, request, context)
            }
        }
    }

    private func leave(_ request: Request) async throws -> Response {
        let query = request.uri.queryParameters
        let to = query["to"].flatMap { KeptForm.local(String($0)) } ?? "/staff"
        let (attempt, cookie) = try await desk.openID.begin(
            to: to, provesAgain: query["proof"] != nil, replacing: SessionCookie.staff.secret(of: request))
        var response = seeOther(try await provider.authorization(attempt))
        response.headers[.setCookie] =
            "\(Self.cookie)=\(cookie); Path=/; Max-Age=\(OpenIDDesk.minutes * 60); Secure; HttpOnly; SameSite=Lax"
        return response
    }

    private func comeBack(_ request: Request, _ context: WebContext) async throws -> Response {
        let query = request.uri.queryParameters
        guard let cookie = request.cookies[Self.cookie]?.value, let state = query["state"] else {
            throw OpenIDDesk.refusal("state")
        }
        let (attempt, now) = try await desk.openID.resume(cookie, state: String(state))
        guard let code = query["code"], query["error"] == nil else { throw OpenIDDesk.refusal("provider") }
        let identity = try await provider.identity(String(code), attempt, now: now)
        let new = try await desk.openID.signIn(
            identity, addingStaff: provider.settings.addsStaff, attempt, address: context.address)
        var page = PageWriter(request, context, templates)
        page.actor = new.session.actor
        let to = attempt.to == "/staff" ? StaffNavigation.start(of: new.session.actor.role) : attempt.to
        // The session's cookie is not sent along a chain that another site began: one more step, begun by our own page.
        var response = try page.page("hop", title: page.text("signIn"), HopModel(to: to))
        response.headers[.setCookie] = SessionCookie.staff.header(new.secret)
        response.headers.append(HTTPField(name: .setCookie, value: Self.clearing))
        return response
    }

    private func refuse(_ error: any Error, _ request: Request, _ context: WebContext) throws -> Response {
        guard let error = error as? RedressError, error.code != .fault else { throw error }
        var page = PageWriter(request, context, templates)
        page.explain(error)
        var response = try page.signIn(KeptForm("/staff", nil), status: SignInPages.status(error))
        response.headers[.setCookie] = Self.clearing
        return response
    }
}

private struct HopModel {
    var to: String
}
