import RedressCore
import TestSupport
import Testing

@testable import RedressDesk

@Suite("The texts that citizens get")
struct NoticeTemplateTests {
    private static let shipped: [NoticeLanguage: String] = [
        .korean: String(decoding: PackageResources.notices_ko_txt, as: UTF8.self),
        .english: String(decoding: PackageResources.notices_en_txt, as: UTF8.self),
    ]

    @Test(
        "Every event has a text in both languages, the sender first, no link, and renders with the values it names"
    )
    func all() throws {
        let templates = try NoticeTemplates(Self.shipped)
        for language in NoticeLanguage.allCases {
            let file = try #require(Self.shipped[language])
            #expect(!NoticeText.hasLink(file), "\(language)")
            for event in NoticeEvent.allCases {
                var values = Dictionary(uniqueKeysWithValues: event.placeholders.map { ($0, "값") })
                values["sender"] = "질병관리청"
                let text = try templates.render(event, language, values)
                #expect(text.text.hasPrefix("[질병관리청]"), "\(language) \(event)")
                #expect(text.bytes > 0 && text.bytes <= NoticeText.longBytes && !text.text.contains("{"))
            }
            #expect(throws: RedressError.self, "a value is missing") {
                try templates.render(.restored, language, ["sender": "질병관리청"])
            }
        }
    }

    @Test(
        "A text with an unknown value, a link, no sender, too many bytes, twice or not at all: no worker starts"
    )
    func refused() throws {
        let korean = try #require(Self.shipped[.korean])
        let code = "[code]\n[{sender}]인증번호 {code}"
        #expect(korean.contains(code))
        let wrong = [
            ("{code}", code, "[code]\n[{sender}]인증번호 {kode}"),
            ("another event's value", code, "[code]\n[{sender}]인증번호 {code} {receipt}"),
            ("a link", code, "[code]\n[{sender}]인증번호 {code} https://a.example"),
            ("an address", code, "[code]\n[{sender}]인증번호 {code} kdca.go.kr"),
            ("no sender", code, "[code]\n인증번호 {code}"),
            ("too long", code, "[code]\n[{sender}]" + String(repeating: "가", count: 1001) + "{code}"),
            ("twice", code, "\(code)\n\(code)"),
            ("missing", code, "# nothing"),
            ("no event of ours", code, "\(code)\n[news]\n[{sender}]안녕"),
        ]
        for (what, old, new) in wrong {
            var files = Self.shipped
            files[.korean] = korean.replacing(old, with: new)
            let error = #expect(throws: RedressError.self, "\(what)") { try NoticeTemplates(files) }
            #expect(error?.code == .badData && error?.message.contains("notices.ko.txt") == true, "\(what)")
        }
    }

    @Test(
        "The example of the design is a short message; bytes are CP949's, and what it lacks is a question mark"
    )
    func bytes() throws {
        let text = try NoticeTemplates(Self.shipped).render(
            .restored, .korean,
            [
                "sender": "질병관리청", "name": "박○○", "seat": "8/16(월)10시", "receipt": "2021-000417-8",
                "contact": "1339",
            ])
        #expect(text.kind == .short, "\(text.bytes)")
        #expect(try NoticeText("가a○").bytes == 5)
        let lacking = try NoticeText("👍é")
        #expect(lacking.text == "??" && lacking.bytes == 2)
        #expect(try NoticeText(String(repeating: "가", count: 45)).kind == .short)
        #expect(try NoticeText(String(repeating: "가", count: 45) + ".").kind == .long)
        _ = try NoticeText(String(repeating: "가", count: 1000))
        #expect(throws: RedressError.self) { try NoticeText(String(repeating: "가", count: 1000) + ".") }
    }
}
