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

    init(_ report: LookupReport?, _ page: PageWriter) {
        count = report?.people.count ?? 0
        searched = report?.searched ?? ""
        isCut = report?.isCut ?? false
        asOf = report?.asOf
        meant = report?.didYouMean ?? []
        people = (report?.people ?? []).map { person in
            Person(
                name: person.name.value ?? person.person, phone: person.phone.value ?? "–",
                promise: person.promise.value, cases: person.cases.map { CaseLine($0, page) },
                bookings: person.bookings.map { booking in
                    Booking(
                        incident: person.incident, booking: booking.booking,
                        when: SpokenTime.seat(date: booking.date, slot: booking.slot, page.language),
                        status: page.badge("booking", booking.status),
                        canOpen: booking.status == "revoked"
                            && page.actor?.role.permissions.contains(.workCases) == true
                            && !person.cases.contains { $0.booking == booking.booking })
                })
        }
    }
}
