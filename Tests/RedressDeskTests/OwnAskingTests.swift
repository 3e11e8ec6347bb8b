import Foundation
import RedressCore
import RedressStore
import TestSupport
import Testing

@testable import RedressDesk

@Suite("Citizens ask, claim, answer and print")
struct OwnAskingTests {
    private static func citizen(_ number: Int) -> Actor {
        Actor(name: "citizen", role: .citizen, people: ["\(DeskFixture.incident)/p\(number)"])
    }

    private static func audited(_ action: String, _ fixture: DeskFixture) async throws -> Int {
        try await fixture.desk.database.read {
            try $0.count("SELECT count(*) FROM audit WHERE action = $1", [action.stored])
        }
    }

    @Test("Whoever is verified and holds nothing is back on the date at once; asking again changes nothing")
    func seated() async throws {
        let fixture = try await DeskFixture()
        let receipt = try await fixture.addPerson(7)
        try await fixture.allot(1)
        for _ in 1...2 {
            let asked = try await fixture.desk.own.ask(
                forBooking: "B7", incident: DeskFixture.incident, wanting: .originalSlot,
                by: Self.citizen(7))
            #expect(asked.summary.receipt == receipt.description)
            #expect(asked.summary.state == "restored")
            #expect(asked.summary.restored.value?.date == "2021-08-16")
        }
        #expect(try await fixture.desk.check.run(by: fixture.actor).ok)
    }

    @Test("Whoever holds a later booking is asked first, and keeps it until the yes")
    func offered() async throws {
        let fixture = try await DeskFixture()
        _ = try await fixture.addPerson(7, holding: DeskFixture.laterSlot)
        try await fixture.allot(1)
        let asked = try await fixture.desk.own.ask(
            forBooking: "B7", incident: DeskFixture.incident, wanting: .originalSlot, by: Self.citizen(7))
        #expect(asked.summary.state == "offered" && asked.offer.value?.rung == "original-slot")
        let story = try await fixture.desk.own.story(
            of: try ReceiptNumber(asked.summary.receipt), by: Self.citizen(7))
        #expect(story.held.map(\.booking) == ["L7"])
    }

    @Test("Another wish is written down and met from the ladder; without a seat the case waits for staff")
    func wishes() async throws {
        let fixture = try await DeskFixture()
        let first = try await fixture.addPerson(7)
        let second = try await fixture.addPerson(8)
        let other = Slot(
            site: "C002", vaccine: "moderna", date: DeskFixture.slot.date, time: TimeOfDay(minutes: 660))
        try await fixture.allot(1, to: other)
        let asked = try await fixture.desk.own.ask(
            forBooking: "B7", incident: DeskFixture.incident, wanting: .nearbySite, by: Self.citizen(7))
        #expect(asked.summary.state == "offered" && asked.offer.value?.seat.site == "C002")
        #expect(try await fixture.row(first).remedy == .nearbySite)
        let left = try await fixture.desk.own.ask(
            forBooking: "B8", incident: DeskFixture.incident, wanting: .sameDate, by: Self.citizen(8))
        #expect(left.summary.state == "verifying")
        #expect(try await fixture.row(second).remedy == .sameDate)
        #expect(try await Self.audited("case.want", fixture) == 2)
    }

    @Test("Who is not verified goes to a person, whatever seats there are")
    func undecided() async throws {
        let fixture = try await DeskFixture()
        _ = try await fixture.addPerson(7, verdict: nil)
        try await fixture.allot(1)
        let asked = try await fixture.desk.own.ask(
            forBooking: "B7", incident: DeskFixture.incident, wanting: .originalSlot, by: Self.citizen(7))
        #expect(asked.summary.state == "in-review" && asked.summary.verdict.value == "undetermined")
    }

