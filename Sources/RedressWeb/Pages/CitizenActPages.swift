/// What a citizen does in a case: yes or no to an offer, objection, withdrawal, an answer, a file.
import HTTPTypes
import Hummingbird
import RedressCore
import RedressDesk

/// One thing that may be done, each on a page of its own that says what it will do.
enum CitizenAct: String, CaseIterable {
    case accept
    case decline
    case object
    case withdraw
    case answer

    /// Whether it needs words.
    var needsWords: Bool { [.object, .answer].contains(self) }
    /// Whether there is room for words.
    var takesWords: Bool { needsWords || self == .withdraw }

    /// The states it can be done in.
    var states: Set<String> {
        switch self {
        case .accept, .decline: [CaseState.offered.rawValue]
        case .object: [CaseState.rejected.rawValue, CaseState.notAffected.rawValue]
        case .answer: [CaseState.needsInformation.rawValue]
        case .withdraw:
            Set(
                CaseState.allCases.filter { state in state.moves.contains { $0.to == .withdrawn } }.map(
                    \.rawValue))
        }
    }

    /// The state it leads to, by which a second sending of the same form is known.
    var result: Set<String> {
        switch self {
        case .accept: [CaseState.restored.rawValue]
        case .decline: [CaseState.inReview.rawValue]
        case .object: [CaseState.objection.rawValue]
        case .answer: [CaseState.inReview.rawValue, CaseState.verifying.rawValue]
        case .withdraw: [CaseState.withdrawn.rawValue]
        }
    }
}

struct CitizenActPages {
    let desk: Desk
    let templates: PageTemplates
    let pages: CitizenCasePages

    private struct Step {
        var fields: CitizenFields
        var act: String
        var title: String
        var effects: [String]
        var button: String
        var isDanger: Bool
        var label: String?
        var question: String?
        var isRequired: Bool
        var path: String
        var back: String
        var csrf: String
        var version: Int
        var key: String
    }

    private struct Files {
        var fields = CitizenFields()
        var files: [CitizenCaseModel.File]
        var path: String
        var back: String
        var csrf: String
    }

    func add(to cases: RouterGroup<WebContext>) {
        cases.get("{place}/files") { request, context in
            let (story, place) = try await pages.story(context)
            return try files(CitizenWriter(request, context, desk, templates), story, place)
        }
        cases.post("{place}/files") { request, context in try await attach(request, context) }
        for act in CitizenAct.allCases {
            cases.get("{place}/\(act.rawValue)") { request, context in
                let (story, place) = try await pages.story(context)
                var page = CitizenWriter(request, context, desk, templates)
                guard act.states.contains(story.own.summary.state) else {
                    return seeOther("/my/cases/\(place)?note=changed")
                }
                let fields = CitizenFields(v: page.typed)
                page.forgetTyped()
                return try show(act, page, story, place, fields)
            }
            cases.post("{place}/\(act.rawValue)") { request, context in
                try await perform(act, request, context)
            }
        }
    }

    private func show(
        _ act: CitizenAct, _ page: CitizenWriter, _ story: OwnStory, _ place: Int, _ fields: CitizenFields,
        error: String? = nil, key: String? = nil, status: HTTPResponse.Status = .ok
    ) throws -> Response {
        let name = act.rawValue
        let back = "/my/cases/\(place)"
        let step = Step(
            fields: fields, act: name, title: page.text("act.own.\(name)"),
            effects: effects(of: act, page, story), button: page.text("act.own.\(name).button"),
            isDanger: [.decline, .withdraw].contains(act),
            label: act.takesWords ? page.text("act.own.\(name).label") : nil,
            question: act == .answer ? story.question : nil, isRequired: act.needsWords,
            path: "\(back)/\(name)", back: back, csrf: page.session?.csrf ?? "",
            version: story.own.summary.version, key: key ?? CitizenCases.freshKey())
        return try page.page(
            "citizen-act", title: step.title, step, wrong: fields, error: error, status: status)
    }

    /// What the step will do, a sentence each.
    private func effects(of act: CitizenAct, _ page: CitizenWriter, _ story: OwnStory) -> [String] {
        let seat = story.own.offer.value.map { SpokenTime.seat($0.seat, page.language) } ?? ""
        let held = story.held.map { SpokenTime.seat(date: $0.date, slot: $0.slot, page.language) }
        let has = held.isEmpty ? "none" : "held"
        return ["1", "2"].map { "act.own.\(act.rawValue).\($0)" }
            .map { Words.table["\($0).\(has)"] == nil ? $0 : "\($0).\(has)" }
            .filter { Words.table[$0] != nil }
            .map { page.text($0, ["seat": seat, "held": held.joined(separator: ", ")]) }
    }

