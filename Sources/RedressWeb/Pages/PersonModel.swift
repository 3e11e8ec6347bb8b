/// What the page around a case shows: channel, number, representatives, files, related cases and the clock.
import RedressCore
import RedressDesk

/// Every notice of a case.
struct NoticesModel {
    var receipt: String
    var lines: [NoticeLine]
    var hasLines: Bool
}

/// The person around a case.
struct PersonModel {
    struct Mandate {
        var id: String
        var name: String
        var phone: String
        var relation: String
        var scope: String
        var proof: String
        var notices: String
        var until: String
    }

    struct File {
        var id: String
        var name: String
        var type: String
        var size: String
        var when: String
        var actor: String
    }

    struct Related {
        var receipt: String
        var why: String
    }

    var receipt: String
    var version: Int
    var state: Badge
    var canWork: Bool
    var canDecide: Bool
    var canDownload: Bool
    var isOpen: Bool
    var channels: [Choice]
    var languages: [Choice]
    var numberAskedBy: String?
    var canAskNumber: Bool
    var mandates: [Mandate]
    var scopes: [Choice]
    var proofs: [Choice]
    var addressees: [Choice]
    var files: [File]
    var hasFiles: Bool
    var related: [Related]
    var hasRelated: Bool
    var typedReason: String
    var due: String

    init(
        _ view: CaseView, reach: ReachView, mandates: [RepresentativeView], files: [AttachmentView],
        related: [RelatedCase], _ page: PageWriter, _ typed: PageForm?
    ) {
        receipt = view.receipt
        version = view.version
        state = page.badge("state", view.state)
        canWork = page.may(.workCases)
        canDecide = page.may(.decideCases)
        canDownload = page.may(.unmask)
        isOpen = CaseState(rawValue: view.state)?.isOpen ?? false
        channels = Choice.all(PreferredChannel.self, "prefer", chosen: reach.channel, page)
        languages = Choice.all(NoticeLanguage.self, "language", chosen: reach.language, page)
        numberAskedBy = reach.numberAskedBy
        canAskNumber = canWork && reach.numberAskedBy == nil
        self.mandates = mandates.map {
            Mandate(
                id: $0.id, name: $0.name, phone: $0.phone, relation: $0.relation,
                scope: page.text("scope.\($0.scope)"), proof: page.text("proof.\($0.proof)"),
                notices: page.text("addressee.\($0.noticesTo)"),
                until: SpokenTime.moment($0.expiresAt, page.language))
        }
        scopes = Choice.all(RepresentativeScope.self, "scope", chosen: typed?.optional("scope"), page)
        proofs = Choice.all(MandateProof.self, "proof", chosen: typed?.optional("proof"), page)
        addressees = Choice.all(Addressee.self, "addressee", chosen: typed?.optional("notices_to"), page)
        self.files = files.map {
            File(
                id: $0.id, name: $0.name, type: $0.type, size: "\(($0.size + 1023) / 1024) KB",
                when: SpokenTime.moment($0.at, page.language), actor: $0.actor)
        }
        hasFiles = !files.isEmpty
        self.related = related.filter { $0.receipt != view.receipt }.map { entry in
            Related(
                receipt: entry.receipt,
                why: entry.why.map { page.word("related", $0) }.joined(separator: ", "))
        }
        hasRelated = !self.related.isEmpty
        typedReason = typed?["reason"] ?? ""
        due = SpokenTime.moment(view.dueAt, page.language)
    }
}

extension PageWriter {
    /// The word for a value, or the value where it is somebody's own words.
    func word(_ group: String, _ value: String) -> String {
        Words.table["\(group).\(value)"] == nil ? value : text("\(group).\(value)")
    }
}