    @Test("A booking no register has opens one case a form, with what was said and the picture once")
    func unlisted() async throws {
        let fixture = try await DeskFixture()
        _ = try await fixture.addPerson(7)
        let own = fixture.desk.own
        var receipts: Set<String> = []
        let png = try #require(
            Data(
                base64Encoded:
                    "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAIAAACQd1PeAAAADElEQVR4nGNgYGAAAAAEAAH2FzhVAAAAAElFTkSuQmCC"
            ))
        for _ in 1...2 {
            let claimed = try await own.claim(unlisted: "8월 16일 강남", key: "abc1", by: Self.citizen(7))
            receipts.insert(claimed.summary.receipt)
            _ = try await own.attach(
                [UInt8](png), name: "문자.png", to: try ReceiptNumber(claimed.summary.receipt),
                by: Self.citizen(7))
        }
        #expect(receipts.count == 1)
        let receipt = try ReceiptNumber(try #require(receipts.first))
        let story = try await own.story(of: receipt, by: Self.citizen(7))
        #expect(story.sayings.map(\.text) == ["8월 16일 강남"] && story.sayings.allSatisfy(\.isOwn))
        #expect(story.files.map(\.name) == ["문자.png"])
        #expect(story.own.summary.state == "received" && story.own.summary.origin == "applied")
        for key in ["abc2", "abc3"] {
            _ = try await own.claim(unlisted: "다른 예약", key: key, by: Self.citizen(7))
        }
        let refused = await #expect(throws: RedressError.self) {
            try await own.claim(unlisted: "또 다른 예약", key: "abc4", by: Self.citizen(7))
        }
        #expect(refused?.code == .refused)
        let identity = await #expect(throws: RedressError.self) {
            try await own.claim(unlisted: "670301-1234567", key: "abc1", by: Self.citizen(7))
        }
        #expect(identity?.details["problem"] == "identity-number")
        #expect(try await fixture.desk.check.run(by: fixture.actor).ok)
        #expect(try await Self.audited("case.note", fixture) == 3)
    }

    @Test("A question is read and answered by the person; nobody answers or reads for another")
    func answer() async throws {
        let fixture = try await DeskFixture()
        let receipt = try await fixture.addPerson(7, verdict: "undetermined")
        _ = try await fixture.desk.reviews.ask(receipt, for: "어느 기기였나요?", by: fixture.actor)
        let own = fixture.desk.own
        #expect(try await own.story(of: receipt, by: Self.citizen(7)).question == "어느 기기였나요?")
        let answer = await #expect(throws: RedressError.self) {
            try await own.answer(receipt, text: "전화", by: Self.citizen(8))
        }
        let look = await #expect(throws: RedressError.self) {
            try await own.story(of: receipt, by: Self.citizen(8))
        }
        #expect(answer?.code == .notFound && look?.code == .notFound)
        let answered = try await own.answer(receipt, text: "휴대전화", by: Self.citizen(7))
        #expect(answered.summary.state == "in-review")
        let story = try await own.story(of: receipt, by: Self.citizen(7))
        #expect(story.question == nil && story.sayings.last?.text == "휴대전화")
        await #expect(throws: RedressError.self) {
            try await own.answer(receipt, text: "또", by: Self.citizen(7))
        }
    }

    @Test("A paper's code holds as long as what it says, however it is typed, and no other code does")
    func confirmation() async throws {
        let fixture = try await DeskFixture()
        let receipt = try await fixture.addPerson(7)
        try await fixture.allot(1)
        let papers = fixture.desk.confirmations
        let received = try await fixture.desk.own.story(of: receipt, by: Self.citizen(7)).code
        #expect(try await papers.check(received, address: "a") == .received)
        _ = try await fixture.desk.restoration.restore(receipt, by: fixture.actor)
        let restored = try await fixture.desk.own.story(of: receipt, by: Self.citizen(7)).code
        #expect(restored != received && restored.count == 19)
        #expect(try await papers.check(restored, address: "a") == .restored)
        #expect(try await papers.check(received, address: "a") == .received)
        let typed = restored.lowercased().replacing("-", with: " ").replacing("0", with: "o")
        #expect(try await papers.check(typed, address: "a") == .restored)
        _ = try await fixture.desk.restoration.vacate(receipt, HeardWord(.call), by: fixture.actor)
        #expect(try await papers.check(restored, address: "a") == nil, "the seat was given up")
        for wrong in ["", "0000-0000-0000-0000", "무엇", String(received.dropLast()), received + "0"] {
            #expect(try await papers.check(wrong, address: "a") == nil, "\(wrong)")
        }
        for place in 8..<16 {
            var letters = Array(received.filter { $0 != "-" })
            letters[place] = letters[place] == "7" ? "8" : "7"
            #expect(try await papers.check(String(letters), address: "a") == nil, "\(place)")
        }
    }

    @Test("What the browser keeps between two pages opens here only, and never outgrows a cookie")
    func way() async throws {
        let fixture = try await DeskFixture()
        let citizens = fixture.desk.citizens
        var way = CitizenWay(follows: true)
        way.phone = "01000000007"
        way.draftPath = "/my/not-listed"
        way.draft = ["text": String(repeating: "가", count: 3000), "when": "8월 16일"]
        let sealed = try citizens.seal(way)
        #expect(sealed.utf8.count < 3500)
        let plain = sealed.replacing("-", with: "+").replacing("_", with: "/")
        let bytes = try #require(
            Data(base64Encoded: plain + String(repeating: "=", count: (4 - plain.count % 4) % 4)))
        #expect(bytes.range(of: Data(way.phone.utf8)) == nil, "the number is sealed")
        let opened = try #require(citizens.open(sealed))
        #expect(opened.phone == way.phone && opened.follows)
        let text = try #require(opened.draft["text"])
        #expect(!text.isEmpty && text.allSatisfy { $0 == "가" })
        #expect(opened.draft["when"] == "8월 16일")
        #expect(citizens.open(sealed + "A") == nil && citizens.open("") == nil && citizens.open("!!") == nil)
        let other = try await DeskFixture()
        #expect(other.desk.citizens.open(sealed) == nil)
    }
}