    private func perform(
        _ act: CitizenAct, _ request: Request, _ context: WebContext
    ) async throws -> Response {
        let form = try await PageForm.read(request, context)
        let actor = try context.requireCitizen(form, keeping: act.takesWords ? ["text"] : [])
        let (story, place) = try await pages.story(context)
        var page = CitizenWriter(request, context, desk, templates)
        let receipt = try ReceiptNumber(story.own.summary.receipt)
        var fields = CitizenFields(v: ["text": form["text"]])
        if act.needsWords, form["text"].isEmpty {
            fields.e["text"] = page.text("wrong.empty")
            return try show(act, page, story, place, fields, status: .unprocessableContent)
        }
        do {
            try await perform(act, receipt, form, actor, page)
        } catch let error as RedressError where error.code != .fault {
            let (now, _) = try await pages.story(context)
            if act.result.contains(now.own.summary.state) { return try page.on(to: "/my/cases/\(place)") }
            if error.code == .badData {
                fields.e["text"] = page.wrong(words: error)
            } else if !act.states.contains(now.own.summary.state) {
                return try page.on(to: "/my/cases/\(place)?note=changed")
            }
            let text =
                error.code == .tryAgain
                ? page.text("wrong.changed") : page.text("wrong.refused.\(act.rawValue)")
            return try show(
                act, page, now, place, fields, error: fields.e.isEmpty ? text : nil,
                status: fields.e.isEmpty ? .conflict : .unprocessableContent)
        }
        page.forgetTyped()
        return try page.on(to: "/my/cases/\(place)?note=\(act.rawValue)")
    }

    private func perform(
        _ act: CitizenAct, _ receipt: ReceiptNumber, _ form: PageForm, _ actor: Actor,
        _ page: CitizenWriter
    ) async throws {
        let version = Int(form["version"])
        let key = form.optional("key").map { "own-\(act.rawValue)-\($0.prefix(40))" }
        switch act {
        case .accept: _ = try await desk.own.accept(receipt, version: version, key: key, by: actor)
        case .decline: _ = try await desk.own.decline(receipt, version: version, key: key, by: actor)
        case .object:
            _ = try await desk.own.object(receipt, ground: form["text"], version: version, by: actor)
        case .answer:
            _ = try await desk.own.answer(receipt, text: form["text"], version: version, by: actor)
        case .withdraw:
            _ = try await desk.own.withdraw(
                receipt, note: form.optional("text") ?? page.text("act.own.withdraw.silent"),
                version: version, by: actor)
        }
    }

    private func files(
        _ page: CitizenWriter, _ story: OwnStory, _ place: Int, wrong: String? = nil
    ) throws -> Response {
        var model = Files(
            files: CitizenCaseModel.files(story, page), path: "/my/cases/\(place)/files",
            back: "/my/cases/\(place)", csrf: page.session?.csrf ?? "")
        if let wrong { model.fields.e["file"] = wrong }
        return try page.page(
            "citizen-files", title: page.text("files.title"), model, wrong: model.fields,
            status: wrong == nil ? .ok : .unprocessableContent)
    }

    private func attach(_ request: Request, _ context: WebContext) async throws -> Response {
        let form = try await PageForm.read(request, context)
        let file = form.file("file") ?? PageForm.File(name: "", bytes: [])
        let actor = try context.requireCitizen(form, keeping: [])
        let (story, place) = try await pages.story(context)
        let page = CitizenWriter(request, context, desk, templates)
        let wrong = file.bytes.isEmpty ? page.text("wrong.fileNone") : page.wrong(file: file.bytes)
        if let wrong { return try files(page, story, place, wrong: wrong) }
        do {
            _ = try await desk.own.attach(
                file.bytes, name: file.name,
                to: try ReceiptNumber(story.own.summary.receipt), by: actor)
        } catch let error as RedressError where [.badData, .refused].contains(error.code) {
            return try files(page, story, place, wrong: page.wrong(words: error))
        }
        return try page.on(to: "/my/cases/\(place)?note=file")
    }
}
