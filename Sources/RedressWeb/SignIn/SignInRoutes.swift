/// Sessions of staff as JSON: enrol, sign in, prove again, change the password, sign out.
import FoundationEssentials
import HTTPTypes
import Hummingbird
import RedressCore
import RedressDesk

/// A session as its owner sees it; the secret is in the cookie alone.
struct SessionView: Encodable {
    var name: String
    var role: String
    var csrf: String
    var provedAt: String
    var endsAt: String
    var awaitsBirthDate: Bool

    init(_ session: Session) {
        name = session.actor.name
        role = session.actor.role.rawValue
        csrf = session.csrf
        provedAt = session.provedAt.description
        endsAt = session.endsAt.description
        awaitsBirthDate = session.awaitsBirthDate
    }
}

/// The answer that begins a session.
func begun(_ new: NewSession, _ cookie: SessionCookie) throws -> Response {
    var response = try json(SessionView(new.session), status: .created)
    response.headers[.setCookie] = cookie.header(new.secret)
    return response
}

/// The answer that ends a session.
func ended(_ cookie: SessionCookie) -> Response {
    Response(status: .noContent, headers: [.setCookie: cookie.clearing])
}

struct SignInRoutes {
    let desk: Desk

    private struct SignIn: Decodable {
        var name: String
        var password: String
        var code: String
    }

    private struct Proof: Decodable {
        var password: String
        var code: String
    }

    private struct NewPassword: Decodable {
        var password: String
        var code: String
        var newPassword: String
    }

    private struct TakeUp: Decodable {
        var invitation: String
        var password: String
    }

    func add(to router: RouterGroup<WebContext>) {
        let group = router.group("").add(middleware: IdentityMiddleware(desk: desk, cookie: .staff))
        group.post("enrolments") { request, context in
            let body = try await request.json(
                TakeUp.self, context, example: #"{"invitation":"rdi_…","password":"…"}"#)
            return try json(
                try await desk.signIn.enrol(
                    invitation: body.invitation, password: body.password, address: context.address),
                status: .created)
        }
        group.post("sessions") { request, context in
            let body = try await request.json(
                SignIn.self, context, example: #"{"name":"…","password":"…","code":"123456"}"#)
            let attempt = SignInAttempt(
                name: body.name, password: body.password, code: body.code, address: context.address)
            return try begun(
                try await desk.signIn.signIn(attempt, replacing: SessionCookie.staff.secret(of: request)),
                .staff)
        }
        group.get("sessions/current") { _, context in
            try json(SessionView(try context.requireSession().session))
        }
        group.delete("sessions/current") { request, context in
            let secret = try context.requireSession().secret
            try context.requireCSRF(of: request)
            try await desk.sessions.end(secret)
            return ended(.staff)
        }
        group.post("sessions/current/proof") { request, context in
            let secret = try context.requireSession().secret
            try context.requireCSRF(of: request)
            let body = try await request.json(
                Proof.self, context, example: #"{"password":"…","code":"123456"}"#)
            return try json(
                SessionView(
                    try await desk.signIn.reauthenticate(
                        secret, password: body.password, code: body.code, address: context.address)))
        }
        group.put("sessions/current/password") { request, context in
            let name = try context.requireSession().session.actor.name
            try context.requireCSRF(of: request)
            let body = try await request.json(
                NewPassword.self, context,
                example: #"{"password":"…","code":"123456","new_password":"…"}"#)
            let attempt = SignInAttempt(
                name: name, password: body.password, code: body.code, address: context.address)
            try await desk.signIn.changePassword(attempt, to: body.newPassword)
            return ended(.staff)
        }
    }
}
