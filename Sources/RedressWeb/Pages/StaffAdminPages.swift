/// The staff themselves: who is there, invited, of which role, disabled; and the answers they share.
import Hummingbird
import RedressCore
import RedressDesk
import RedressEvidence
import RedressStore

/// `/staff/people` and `/staff/answers`.
struct StaffAdminPages {
    let desk: Desk
    let templates: PageTemplates

    func add(to staff: RouterGroup<WebContext>) {
        staff.get("people") { request, context in
            try await people(PageWriter(request, context, templates))
        }
        staff.post("people/{act}") { request, context in try await act(request, context) }
        staff.get("answers") { request, context in
            try await answers(PageWriter(request, context, templates))
        }
        staff.post("answers") { request, context in
            let form = try await PageForm.read(request, context)
            do {
                try await desk.notes.save(form["name"], form["text"], by: try context.requireActor())
                return seeOther("/staff/answers?done=answer")
            } catch let error as RedressError where error.code != .fault {
                var page = PageWriter(request, context, templates)
                page.error = error.message
                return try await answers(page, typed: form)
            }
        }
    }

    private func people(
        _ page: PageWriter, invitation: PeopleModel.Invitation? = nil, typed: PageForm? = nil
    ) async throws -> Response {
        let staff = try await desk.staff.list(by: try page.requireActor())
        return try page.page(
            "people", title: page.text("staffPeople"), PeopleModel(staff, invitation, page, typed),
            status: page.error == nil ? .ok : .conflict)
    }

    private func act(_ request: Request, _ context: WebContext) async throws -> Response {
        try context.requireRecentSignIn()
        let act = try context.parameters.require("act")
        let actor = try context.requireActor()
        let form = try await PageForm.read(request, context)
        let name = form["name"]
        do {
            switch act {
            case "add":
                guard let role = Role(rawValue: form["role"]) else {
                    throw RedressError(.usage, "A member of the staff is one of: the roles. Not none.")
                }
                try await desk.staff.add(name, role: role, team: form.optional("team"), by: actor)
                return try await invited(
                    try await desk.signIn.invite(name, by: actor), name, request, context)
            case "invite":
                return try await invited(
                    try await desk.signIn.invite(name, by: actor), name, request, context)
            case "reset":
                return try await invited(try await desk.signIn.reset(name, by: actor), name, request, context)
            case "role":
                guard let role = Role(rawValue: form["role"]) else {
                    throw RedressError(.usage, "A member of the staff is one of: the roles. Not none.")
                }
                try await desk.staff.setRole(name, role, by: actor)
            case "disable": try await desk.staff.setDisabled(name, true, by: actor)
            case "enable": try await desk.staff.setDisabled(name, false, by: actor)
            default: throw RedressError(.notFound, "There is no such step.")
            }
            return seeOther("/staff/people?done=\(act)")
        } catch let error as RedressError where error.code != .fault {
            var page = PageWriter(request, context, templates)
            page.error = error.message
            return try await people(page, typed: form)
        }
    }

    /// An invitation is shown once, on this very page, and kept nowhere.
    private func invited(
        _ secret: String, _ name: String, _ request: Request, _ context: WebContext
    ) async throws -> Response {
        try await people(
            PageWriter(request, context, templates),
            invitation: PeopleModel.Invitation(name: name, secret: secret))
    }

    private func answers(_ page: PageWriter, typed: PageForm? = nil) async throws -> Response {
        let saved = try await desk.notes.answers(by: try page.requireActor())
        let model = AnswersModel(
            answers: saved.map { .init(name: $0.name, text: $0.text) }, canSave: page.may(.decideCases),
            name: typed?["name"] ?? "", text: typed?["text"] ?? "")
        return try page.page(
            "answers", title: page.text("savedAnswers"), model, status: page.error == nil ? .ok : .conflict)
    }
}

/// The staff, and an invitation that was just made.
struct PeopleModel {
    struct Invitation {
        var name: String
        var secret: String
    }

    struct Person {
        var name: String
        var team: String
        var isDisabled: Bool
        var state: Badge
        var roles: [Choice]
    }

    var invitation: Invitation?
    var people: [Person]
    var roles: [Choice]
    var name: String

    init(_ staff: [StaffView], _ invitation: Invitation?, _ page: PageWriter, _ typed: PageForm?) {
        self.invitation = invitation
        let roles = { (chosen: String?) in
            Role.ofStaff.map {
                Choice(
                    value: $0.rawValue, text: page.text("role.\($0.rawValue)"),
                    isChosen: $0.rawValue == chosen)
            }
        }
        people = staff.map {
            Person(
                name: $0.name, team: $0.team.value ?? "", isDisabled: $0.isDisabled,
                state: Badge(
                    kind: $0.isDisabled ? "bad" : "good",
                    text: page.text($0.isDisabled ? "disabled" : "enabled")), roles: roles($0.role))
        }
        self.roles = roles(typed?["role"] ?? Role.agent.rawValue)
        name = typed?["name"] ?? ""
    }
}

/// The answers that staff share.
struct AnswersModel {
    struct Answer {
        var name: String
        var text: String
    }

    var answers: [Answer]
    var canSave: Bool
    var name: String
    var text: String
}
