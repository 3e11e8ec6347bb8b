/// Who is this caller; by POST, so that nothing personal stands in an address.
import FoundationEssentials
import Hummingbird
import NIOFoundationEssentialsCompat
import RedressCore
import RedressDesk

struct LookupRoutes {
    let desk: Desk

    private struct Question: Decodable {
        var phone: String
    }

    func add(to router: some RouterMethods<WebContext>) {
        router.post("lookups") { request, context in
            let body = try await request.body.collect(upTo: context.maxUploadSize)
            guard let question = try? JSONDecoder().decode(Question.self, from: Data(buffer: body)) else {
                throw RedressError(.badData, "The body must be JSON such as {\"phone\":\"010-1234-5678\"}.")
            }
            return try json(
                try await desk.lookups.phone(question.phone, by: try context.requireActor(), origin: "api"))
        }
    }
}
