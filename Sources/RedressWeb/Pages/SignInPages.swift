/// The staff's way in and out: sign-in, invitation with the second factor, proving again, sign-out.
import HTTPTypes
import Hummingbird
import RedressCore
import RedressDesk

/// `/staff/sign-in`, `/staff/sign-out`, `/staff/invitation` and `/staff/proof`.
struct SignInPages {
    let desk: Desk
    let templates: PageTemplates

    func add(to pages: RouterGroup<WebContext>) {
        let staff = pages.group("staff")
        staff.get("sign-in") { request, context in
            let to = request.uri.queryParameters["to"].flatMap { KeptForm.local(String($0)) } ?? "/staff"
            return try writer(request, context).signIn(KeptForm(to, nil))
        }
        staff.post("sign-in") { request, context in try await signIn(request, context) }
        staff.post("sign-out") { request, context in try await signOut(request, context) }
        staff.get("invitation") { request, context in
            let page = writer(request, context)
            return try page.page("invitation", title: page.text("invitationTitle"), Empty())
        }
        staff.post("invitation") { request, context in try await enrol(request, context) }
        let proof = pages.group("staff/proof")
            .add(middleware: StaffSessionMiddleware(desk: desk, templates: templates))
        proof.post { request, context in try await prove(request, context) }
        proof.post("kept") { request, context in
            try context.requireRecentSignIn()
            return try goOn(
                KeptForm(carriedBy: try await PageForm.read(request, context)), writer(request, context))
        }
    }

    private func writer(_ request: Request, _ context: WebContext) -> PageWriter {
        PageWriter(request, context, templates)
    }

    private func signIn(_ request: Request, _ context: WebContext) async throws -> Response {
        var page = writer(request, context)
        let form = try await PageForm.read(request, context)
        let kept = KeptForm(carriedBy: form)
        do {
            let new = try await desk.signIn.signIn(
                SignInAttempt(
                    name: form["name"], password: form.exact("password"), code: form["code"],
                    address: context.address), replacing: SessionCookie.staff.secret(of: request))
            (page.actor, page.csrf) = (new.session.actor, new.session.csrf)
            var response = try goOn(kept, page)
            response.headers[.setCookie] = SessionCookie.staff.header(new.secret)
            return response
        } catch let error as RedressError where error.code != .fault {
            page.explain(error)
            return try page.signIn(kept, name: form["name"], status: Self.status(error))
        }
    }

    private func prove(_ request: Request, _ context: WebContext) async throws -> Response {
        var page = writer(request, context)
        let form = try await PageForm.read(request, context)
        let kept = KeptForm(carriedBy: form)
        do {
            _ = try await desk.signIn.reauthenticate(
                try context.requireSession().secret, password: form.exact("password"), code: form["code"],
                address: context.address)
            return try goOn(kept, page)
        } catch let error as RedressError where error.code != .fault {
            page.explain(error)
            return try page.prove(kept, status: Self.status(error))
        }
    }

    /// To the page that was asked for, or to what was about to be sent.
    private func goOn(_ kept: KeptForm, _ page: PageWriter) throws -> Response {
        guard kept.fields == nil else { return try page.resume(kept) }
        guard kept.to == "/staff", let role = page.actor?.role else { return seeOther(kept.to) }
        return seeOther(StaffNavigation.start(of: role))
    }

    private func signOut(_ request: Request, _ context: WebContext) async throws -> Response {
        var context = context
        try await context.findSession(.staff, of: request, desk)
        if let secret = context.sessionSecret {
            try context.requireCSRF(try await PageForm.read(request, context)["csrf"])
            try await desk.sessions.end(secret)
        }
        var response = seeOther("/staff/sign-in")
        response.headers[.setCookie] = SessionCookie.staff.clearing
        return response
    }

    private func enrol(_ request: Request, _ context: WebContext) async throws -> Response {
        var page = writer(request, context)
        let form = try await PageForm.read(request, context)
        do {
            try form.requireSamePassword()
            let enrolment = try await desk.signIn.enrol(
                invitation: form["invitation"], password: form.exact("password"), address: context.address)
            return try page.page(
                "enrolled", title: page.text("enrolledTitle"),
                EnrolledModel(
                    name: enrolment.name,
                    authenticator: AuthenticatorModel(enrolment.oneTimeSecret, enrolment.oneTimeAddress),
                    recoveryCodes: enrolment.recoveryCodes))
        } catch let error as RedressError where error.code != .fault {
            page.explain(error)
            return try page.page(
                "invitation", title: page.text("invitationTitle"), Empty(), status: Self.status(error))
        }
    }

    static func status(_ error: RedressError) -> HTTPResponse.Status {
        HTTPResponse.Status(code: ProblemMiddleware.problem(error).status)
    }
}

extension PageForm {
    /// Throws unless a new password was typed twice the same way.
    func requireSamePassword(_ name: String = "password") throws {
        guard exact(name) == exact("again") else {
            throw RedressError(
                .badData, "The two passwords are not the same.", details: ["password": "different"])
        }
    }
}

/// A secret for an authenticator app, as letters and as a QR code.
struct AuthenticatorModel {
    var secret: String
    var code: CodeDrawing?

    init(_ secret: String, _ address: String) {
        // Four letters at a time are easier to type.
        self.secret = stride(from: 0, to: secret.count, by: 4)
            .map { secret.dropFirst($0).prefix(4) }.joined(separator: " ")
        code = QRCode(address).map(CodeDrawing.init)
    }
}

/// A QR code as the outline of its dark modules, with the four light ones around it that the standard asks for.
struct CodeDrawing {
    static let margin = 4
    /// How many pixels a module takes where there is room.
    static let moduleWidth = 5
    var side: Int
    var width: Int
    var path: String

    init(_ code: QRCode) {
        side = code.size + Self.margin * 2
        width = side * Self.moduleWidth
        var path = ""
        for y in 0..<code.size {
            var x = 0
            while x < code.size {
                let start = x
                while code[x, y] { x += 1 }
                if x > start {
                    path += "M\(start + Self.margin) \(y + Self.margin)h\(x - start)v1h\(start - x)z"
                }
                x += 1
            }
        }
        self.path = path
    }
}

/// What is shown once, after an invitation was taken up.
struct EnrolledModel {
    var name: String
    var authenticator: AuthenticatorModel
    var recoveryCodes: [String]
}
