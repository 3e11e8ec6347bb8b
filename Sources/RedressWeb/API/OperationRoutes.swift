/// Puts operations on the router: reads and checks what came, asks who may, remembers answers under their key.
import Crypto
import FoundationEssentials
import HTTPTypes
import Hummingbird
import NIOCore
import NIOFoundationEssentialsCompat
import RedressCore
import RedressDesk
import Tracing

/// Adds every operation of the API to a router.
struct OperationRoutes {
    let desk: Desk
    let operations: [Operation]

    func add(to router: some RouterMethods<WebContext>) {
        for operation in operations {
            router.on(RouterPath(operation.path), method: operation.method) { request, context in
                try await serve(operation, request, context)
            }
        }
    }

    private func serve(_ operation: Operation, _ request: Request, _ context: WebContext) async throws
        -> Response
    {
        let actor = try context.requireActor()
        // The one question of who may; the desk asks it again at the start of every use case.
        try actor.require(operation.permission)
        if operation.wantsProof { try context.requireRecentSignIn() }
        let query = try Self.query(request, operation)
        let bytes = try await Self.bytes(request, operation)
        let given = Self.key(request)
        let call = Call(
            desk: desk, actor: actor,
            parameters: Dictionary(
                operation.parameters.map { ($0, context.parameters.get($0) ?? "") },
                uniquingKeysWith: { $1 }),
            query: query, body: try Self.body(bytes, operation),
            version: try operation.effect.needsVersion ? Self.version(request) : nil,
            key: given.map { RequestKey(actor: actor, key: $0).id })
        let run = { @Sendable in
            do {
                return try await withSpan("desk.\(operation.id)") { _ in try await operation.run(call) }
            } catch let error as RedressError where error.code == .usage {
                // The fields were of the right form, or it would not have come here: this is what they alone cannot tell.
                throw RedressError(.badData, error.message, details: error.details)
            }
        }
        guard operation.effect.needsKey else { return Self.response(try await run()) }
        guard let given, Self.isKey(given) else {
            throw ProblemError(
                .badRequest, "key-missing",
                "Send an Idempotency-Key of 1 to 255 letters, digits, - and _, made new for every change you ask for."
            )
        }
        let digest = SHA256.hash(
            data: Array("\(request.method) \(request.uri.string) \(call.version ?? -1)\n".utf8) + bytes)
        let ticket = RequestTicket(
            key: RequestKey(actor: actor, key: given), request: Array(digest),
            isRepeatable: operation.effect.isRepeatable)
        return Self.response(try await once(ticket, run))
    }

    private func once(_ ticket: RequestTicket, _ work: () async throws -> Answer) async throws -> Answer {
        if let kept = try await desk.requestKeys.begin(ticket) {
            return Answer(
                status: kept.status, type: kept.type, bytes: Array(kept.body.utf8), version: kept.version)
        }
        let answer: Answer
        do {
            answer = try await work()
        } catch let error as RedressError where error.code != .fault {
            // A rule refused it and nothing was changed: the key is free for another try. Where nobody knows whether
            // it was done, only what the desk itself does once may be tried again.
            if error.details["outcome"] != "unknown" || ticket.isRepeatable {
                try await desk.requestKeys.forget(ticket)
            }
            throw error
        }
        // It was done by now: when its answer cannot be kept, the key stays taken, so that it is not done twice.
        try await desk.requestKeys.finish(
            ticket,
            KeptAnswer(
                status: answer.status, type: answer.type, version: answer.version,
                body: String(decoding: answer.bytes, as: UTF8.self)))
        return answer
    }

    private static func key(_ request: Request) -> String? {
        request.headers[.idempotencyKey]
    }

    private static func isKey(_ text: String) -> Bool {
        (1...255).contains(text.utf8.count)
            && text.allSatisfy { $0.isASCII && ($0.isLetter || $0.isNumber || "-_".contains($0)) }
    }

    private static func bytes(_ request: Request, _ operation: Operation) async throws -> [UInt8] {
        if let length = request.headers[.contentLength].flatMap(Int.init), length > operation.mostBytes {
            throw HTTPError(.contentTooLarge)
        }
        let buffer = try await request.body.collect(upTo: operation.mostBytes)
        return Array(buffer.readableBytesView)
    }

    private static func body(_ bytes: [UInt8], _ operation: Operation) throws -> [String: JSONValue] {
        guard operation.method != .get else { return [:] }
        if bytes.isEmpty, operation.body.allSatisfy({ !$0.isRequired }) { return [:] }
        guard case .object(let values)? = try? JSONDecoder().decode(JSONValue.self, from: Data(bytes)) else {
            throw RedressError(
                .usage,
                "The body must be a JSON object of: \(operation.body.map(\.name).joined(separator: ", ")).")
        }
        return try checked(values, operation.body, "field")
    }

    private static func query(_ request: Request, _ operation: Operation) throws -> [String: JSONValue] {
        var values: [String: JSONValue] = [:]
        for (name, text) in request.uri.queryParameters {
            let field = operation.query.first { $0.name == name }
            guard values[String(name)] == nil else {
                throw RedressError(.usage, "`\(name)` is given twice.")
            }
            values[String(name)] = field?.value(of: String(text)) ?? .text(String(text))
        }
        return try checked(values, operation.query, "parameter")
    }

    private static func checked(_ values: [String: JSONValue], _ fields: [Field], _ what: String) throws
        -> [String: JSONValue]
    {
        for field in fields {
            switch values[field.name] {
            case nil where field.isRequired:
                throw RedressError(
                    .usage, "`\(field.name)` is missing; it is \(field.form).",
                    details: ["field": field.name])
            case nil: continue
            case let value?: try field.check(value)
            }
        }
        let known = Set(fields.map(\.name))
        if let name = values.keys.sorted().first(where: { !known.contains($0) }) {
            let names = known.sorted().joined(separator: ", ")
            throw RedressError(
                .usage,
                "There is no \(what) `\(name.prefix(64))`; there is: \(names.isEmpty ? "none" : names).")
        }
        return values
    }

    private static func version(_ request: Request) throws -> Int {
        guard let header = request.headers[.ifMatch] else {
            throw ProblemError(
                .preconditionRequired, "version-missing",
                "Send the ETag of the case you saw as If-Match, as in If-Match: \"3\".")
        }
        guard header.hasPrefix("\""), header.hasSuffix("\""),
            let version = Int(header.dropFirst().dropLast()),
            version >= 0
        else {
            throw RedressError(.usage, "If-Match must be the case's ETag, as in \"3\".")
        }
        return version
    }

    private static func response(_ answer: Answer) -> Response {
        var headers: HTTPFields = [.contentType: answer.type]
        if let version = answer.version { headers[.eTag] = "\"\(version)\"" }
        if !answer.type.hasPrefix("application/json") {
            headers[.contentDisposition] = "attachment"
        }
        return Response(
            status: HTTPResponse.Status(code: answer.status), headers: headers,
            body: ResponseBody(byteBuffer: ByteBuffer(bytes: answer.bytes)))
    }
}

extension HTTPField.Name {
    /// `Idempotency-Key`.
    static let idempotencyKey = HTTPField.Name("Idempotency-Key") ?? .date
}
