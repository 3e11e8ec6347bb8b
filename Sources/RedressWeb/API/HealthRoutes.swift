/// Whether the process lives, and whether it can do its work and why not.
import Hummingbird
import RedressCore
import RedressDesk

struct HealthRoutes {
    let desk: Desk
    let folder: String?

    /// What is answered to a probe.
    private struct Health: Encodable {
        var status: String
        var why: String?
        var checks: [Readiness.Check]?
    }

    func add(to router: some RouterMethods<WebContext>) {
        router.get("healthz") { _, _ in try json(Health(status: "ok")) }
        router.get("readyz") { _, _ in
            let readiness = await desk.monitor.readiness(folder: folder)
            guard !readiness.isReady else {
                return try json(Health(status: "ready", checks: readiness.checks))
            }
            return try json(
                Health(status: "not ready", why: readiness.why, checks: readiness.checks),
                status: .serviceUnavailable)
        }
    }
}
