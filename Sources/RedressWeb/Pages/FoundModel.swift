/// Everyone a search led to, masked, with what they hold and what was opened for them.
import RedressCore
import RedressDesk

/// The page of a search.
struct FoundModel {
    struct Person {
        var name: String
        var phone: String
        var promise: String?
        var cases: [CaseLine]
        var bookings: [Booking]
    }

    struct Booking {
        var incident: String
        var booking: String
        var when: String
        var status: Badge
        var canOpen: Bool
    }

    var count: Int
    var searched: String
    var isCut: Bool
    var asOf: String?
    var meant: [String]
    var people: [Person]

    init(_ report: LookupReport?, _ query: LookupQuery?, _ page: PageWriter) {
        count = report?.people.count ?? 0
        searched = query.map { page.text("searched.\($0.word)") } ?? ""
        isCut = report?.isCut ?? false
        asOf = report?.asOf.map { SpokenTime.moment($0, page.language) }
        meant = report?.didYouMean ?? []
        people = (report?.people ?? []).map { Person($0, page) }
    }
}

extension FoundModel.Person {
    /// Somebody found, as a reader of this page may see them.
    init(_ person: FoundPerson, _ page: PageWriter) {
        name = person.name.value ?? person.person
        phone = person.phone.value ?? "–"
        promise = person.promise.value
        cases = person.cases.map { CaseLine($0, page) }
        bookings = person.bookings.map { booking in
            FoundModel.Booking(
                incident: person.incident, booking: booking.booking,
                when: SpokenTime.seat(date: booking.date, slot: booking.slot, page.language),
                status: page.badge("booking", booking.status),
                canOpen: booking.status == "revoked" && page.may(.workCases)
                    && !person.cases.contains { $0.booking == booking.booking })
        }
    }
}

extension LookupQuery {
    /// The word for what is searched.
    fileprivate var word: String {
        switch self {
        case .phone: "phone"
        case .name: "name"
        case .lastFour: "lastFour"
        case .booking: "booking"
        case .receipt: "receipt"
        }
    }
}
