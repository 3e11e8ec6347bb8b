/// A citizen's own cases as JSON; another's number is answered as one that does not exist.
import FoundationEssentials
import HTTPTypes
import Hummingbird
import NIOCore
import RedressCore
import RedressDesk

struct OwnRoutes {
    let desk: Desk

    private struct Ask: Decodable {
        var incident: String
        var booking: String
    }

    private struct Answer: Decodable {
        var version: Int?
    }

    private struct Words: Decodable {
        var text: String
        var version: Int?
    }

    func add(to router: RouterGroup<WebContext>) {
        let group = router.group("me").add(middleware: IdentityMiddleware(desk: desk, cookie: .citizen))
        group.get("cases") { _, context in
            try json(try await desk.own.overview(by: try context.requireActor()))
        }
        group.get("cases/{receipt}") { _, context in
            try json(try await desk.own.show(try context.receipt(), by: try context.requireActor()))
        }
        group.get("cases/{receipt}/looks") { _, context in
            try json(try await desk.own.looks(at: try context.receipt(), by: try context.requireActor()))
        }
        group.get("cases/{receipt}/decision") { _, context in
            let page = try await desk.own.document(
                of: try context.receipt(), largePrint: false, by: try context.requireActor())
            return Response(
                status: .ok, headers: [.contentType: "text/html; charset=utf-8"],
                body: ResponseBody(byteBuffer: ByteBuffer(string: page)))
        }
        addActs(to: group)
    }

    private func addActs(to group: RouterGroup<WebContext>) {
        group.post("cases") { request, context in
            let actor = try context.requireActor()
            try context.requireCSRF(of: request)
            let body = try await request.json(
                Ask.self, context, example: #"{"incident":"2021-07-19","booking":"B1"}"#)
            return try json(
                try await desk.own.ask(forBooking: body.booking, incident: body.incident, by: actor),
                status: .created)
        }
        group.post("cases/{receipt}/acceptance") { request, context in
            let actor = try context.requireActor()
            try context.requireCSRF(of: request)
            let body = try await request.json(Answer.self, context, example: #"{"version":3}"#)
            return try json(
                try await desk.own.accept(try context.receipt(), version: body.version, by: actor))
        }
        group.post("cases/{receipt}/refusal") { request, context in
            let actor = try context.requireActor()
            try context.requireCSRF(of: request)
            let body = try await request.json(Answer.self, context, example: #"{"version":3}"#)
            return try json(
                try await desk.own.decline(try context.receipt(), version: body.version, by: actor))
        }
        group.post("cases/{receipt}/objection") { request, context in
            let actor = try context.requireActor()
            try context.requireCSRF(of: request)
            let body = try await request.json(Words.self, context, example: #"{"text":"…","version":3}"#)
            return try json(
                try await desk.own.object(
                    try context.receipt(), ground: body.text, version: body.version, by: actor))
        }
        group.post("cases/{receipt}/withdrawal") { request, context in
            let actor = try context.requireActor()
            try context.requireCSRF(of: request)
            let body = try await request.json(Words.self, context, example: #"{"text":"…","version":3}"#)
            return try json(
                try await desk.own.withdraw(
                    try context.receipt(), note: body.text, version: body.version, by: actor))
        }
    }
}
