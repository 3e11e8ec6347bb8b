/// What travels with a request: who is asking.
public import Hummingbird
import Logging
import NIOCore
public import RedressCore
public import RedressDesk

/// The context of one request.
public struct WebContext: RequestContext {
    /// What the framework needs.
    public var coreContext: CoreRequestContextStorage
    /// Who is asking; nil when nobody signed in, or a citizen has still to give the birth date.
    public var actor: Actor?
    /// The session behind the cookie; nil when there is none, or a token was sent.
    public var session: Session?
    /// What the cookie holds; nil when there is no live session.
    var sessionSecret: String?
    /// The address of the client, for counting attempts; never logged.
    public var address: String

    /// Bodies larger than this are refused, in bytes.
    public var maxUploadSize: Int { 65_536 }

    /// Makes the context of a fresh request.
    public init(source: Source) {
        coreContext = .init(source: source)
        address = source.channel.remoteAddress?.ipAddress ?? "unknown"
    }

    /// What the log names the request by; a logger that keeps nothing has no such name, so one is made.
    var requestId: String {
        logger[metadataKey: "hb.request.id"].map { "\($0)" }
            ?? String(UInt64.random(in: 0...UInt64.max), radix: 16)
    }

    /// Who is asking.
    ///
    /// - Throws: `Unauthorized` when nobody signed in.
    func requireActor() throws -> Actor {
        guard let actor else { throw Unauthorized() }
        return actor
    }

    /// The session behind the cookie.
    ///
    /// - Throws: `Unauthorized` when there is none.
    func requireSession() throws -> (session: Session, secret: String) {
        guard let session, let sessionSecret else { throw Unauthorized() }
        return (session, sessionSecret)
    }
}

/// The request carries no live token.
struct Unauthorized: Error {}
