/// Who is this caller; by POST, so that nothing personal stands in an address.
import FoundationEssentials
import Hummingbird
import NIOFoundationEssentialsCompat
import RedressCore
import RedressDesk

struct LookupRoutes {
    let desk: Desk

    /// What a caller says of themselves: one of the ways of the desk's lookup.
    private struct Question: Decodable {
        var phone: String?
        var name: String?
        var birthDate: String?
        var lastFour: String?
        var booking: String?
        var receipt: String?

        /// - Throws: `.badData` when it is none of the ways, or more than one.
        func query() throws -> LookupQuery {
            let born = try birthDate.map { text in
                guard let date = CivilDate(text) else {
                    throw RedressError(.badData, "birth_date must be a date such as 1967-03-01.")
                }
                return date
            }
            switch (phone, name, lastFour, booking, receipt) {
            case (let phone?, nil, nil, nil, nil) where born == nil: return .phone(phone)
            case (nil, let name?, nil, nil, nil):
                if let born { return .name(name, birthDate: born) }
            case (nil, let name, let digits?, nil, nil): return .lastFour(digits, name: name, birthDate: born)
            case (nil, nil, nil, let booking?, nil) where born == nil: return .booking(booking)
            case (nil, nil, nil, nil, let receipt?) where born == nil: return .receipt(receipt)
            default: break
            }
            throw RedressError(
                .badData,
                "Ask by phone, by name and birth_date, by last_four (with name or birth_date), by booking or by receipt."
            )
        }
    }

    func add(to router: some RouterMethods<WebContext>) {
        router.post("lookups") { request, context in
            let body = try await request.body.collect(upTo: context.maxUploadSize)
            let decoder = JSONDecoder()
            decoder.keyDecodingStrategy = .convertFromSnakeCase
            guard let question = try? decoder.decode(Question.self, from: Data(buffer: body)) else {
                throw RedressError(.badData, "The body must be JSON such as {\"phone\":\"010-1234-5678\"}.")
            }
            return try json(
                try await desk.lookups.find(question.query(), by: try context.requireActor(), origin: "api"))
        }
    }
}
