/// The HTTP service: one router, its limits, and a clean end.
public import Hummingbird
import HummingbirdCore
public import Logging
import NIOCore
public import RedressDesk
public import ServiceLifecycle
import UnixSignals

/// Serves the API on loopback until the process is told to stop; requests under way are finished first.
///
/// - Parameters:
///   - port: the port on 127.0.0.1; 0 lets the system choose.
///   - services: what runs beside it, until it stops.
///   - noticeSecret: what the gateway of notices signs its callbacks with; nil when it makes none.
///   - logger: where the service says what it does; never personal data.
public func serve(
    desk: Desk, port: Int, beside services: [any Service] = [], noticeSecret: [UInt8]? = nil,
    logger: Logger
) async throws {
    let application = Application(
        router: buildSite(desk: desk, noticeSecret: noticeSecret),
        server: .http1(
            configuration: HTTP1Channel.Configuration(
                idleTimeout: .seconds(15),
                httpDecoderConfiguration: .init(
                    maxHeaderFieldSize: 8192, maxHeaderListSize: 16_384, maxHeaderFieldCount: 64))),
        configuration: ApplicationConfiguration(
            address: .hostname("127.0.0.1", port: port), serverName: "redress",
            availableConnectionsDelegate: .maximum(1024, logger: logger)),
        onServerRunning: { channel in
            logger.notice("listening on 127.0.0.1:\(channel.localAddress?.port ?? port)")
        },
        logger: logger)
    var configuration = ServiceGroupConfiguration(
        services: [application] + Upkeep.all(desk, logger) + services,
        gracefulShutdownSignals: [.sigterm, .sigint], logger: logger)
    configuration.maximumGracefulShutdownDuration = .seconds(10)
    try await ServiceGroup(configuration: configuration).run()
}

/// The routes of the service with everything that stands in front of them; tests use it without sockets.
public func buildRouter(desk: Desk, noticeSecret: [UInt8]? = nil) -> Router<WebContext> {
    let router = Router(context: WebContext.self)
    router.add(middleware: ProblemMiddleware())
    router.add(middleware: MethodMiddleware(templates: API.templates))
    HealthRoutes(desk: desk).add(to: router)
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
public func buildSite(desk: Desk, noticeSecret: [UInt8]? = nil) -> Router<WebContext> {
    let router = buildRouter(desk: desk, noticeSecret: noticeSecret)
    StaffRoutes(desk: desk, templates: PageTemplates()).add(to: router)
    CitizenPages(desk: desk, templates: PageTemplates()).add(to: router)
    return router
}
