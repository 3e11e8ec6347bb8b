/// The staff's pages through the router: words, safety, and the way from a phone number to a restored booking.
import Foundation
import HTTPTypes
import Hummingbird
import HummingbirdTesting
import Mustache
import NIOCore
import RedressCore
import RedressDesk
import RedressEvidence
import RedressStore
import TestSupport
import Testing

@testable import RedressWeb

@Suite("The pages")
struct PageTests {
    @Test("Every word a template or a value needs is there in Korean and in English")
    func words() throws {
        for (name, bytes) in PageTemplates.sources {
            for match in String(decoding: bytes, as: UTF8.self).matches(of: /\{\{w\.([A-Za-z]+)\}\}/) {
                #expect(Words.table[String(match.1)] != nil, "\(name) says \(match.1)")
            }
        }
        #expect(Words.tables.reduce(0) { $0 + $1.count } == Words.table.count, "two surfaces share a key")
        for (key, wording) in Words.table {
            #expect(!wording.korean.isEmpty && !wording.english.isEmpty, "\(key)")
            #expect(!wording.english.contains { !$0.isASCII }, "\(key) is not English: \(wording.english)")
            #expect(!wording.korean.contains("당신"), "\(key)")
        }
        var values: [String] = []
        func add<Value: CaseIterable & RawRepresentable>(_ group: String, _: Value.Type)
        where Value.RawValue == String {
            values += Value.allCases.map { "\(group).\($0.rawValue)" }
        }
        add("state", CaseState.self)
        add("origin", CaseOrigin.self)
        add("booking", BookingStatus.self)
        add("act", CaseAct.self)
        add("speaker", Speaker.self)
        add("wrap", WrapUp.self)
        add("channel", Channel.self)
        add("contact", ContactState.self)
        add("prefer", PreferredChannel.self)
        add("callOut", PreferredChannel.self)
        add("scope", RepresentativeScope.self)
        add("proof", MandateProof.self)
        add("addressee", Addressee.self)
        add("notice", NoticeEvent.self)
        add("outbox", OutboxRow.State.self)
        add("mass", MassNoticeRow.State.self)
        add("entry", PoolEntryKind.self)
        add("moment", RedressEvidence.TimelineEntry.Event.self)
        values += Role.ofStaff.map { "role.\($0.rawValue)" } + CaseAct.allCases.compactMap(\.textLabel)
        for value in values { #expect(Words.table[value] != nil, "\(value)") }
        for state in CaseState.allCases {
            #expect(Words.text("state.\(state.rawValue)", .ko) == state.korean)
        }
    }

    /// Dotted strings of the desks that are names of files and secrets, and a part of readiness that is no look.
    private static let noEvents: Set<String> = [
        "-internal.html", "anchor.key", "anchors.jsonl", "backup.json", "citizen.way", "keys.json",
        "openid.attempt", "redress.passwords",
    ]

    @Test("Whatever the desks write into the audit trail and the access log has a word in both languages")
    func events() throws {
        let root = URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
            .deletingLastPathComponent().appendingPathComponent("Sources/RedressDesk")
        var (events, looks) = (0, 0)
        let names = try #require(FileManager.default.enumerator(atPath: root.path))
        for case let name as String in names where name.hasSuffix(".swift") {
            let text = try String(contentsOf: root.appendingPathComponent(name), encoding: .utf8)
            for match in text.matches(of: /"([a-z-]+\.[a-z-]+)"/)
            where !Self.noEvents.contains(String(match.1)) {
                #expect(Words.table["event.\(match.1)"] != nil, "\(name): \(match.0)")
                events += 1
            }
            for match in text.matches(of: /(?:what: |desk\.list\()"([a-z-]+)"/) where match.1 != "disk" {
                #expect(Words.table["look.\(match.1)"] != nil, "\(name): \(match.0)")
                looks += 1
            }
        }
        #expect(events > 50 && looks > 20)
        // An offer's end is written by its state.
        for end in [OfferRow.State.declined, .lapsed] {
            #expect(Words.table["event.offer.\(end.rawValue)"] != nil)
        }
    }

    @Test("A model that was looked into once renders as the model itself does")
    func reflected() throws {
        struct Leaf {
            var name: String
            var count: Int
        }
        struct Model {
            var text = "a < b"
            var isTrue = true
            var isFalse = false
            var none: String?
            var noLeaf: Leaf?
            var leaf: Leaf? = Leaf(name: "one", count: 1)
            var leaves = [Leaf(name: "two", count: 2), Leaf(name: "three", count: 3)]
            var empty: [Leaf] = []
            var texts = ["x", "y"]
            var share = 0.5
            var words = ["hello": "안녕"]
        }
        let template = try MustacheTemplate(
            string: """
                {{text}} {{#isTrue}}yes{{/isTrue}}{{#isFalse}}no{{/isFalse}}{{^isFalse}}not{{/isFalse}} \
                {{none}}{{#none}}!{{/none}}{{^none}}nothing{{/none}} {{#noLeaf}}!{{/noLeaf}}{{leaf.name}} \
                {{#leaf}}{{name}}{{count}}{{text}}{{/leaf}} {{#leaves}}{{name}}{{count}},{{/leaves}} \
                {{^empty}}empty{{/empty}} {{#texts}}{{.}}{{/texts}} {{share}} {{words.hello}}
                """)
        let rendered = template.render(Reflected(Model()))
        #expect(rendered == template.render(Model()))
        #expect(rendered.contains("a &lt; b yesnot nothing one one1a &lt; b two2,three3, empty xy 0.5 안녕"))
    }

    @Test(
        "Nothing in a page's values is taken for markup, as the template library itself escapes it",
        arguments: [7, 8] as [UInt64])
    func escaping(_ seed: UInt64) throws {
        let library = try MustacheTemplate(string: "{{.}}")
        var dice = Dice(seed: seed)
        let letters = Array("<>&\"'a 안é\u{1F469}\u{200D}\u{301}/=`\n".unicodeScalars)
        for _ in 0..<2000 {
            var text = ""
            for _ in 0..<(dice.next() % 12) {
                text.unicodeScalars.append(letters[Int(dice.next() % UInt64(letters.count))])
            }
            let escaped = PageText().escapeText(text)
            // The library misses a character that something combines with; nothing may be missed.
            if !text.unicodeScalars.contains(where: { "\u{301}\u{200D}".unicodeScalars.contains($0) }) {
                #expect(escaped == library.render(text), "seed \(seed)")
            }
            #expect(!escaped.unicodeScalars.contains { "<>\"'".unicodeScalars.contains($0) }, "seed \(seed)")
        }
        struct Badge {
            let kind = "a\"\u{301} onclick=b"
            let text = "<\u{301}b>"
        }
        let page = try PageTemplates().render(Badge(), with: "badge").unicodeScalars
        #expect(page.count { $0 == "<" } == 2 && page.count { $0 == "\"" } == 2, "the badge's own")
    }

    @Test("Dates are said as people say them")
    func dates() {
        #expect(SpokenTime.seat(date: "2021-08-16", slot: "10:00", .ko) == "8월 16일(월) 오전 10:00")
        #expect(SpokenTime.seat(date: "2021-08-16", slot: "13:30", .ko) == "8월 16일(월) 오후 1:30")
        #expect(SpokenTime.seat(date: "2021-08-16", slot: "10:00", .en) == "Mon 16 August 10:00")
    }

    @Test("What is typed into the search box is recognised by its shape")
    func searchBox() throws {
        func kind(_ text: String, _ birth: String? = nil) throws -> String {
            switch try SearchBox.query(text, birthDate: birth) {
            case .phone: "phone"
            case .name: "name"
            case .lastFour: "last four"
            case .booking: "booking"
            case .receipt: "receipt"
            }
        }
        for phone in ["010-1234-5678", "+82 10 1234 5678", "01012345678", "(02) 123-4567"] {
            #expect(try kind(phone) == "phone", "\(phone)")
        }
        #expect(try kind("2021-000417-8") == "receipt")
        #expect(try kind("5678") == "last four")
        #expect(try kind("B17") == "booking")
        #expect(try kind("홍길동", "19670301") == "name")
        #expect(throws: RedressError.self) { try SearchBox.query("홍길동", birthDate: nil) }
        #expect(throws: RedressError.self) { try SearchBox.query("홍길동", birthDate: "1967-13-40") }
    }

    @Test("From a phone number to the restored booking: found masked, restored once however often it is sent")
    func restore() async throws {
        try await withPages { visitor, fixture in
            let receipt = try await fixture.addPerson(3)
            try await fixture.allot(1)
            let found = try await visitor.text(visitor.post("/staff/search", ["q": "010 0000 0003"]))
            #expect(found.contains("\(receipt)"))
            #expect(!found.contains("홍길동") && !found.contains("01000000003"))
            let page = try await visitor.text(visitor.get("/staff/cases/\(receipt)"))
            #expect(page.contains("8월 16일(월) 오전 10:00"))
            #expect(page.contains("진행할까요?"))
            let key = try #require(page.firstMatch(of: /name="key" value="([a-z0-9]+)"/)).1
            for _ in 1...2 {
                let done = try await visitor.post("/staff/cases/\(receipt)/restore", ["key": String(key)])
                #expect(done.status == .seeOther)
            }
            #expect(try await fixture.row(receipt).state == .restored)
            let after = try await visitor.text(visitor.get("/staff/cases/\(receipt)"))
            #expect(after.contains("복구 완료"))
        }
    }

    @Test("What was typed is kept when a step is refused, and the page says why")
    func refused() async throws {
        try await withPages { visitor, fixture in
            let receipt = try await fixture.addPerson(4, verdict: "undetermined")
            let answer = try await visitor.post(
                "/staff/cases/\(receipt)/ask", ["text": "언제 예약하셨나요?", "version": "1"])
            #expect(answer.status == .conflict)
            let text = String(buffer: answer.body)
            #expect(text.contains("처리하지 못했습니다"))
            #expect(text.contains("언제 예약하셨나요?"))
        }
    }

    @Test("Masked data is shown in clear for a reason only, and the look is recorded")
    func unmask() async throws {
        try await withPages { visitor, fixture in
            let receipt = try await fixture.addPerson(5)
            let page = try await visitor.text(
                visitor.post("/staff/cases/\(receipt)/unmask", ["reason": "본인 확인"]))
            #expect(page.contains("홍길동"))
            let looks = try await fixture.desk.accesses.looks(
                at: "\(DeskFixture.incident)/p5", limit: 10, by: fixture.actor)
            #expect(looks.contains { $0.what == "unmask" && $0.reason == "본인 확인" })
        }
    }

    @Test("A form of another site is refused, nothing is inline, nothing foreign is loaded, nothing is kept")
    func safety() async throws {
        try await withPages { visitor, fixture in
            let receipt = try await fixture.addPerson(6)
            let foreign = try await visitor.post(
                "/staff/cases/\(receipt)/note", ["text": "x"], headers: [.origin: "https://evil.example"])
            #expect(foreign.status == .forbidden)
            for path in Self.paths(receipt) {
                for language in ["ko", "en"] {
                    let answer = try await visitor.get(path, language: language)
                    let text = String(buffer: answer.body)
                    #expect(answer.status == .ok, "\(path): \(text.suffix(600))")
                    #expect(answer.headers[.cacheControl] == "no-store")
                    #expect(answer.headers[.contentSecurityPolicy]?.contains("'unsafe-inline'") == false)
                    #expect(
                        !text.contains("<style") && !text.contains(" style=") && !text.contains("onclick"))
                    #expect(!text.contains("src=\"http") && !text.contains("href=\"http"))
                    #expect(text.contains("<html lang=\"\(language)\">"))
                    #expect(answer.body.readableBytes < 100_000, "\(path)")
                }
            }
            let style = try await visitor.get(PageTemplates.style.path)
            #expect(style.headers[.cacheControl]?.contains("immutable") == true)
        }
    }

    @Test("Who may do what holds on the pages as everywhere: an analyst sees the statistics and no case")
    func roles() async throws {
        try await withPages(role: .analyst) { visitor, fixture in
            let receipt = try await fixture.addPerson(7)
            for (path, status) in [
                ("/staff/cases/\(receipt)", HTTPResponse.Status.forbidden), ("/staff/statistics", .ok),
                ("/staff/audit", .forbidden),
            ] {
                let answer = try await visitor.get(path)
                #expect(answer.status == status, "\(path)")
            }
        }
    }

    private static func paths(_ receipt: ReceiptNumber) -> [String] {
        [
            "/staff", "/staff/reviews", "/staff/lists/unassigned", "/staff/cases/\(receipt)",
            "/staff/cases/\(receipt)/evidence", "/staff/incidents", "/staff/incidents/2021-07-19",
            "/staff/pool/2021-07-19", "/staff/pool/2021-07-19/reserve", "/staff/statistics", "/staff/audit",
            "/staff/audit/treatment", "/staff/calls", "/staff/notices", "/staff/answers",
            "/staff/cases/\(receipt)/person", "/staff/cases/\(receipt)/notices", "/staff/account",
        ]
    }
}
