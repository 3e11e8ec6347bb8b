/// Cases as JSON.
import Hummingbird
import RedressCore
import RedressDesk

struct CaseRoutes {
    let desk: Desk

    func add(to router: some RouterMethods<WebContext>) {
        router.get("cases/{receipt}") { _, context in
            let actor = try context.requireActor()
            let receipt = try ReceiptNumber(try context.parameters.require("receipt"))
            return try json(try await desk.cases.show(receipt, by: actor, origin: "api"))
        }
    }
}
