/// Whether the process lives, and whether it can do its work.
import Hummingbird
import RedressCore
import RedressDesk

struct HealthRoutes {
    let desk: Desk

    func add(to router: some RouterMethods<WebContext>) {
        router.get("healthz") { _, _ in try json(["status": "ok"]) }
        router.get("readyz") { _, _ in
            do {
                try await desk.ready()
                return try json(["status": "ready"])
            } catch let error as RedressError {
                return try json(["status": "not ready", "why": error.message], status: .serviceUnavailable)
            }
        }
    }
}
