/// Failures as problem details (RFC 9457): a stable type, a sentence, and nothing of the inside.
import FoundationEssentials
import HTTPTypes
import Hummingbird
import Logging
import NIOCore
import RedressCore
import RedressDesk

/// One problem document.
struct Problem: Codable {
    var type: String
    var title: String
    var status: Int
    var detail: String
}

/// A refusal that belongs to HTTP and has no place in the rules.
struct ProblemError: Error {
    var status: HTTPResponse.Status
    var type: String
    var detail: String
    var headers: HTTPFields

    init(_ status: HTTPResponse.Status, _ type: String, _ detail: String, headers: HTTPFields = [:]) {
        self.status = status
        self.type = type
        self.detail = detail
        self.headers = headers
    }
}

/// Turns every failure into a problem document; stands outermost, so that none becomes an empty answer.
struct ProblemMiddleware: RouterMiddleware {
    @concurrent func handle(
        _ request: Request, context: WebContext,
        next: @concurrent (Request, WebContext) async throws -> Response
    ) async throws -> Response {
        do {
            var response = try await next(request, context)
            // Files that pages load say for themselves that they are kept.
            if response.headers[.cacheControl] == nil { response.headers[.cacheControl] = "no-store" }
            return response
        } catch {
            let problem = Self.problem(error)
            if problem.status >= 500 {
                context.logger.error("request failed", metadata: ["type": "\(problem.type)"])
            }
            var extra = (error as? ProblemError)?.headers ?? [:]
            if let seconds = (error as? RedressError)?.details["retry_after_s"] {
                extra[.retryAfter] = seconds
            }
            return try Self.response(problem, extra)
        }
    }

    static func problem(_ error: any Error) -> Problem {
        var problem = plainProblem(error)
        problem.detail = NeutralWords.text(problem.detail)
        return problem
    }

    private static func plainProblem(_ error: any Error) -> Problem {
        switch error {
        case let error as ProblemError:
            return Problem(
                type: "urn:redress:problem:\(error.type)", title: error.status.reasonPhrase,
                status: error.status.code, detail: error.detail)
        case let error as RedressError where error.code == .tryAgain && error.details["version"] != nil:
            return Problem(
                type: "urn:redress:problem:version-changed", title: "Precondition Failed", status: 412,
                detail: error.message)
        case let error as RedressError where error.isChanged:
            return Problem(
                type: "urn:redress:problem:changed", title: "Conflict", status: 409, detail: error.message)
        case let error as RedressError where keyProblems[error.details["key"] ?? ""] != nil:
            let status = keyProblems[error.details["key"] ?? ""] ?? .conflict
            return Problem(
                type: "urn:redress:problem:key-\(error.details["key"] ?? "")", title: status.reasonPhrase,
                status: status.code, detail: error.message)
        case let error as RedressError where error.details["reauthenticate"] != nil:
            return Problem(
                type: "urn:redress:problem:prove-again", title: "Forbidden", status: 403,
                detail: error.message)
        case let error as RedressError:
            let isTooMuch = error.details["retry_after_s"] != nil
            let status = isTooMuch ? HTTPResponse.Status.tooManyRequests : status(of: error.code)
            // A fault's sentence names what is inside; the caller learns only that it is ours.
            let detail =
                error.code == .fault
                ? "redress itself failed. The operator finds the cause in the log." : error.message
            return Problem(
                type: "urn:redress:problem:\(error.code.rawValue)", title: status.reasonPhrase,
                status: status.code, detail: detail)
        case is Unauthorized:
            return Problem(
                type: "urn:redress:problem:unauthorized", title: "Unauthorized", status: 401,
                detail: "Sign in, or send a live staff token as `Authorization: Bearer …`.")
        case let error as HTTPError:
            return Problem(
                type: "urn:redress:problem:http-\(error.status.code)", title: error.status.reasonPhrase,
                status: error.status.code, detail: error.body ?? error.status.reasonPhrase)
        case let error as any HTTPResponseError:
            return Problem(
                type: "urn:redress:problem:http-\(error.status.code)", title: error.status.reasonPhrase,
                status: error.status.code, detail: error.status.reasonPhrase)
        default:
            return Problem(
                type: "urn:redress:problem:internal", title: "Internal Server Error", status: 500,
                detail: "redress itself failed. The operator finds the cause in the log.")
        }
    }

    private static let keyProblems: [String: HTTPResponse.Status] = [
        "other-request": .unprocessableContent, "in-flight": .conflict, "unknown": .conflict,
    ]

    private static func status(of code: RedressError.Code) -> HTTPResponse.Status {
        switch code {
        case .refused: .conflict
        case .usage: .badRequest
        case .badData: .unprocessableContent
        case .notFound: .notFound
        case .unavailable, .tryAgain: .serviceUnavailable
        case .fault: .internalServerError
        case .notAllowed: .forbidden
        }
    }

    static func response(_ problem: Problem, _ extra: HTTPFields) throws -> Response {
        var headers: HTTPFields = [.contentType: "application/problem+json", .cacheControl: "no-store"]
        if problem.status == 401 { headers[.wwwAuthenticate] = "Bearer" }
        headers.append(contentsOf: extra)
        return Response(
            status: HTTPResponse.Status(code: problem.status, reasonPhrase: problem.title), headers: headers,
            body: ResponseBody(byteBuffer: ByteBuffer(string: try JSONDocument.line(problem))))
    }
}

/// An answer as a JSON document, in the one form redress writes.
func json(_ value: some Encodable, status: HTTPResponse.Status = .ok) throws -> Response {
    Response(
        status: status, headers: [.contentType: "application/json; charset=utf-8"],
        body: ResponseBody(byteBuffer: ByteBuffer(string: try JSONDocument.line(value))))
}
