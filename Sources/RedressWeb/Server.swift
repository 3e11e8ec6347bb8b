/// The HTTP service: one router, its limits, and a clean end.
public import Hummingbird
import HummingbirdCore
public import Logging
import NIOCore
import RedressCore
public import RedressDesk
public import ServiceLifecycle
import UnixSignals

/// How a server is reached, and its limits.
public struct ServerSettings: Sendable {
    /// The address to listen on.
    public var host = "127.0.0.1"
    /// The port; 0 lets the system choose.
    public var port = 8080
    /// What is refused.
    public var limits = ServerLimits()
    /// Whose `Forwarded` is believed.
    public var proxies = TrustedProxies.none
    /// What connections are encrypted with; nil for none.
    public var certificates: Certificates?
    /// What the gateway of notices signs its callbacks with; nil when it makes none.
    public var noticeSecret: [UInt8]?
    /// The organisation's identity provider; nil when staff sign in with passwords alone.
    public var openID: OpenIDSettings?
    /// What it tells about itself.
    public var monitoring = Monitoring()
    /// Told the port once it listens.
    public var onRunning: @Sendable (Int) -> Void = { _ in }

    /// A server on loopback with the usual limits.
    public init() {}

    /// Throws `.usage` when what people type would cross a network in clear.
    func requirePrivacy() throws {
        let isLocal = ["127.0.0.1", "::1", "localhost"].contains(host)
        guard isLocal || certificates != nil || !proxies.isEmpty else {
            throw RedressError(
                .usage,
                "Serving \(host) needs a certificate, or the list of the proxies in front that encrypt.")
        }
    }
}

/// Serves the site until the process is told to stop; requests under way are finished first.
///
/// - Parameters:
///   - services: what runs beside it, until it stops.
///   - logger: where the service says what it does; never personal data.
public func serve(
    desk: Desk, settings: ServerSettings, beside services: [any Service] = [], logger: Logger
) async throws {
    try settings.requirePrivacy()
    try PageTemplates.prepare()
    let application = Application(
        router: buildSite(
            desk: desk, noticeSecret: settings.noticeSecret, openID: settings.openID,
            door: FrontDoor(settings.limits, proxies: settings.proxies), monitoring: settings.monitoring),
        server: .guarded(settings.limits, settings.certificates),
        configuration: ApplicationConfiguration(
            address: .hostname(settings.host, port: settings.port), serverName: "redress", backlog: 1024),
        onServerRunning: { channel in
            let port = channel.localAddress?.port ?? settings.port
            logger.notice("listening on \(settings.host):\(port)")
            settings.onRunning(port)
        },
        logger: logger)
    var beside = Upkeep.all(desk, logger) + services
    if let certificates = settings.certificates {
        beside.append(CertificateReload(certificates: certificates, logger: logger))
        beside.append(
            Upkeep(name: "the certificate", pause: .seconds(10), logger: logger) {
                certificates.refresh(always: false, logger)
            })
    }
    var configuration = ServiceGroupConfiguration(
        services: [application] + beside, gracefulShutdownSignals: [.sigterm, .sigint], logger: logger)
    configuration.maximumGracefulShutdownDuration = .seconds(settings.limits.drainSeconds)
    try await ServiceGroup(configuration: configuration).run()
}

/// The routes of the service with everything that stands in front of them; tests use it without sockets.
public func buildRouter(
    desk: Desk, noticeSecret: [UInt8]? = nil, door: FrontDoor = FrontDoor(),
    monitoring: Monitoring = Monitoring()
) -> Router<WebContext> {
    let router = Router(context: WebContext.self)
    router.add(middleware: RequestObserver(metrics: monitoring.metrics))
    router.add(middleware: ProblemMiddleware())
    router.add(middleware: FrontDoorMiddleware(door: door))
    router.add(middleware: MethodMiddleware(templates: API.templates))
    HealthRoutes(desk: desk, folder: monitoring.folder).add(to: router)
    MetricsRoutes(desk: desk, monitoring: monitoring).add(to: router)
    if let noticeSecret { NoticeCallbackRoutes(desk: desk, secret: noticeSecret).add(to: router) }
    DescriptionRoutes().add(to: router)
    SignInRoutes(desk: desk).add(to: router.group("api/v1"))
    CitizenRoutes(desk: desk).add(to: router.group("api/v1"))
    OwnRoutes(desk: desk).add(to: router.group("api/v1"))
    let api = router.group("api/v1")
        .add(middleware: IdentityMiddleware(desk: desk, cookie: .staff))
        .add(middleware: StaffMiddleware())
    OperationRoutes(desk: desk, operations: API.operations).add(to: api)
    return router
}

/// The service as it is served: the API with the pages for people beside it.
public func buildSite(
    desk: Desk, noticeSecret: [UInt8]? = nil, openID: OpenIDSettings? = nil, door: FrontDoor = FrontDoor(),
    monitoring: Monitoring = Monitoring()
) -> Router<WebContext> {
    let router = buildRouter(desk: desk, noticeSecret: noticeSecret, door: door, monitoring: monitoring)
    router.add(middleware: MissingPageMiddleware(desk: desk, templates: PageTemplates()))
    StaffRoutes(
        desk: desk, templates: PageTemplates(hasOrganisation: openID != nil),
        provider: openID.map { OpenIDProvider($0) }
    ).add(to: router)
    CitizenPages(desk: desk, templates: PageTemplates()).add(to: router)
    return router
}
