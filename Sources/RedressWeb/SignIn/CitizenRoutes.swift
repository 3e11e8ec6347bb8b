/// Citizens as JSON: a code for any number, the birth date, and then their own cases and nobody else's.
import FoundationEssentials
import HTTPTypes
import Hummingbird
import RedressCore
import RedressDesk
import RedressEvidence

struct CitizenRoutes {
    let desk: Desk

    private struct Phone: Decodable {
        var phone: String
    }

    private struct Code: Decodable {
        var code: String
    }

    private struct Born: Decodable {
        var phone: String
        var birthDate: String
    }

    func add(to router: RouterGroup<WebContext>) {
        let group = router.group("").add(middleware: IdentityMiddleware(desk: desk, cookie: .citizen))
        group.post("codes") { request, context in
            let body = try await request.json(Phone.self, context, example: #"{"phone":"010-1234-5678"}"#)
            let language = NoticeLanguage(PageLanguage.of(request))
            return try json(
                try await desk.citizens.requestCode(
                    body.phone, address: context.address, language: language), status: .accepted)
        }
        group.post("codes/{request}/session") { request, context in
            let id = try context.parameters.require("request")
            let body = try await request.json(Code.self, context, example: #"{"code":"123456"}"#)
            return try begun(
                try await desk.citizens.confirm(
                    id, code: body.code, address: context.address,
                    replacing: SessionCookie.citizen.secret(of: request)), .citizen)
        }
        addSession(to: group)
    }

    private func addSession(to group: RouterGroup<WebContext>) {
        group.post("me/birth-date") { request, context in
            let secret = try context.requireSession().secret
            try context.requireCSRF(of: request)
            let body = try await request.json(
                Born.self, context, example: #"{"phone":"010-1234-5678","birth_date":"1967-03-01"}"#)
            guard let birthDate = CivilDate(body.birthDate) else {
                throw RedressError(.badData, "A birth date is written 1967-03-01.")
            }
            return try begun(
                try await desk.citizens.giveBirthDate(
                    birthDate, phone: body.phone, secret: secret, address: context.address), .citizen)
        }
        group.get("me/session") { _, context in
            try json(SessionView(try context.requireSession().session))
        }
        group.delete("me/session") { request, context in
            let secret = try context.requireSession().secret
            try context.requireCSRF(of: request)
            try await desk.sessions.end(secret)
            return ended(.citizen)
        }
    }
}
