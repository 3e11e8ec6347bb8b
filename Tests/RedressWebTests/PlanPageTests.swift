/// What the page of a plan says when a plan is longer than a page.
import Hummingbird
import HummingbirdTesting
import RedressEvidence
import Testing

@testable import RedressDesk
@testable import RedressWeb

@Suite("The page of a plan")
struct PlanPageTests {
    @Test(
        "Lists of 500 lines are whole; of longer ones the page says that they are cut, and the figures count all",
        arguments: [500, 501], Language.allCases)
    func longLists(_ count: Int, _ language: Language) async throws {
        let left = (0..<count).map { UnmetClaim(receipt: "R\($0)-", reason: "no-seat", seat: OrNull(nil)) }
        let plan = Plan(digest: "d", incident: "i", seats: [], unmet: left, suggestedAllotments: [])
        let writer = PageWriter(
            templates: PageTemplates(), language: language, actor: nil, path: "/staff/plan/i")
        let router = Router(context: WebContext.self)
        router.get("plan") { _, _ in
            try writer.page("plan", title: "", PlanModel(plan, canApply: false, [:], writer))
        }
        try await Application(router: router).test(.router) { client in
            let page = try await client.executeRequest(uri: "/plan", method: .get, headers: [:], body: nil)
                .page
            #expect(page.contains(writer.text("planCut")) == (count > 500))
            #expect(page.contains("R499-") && !page.contains("R500-"))
            #expect(page.contains(">\(count)<"), "all are counted")
        }
    }
}
