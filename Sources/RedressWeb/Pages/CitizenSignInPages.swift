/// A citizen says who they are: the number, the code sent to it, the date of birth.
import HTTPTypes
import Hummingbird
import RedressCore
import RedressDesk

struct CitizenSignInPages {
    let desk: Desk
    let templates: PageTemplates

    private struct Question {
        var fields: CitizenFields
        var phone = ""
        var follows = false
        var nextAt = ""
        var waits = 0
        var ends = ""
        var csrf = ""
    }

    func add(to own: RouterGroup<WebContext>) {
        own.get("phone") { request, context in
            if context.actor?.role == .citizen { return seeOther("/my/bookings") }
            var page = CitizenWriter(request, context, desk, templates)
            let follows = request.uri.queryParameters["to"] == "follow"
            // A fresh start forgets who came before on this device, but not what its owner typed.
            page.way.follows = follows
            return try show("phone", page, Question(fields: CitizenFields(), follows: follows))
        }
        own.post("phone") { request, context in try await sendCode(request, context) }
        own.get("code") { request, context in
            let page = CitizenWriter(request, context, desk, templates)
            if context.actor?.role == .citizen { return seeOther("/my/bookings") }
            guard !page.way.request.isEmpty else { return seeOther("/my/phone") }
            return try show("code", page, question(page))
        }
        own.post("code") { request, context in try await confirm(request, context) }
        own.get("code/again") { _, _ in seeOther("/my/code") }
        own.post("code/again") { request, context in try await sendAgain(request, context) }
        own.get("birth-date") { request, context in
            let page = CitizenWriter(request, context, desk, templates)
            if context.actor?.role == .citizen { return seeOther("/my/bookings") }
            guard context.session != nil, !page.way.phone.isEmpty else { return seeOther("/my/phone") }
            return try show("birth", page, question(page))
        }
        own.post("birth-date") { request, context in try await giveBirthDate(request, context) }
        own.get("number-changed") { request, context in
            let page = CitizenWriter(request, context, desk, templates)
            return try show("number", page, question(page))
        }
    }

    private func show(
        _ name: String, _ page: CitizenWriter, _ question: Question, status: HTTPResponse.Status = .ok
    ) throws -> Response {
        try page.page(
            "citizen-\(name)", title: page.text("\(name).title"), question, wrong: question.fields,
            status: status)
    }

    private func question(_ page: CitizenWriter) -> Question {
        let next = Instant(page.way.nextAt)
        let waits = next.map { max(0, ($0.milliseconds - WallClock.system.now().milliseconds + 999) / 1000) }
        return Question(
            fields: CitizenFields(), phone: (try? PhoneNumber(page.way.phone))?.masked ?? "",
            nextAt: next.map { SpokenTime.time($0.timeOfDay, page.language) } ?? "",
            waits: Int(waits ?? 0),
            ends: Instant(page.way.expiresAt).map { SpokenTime.time($0.timeOfDay, page.language) } ?? "",
            csrf: page.session?.csrf ?? "")
    }

    private func sendCode(_ request: Request, _ context: WebContext) async throws -> Response {
        let form = try await PageForm.read(request, context)
        var page = CitizenWriter(request, context, desk, templates)
        page.way.follows = form["to"] == "follow"
        var question = Question(fields: CitizenFields(v: ["phone": form["phone"]]))
        question.follows = page.way.follows
        do {
            let number = try PhoneNumber(form["phone"])
            // Back and forward, or a second tap: the code that is on its way is good enough.
            if number.digits == page.way.phone, !page.way.request.isEmpty,
                let next = Instant(page.way.nextAt), next > WallClock.system.now()
            {
                return try page.on(to: "/my/code")
            }
            try await send(to: number, &page, context)
            return try page.on(to: "/my/code")
        } catch let error as RedressError where error.code == .badData {
            question.fields.e["phone"] = page.text(
                (try? PhoneNumber(form["phone"])) == nil ? "wrong.phone" : "wrong.landline")
            return try show("phone", page, question, status: .unprocessableContent)
        } catch let error as RedressError where error.code == .tryAgain {
            question.fields.e["phone"] = Self.patience(error, page)
            return try show("phone", page, question, status: .tooManyRequests)
        }
    }

    private func send(
        to number: PhoneNumber, _ page: inout CitizenWriter, _ context: WebContext
    ) async throws {
        let sent = try await desk.citizens.requestCode(
            number.digits, address: context.address, language: NoticeLanguage(page.language))
        if page.way.phone != number.digits {
            // What somebody else typed here is not for this number.
            page.way = CitizenWay(follows: page.way.follows)
        }
        page.way.phone = number.digits
        page.way.request = sent.request
        page.way.expiresAt = sent.expiresAt
        page.way.nextAt = sent.nextAt
    }

    private func sendAgain(_ request: Request, _ context: WebContext) async throws -> Response {
        var page = CitizenWriter(request, context, desk, templates)
        guard let number = try? PhoneNumber(page.way.phone) else { return seeOther("/my/phone") }
        do {
            try await send(to: number, &page, context)
            return try page.on(to: "/my/code?note=sent")
        } catch let error as RedressError where error.code == .tryAgain {
            var question = question(page)
            question.fields.e["code"] = Self.patience(error, page)
            return try show("code", page, question, status: .tooManyRequests)
        }
    }

    private static func patience(_ error: RedressError, _ page: CitizenWriter) -> String {
        let seconds = Int(error.details["retry_after_s"] ?? "") ?? 0
        return seconds > 0 && seconds < 3600
            ? page.text("wrong.wait", ["n": "\(seconds)"]) : page.text("wrong.tooMany")
    }

    private func confirm(_ request: Request, _ context: WebContext) async throws -> Response {
        let form = try await PageForm.read(request, context)
        let page = CitizenWriter(request, context, desk, templates)
        guard !page.way.request.isEmpty else { return seeOther("/my/phone") }
        do {
            let begun = try await desk.citizens.confirm(
                page.way.request, code: form["code"], address: context.address,
                replacing: SessionCookie.citizen.secret(of: request))
            return try page.on(to: "/my/birth-date", session: begun)
        } catch let error as RedressError where error.code == .notAllowed {
            // A second tap: the code was used a moment ago and its session is there.
            if context.session != nil { return seeOther("/my/birth-date") }
            var question = question(page)
            question.fields.e["code"] = page.text("wrong.code")
            return try show("code", page, question, status: .unprocessableContent)
        }
    }

    private func giveBirthDate(_ request: Request, _ context: WebContext) async throws -> Response {
        let form = try await PageForm.read(request, context)
        let page = CitizenWriter(request, context, desk, templates)
        if context.actor?.role == .citizen { return seeOther("/my/bookings") }
        let (session, secret) = try context.requireSession()
        try context.requireCSRF(form["csrf"])
        var question = question(page)
        question.csrf = session.csrf
        question.fields.v["birth"] = form["birth"]
        guard let birthDate = Self.birthDate(form["birth"]) else {
            question.fields.e["birth"] = page.text("wrong.birth")
            return try show("birth", page, question, status: .unprocessableContent)
        }
        do {
            let opened = try await desk.citizens.giveBirthDate(
                birthDate, phone: page.way.phone, secret: secret, address: context.address)
            let next =
                page.way.draftPath.hasPrefix("/my/")
                ? page.way.draftPath + "?note=back" : page.way.follows ? "/my/cases" : "/my/bookings"
            return try page.on(to: next, session: opened)
        } catch let error as RedressError where error.code == .notFound {
            question.fields.e["birth"] = page.text("wrong.nobody")
            return try show("birth", page, question, status: .unprocessableContent)
        } catch let error as RedressError where error.code == .tryAgain {
            question.fields.e["birth"] = page.text("wrong.birthTooOften")
            return try show("birth", page, question, status: .tooManyRequests)
        }
    }

    /// Eight digits as people write a birth date, with or without marks between them.
    static func birthDate(_ text: String) -> CivilDate? {
        let digits = text.filter { $0.isASCII && $0.isNumber }
        guard digits.count == 8, text.allSatisfy({ $0.isNumber || " .-/년월일".contains($0) }) else {
            return nil
        }
        return CivilDate("\(digits.prefix(4))-\(digits.dropFirst(4).prefix(2))-\(digits.suffix(2))")
    }
}
