/// The staff's pages around a case through the router: contacts, reach, notices, bulk acts, the pool, the staff.
import Foundation
import HTTPTypes
import Hummingbird
import HummingbirdTesting
import NIOCore
import RedressCore
import RedressDesk
import RedressEvidence
import RedressStore
import TestSupport
import Testing

@testable import RedressWeb

@Suite("The pages of the desk")
struct DeskPageTests {
    @Test(
        "A contact is a draft from its first key, verified by the system, promised, broken, and called again")
    func contact() async throws {
        try await withPages { visitor, fixture in
            let receipt = try await fixture.addPerson(1)
            let place = "/staff/cases/\(receipt)"
            let json: HTTPFields = [.accept: "application/json"]
            let begun = try await visitor.post(place + "/contact", ["note": "복구해"], headers: json)
            #expect(begun.status == .ok)
            // Again: a second key, a second click. It stays one contact.
            _ = try await visitor.post(place + "/contact", ["note": "복구해 달라고 하심"])
            let drafts = try await fixture.desk.contacts.unfinished(by: fixture.actor)
            #expect(drafts.count == 1)
            let call = try #require(drafts.first)
            let page = try await visitor.text(visitor.get(place))
            #expect(page.contains("복구해 달라고 하심") && page.contains("본인 확인 전"))

            let wrong = try await visitor.post(
                "/staff/calls/\(call.id)/verify",
                ["receipt": "\(receipt)", "name": "홍길동", "birth": "1967-03-02", "fact_date": "2021-08-16"])
            #expect(wrong.status == .conflict)
            let right = try await visitor.post(
                "/staff/calls/\(call.id)/verify",
                ["receipt": "\(receipt)", "name": "홍길동", "birth": "19670301", "fact_date": "2021-08-16"])
            #expect(right.status == .seeOther)
            #expect(try await visitor.text(visitor.get(place)).contains("본인 확인됨"))

            let stale = try await visitor.post(
                "/staff/calls/\(call.id)/save", ["version": "1", "note": "다른 화면에서 적은 것"])
            #expect(stale.status == .conflict)
            #expect(String(buffer: stale.body).contains("다른 화면에서 적은 것"))

            let promised = [
                "promise": "내일 전화드리기로 함", "call_back_day": "2021-07-21", "call_back_time": "10:00",
            ]
            _ = try await visitor.post("/staff/calls/\(call.id)/drop", promised)
            let after = try await visitor.text(visitor.get(place))
            #expect(after.contains("끊긴 통화 – 다시 걸기"))
            let promise = try #require(after.firstRange(of: "내일 전화드리기로 함"))
            let verdict = try #require(after.firstRange(of: "이렇게 말씀해 주세요"))
            #expect(promise.lowerBound < verdict.lowerBound, "the last promise stands on top")
            #expect(try await visitor.text(visitor.get("/staff/calls")).contains("오전 10:00"))
            _ = try await visitor.post("/staff/calls/\(call.id)/called-back", [:])
            #expect(try await !visitor.text(visitor.get(place)).contains("끊긴 통화"))
        }
    }

    @Test("A screen pop opens by the call's opaque id: no number in the address, candidates masked")
    func screenPop() async throws {
        try await withPages { visitor, fixture in
            let receipt = try await fixture.addPerson(2)
            let begun = try await fixture.desk.contacts.begin(
                channel: .call, callID: "cti-77", number: "010-0000-0002", by: fixture.actor)
            let pop = try await visitor.text(visitor.get("/staff/calls/cti-77"))
            #expect(pop.contains("\(receipt)") && !pop.contains("홍길동") && !pop.contains("01000000002"))
            let chosen = try await visitor.post(
                "/staff/calls/\(begun.id)/save", ["receipt": "\(receipt)"])
            #expect(chosen.headers[.location] == "/staff/cases/\(receipt)?done=save")
            let again = try await visitor.get("/staff/calls/cti-77")
            #expect(again.headers[.location] == "/staff/cases/\(receipt)")
        }
    }

    @Test("The swap is read aloud before a seat moves, and nothing has moved by then")
    func confirm() async throws {
        try await withPages { visitor, fixture in
            let receipt = try await fixture.addPerson(3, holding: DeskFixture.laterSlot)
            try await fixture.allot(1)
            let asked = try await visitor.text(visitor.get("/staff/cases/\(receipt)/confirm/restore"))
            #expect(asked.contains("8월 16일(월) 오전 10:00") && asked.contains("8월 23일(월) 오전 9:30"))
            #expect(asked.contains("그대로 둡니다"))
            #expect(try await fixture.row(receipt).state == .verifying)
        }
    }

    @Test("A changed number needs two facts and a second person; a representative is added and ended")
    func reach() async throws {
        try await withPages { visitor, fixture in
            let receipt = try await fixture.addPerson(4)
            let place = "/staff/cases/\(receipt)/person"
            let one = try await visitor.post(
                place + "/number", ["number": "010-9999-0000", "fact_date": "2021-08-16"])
            #expect(one.status == .conflict)
            #expect(String(buffer: one.body).contains("사실 두 가지가 맞아야"))
            let two = try await visitor.post(
                place + "/number",
                ["number": "010-9999-0000", "fact_date": "2021-08-16", "fact_time": "10:00"])
            #expect(two.status == .seeOther)
            let own = try await visitor.post(place + "/approve-number", [:])
            #expect(own.status == .conflict, "nobody approves their own change")
            #expect(String(buffer: own.body).contains("다른 담당자가 승인해야"))
            _ = try await visitor.post(
                place + "/represent",
                [
                    "name": "홍아들", "phone": "010-2222-3333", "relation": "아들", "scope": "ask",
                    "proof": "three-way-call", "notices_to": "person", "until": "2021-12-31",
                ])
            let page = try await visitor.text(visitor.get(place))
            #expect(page.contains("3자 통화") && !page.contains("홍아들"))
            _ = try await visitor.post(place + "/prefer", ["channel": "letter", "language": "en"])
            let kept = try await fixture.desk.reach.preferences(of: receipt, by: fixture.actor)
            #expect(kept.channel == "letter" && kept.language == "en")
        }
    }

    @Test("A file leaves for a reason, to be saved and never shown")
    func files() async throws {
        try await withPages { visitor, fixture in
            let receipt = try await fixture.addPerson(5)
            let other = try await fixture.addPerson(6)
            let file = try await fixture.desk.attachments.add(
                Self.picture, name: "문자.png", to: receipt, by: fixture.actor)
            let place = "/staff/cases/\(receipt)/files/\(file.id)"
            let without = try await visitor.post(place, ["reason": ""])
            #expect(without.status == .conflict)
            let answer = try await visitor.post(place, ["reason": "이의신청 검토"])
            #expect(answer.status == .ok)
            #expect(answer.headers[.contentDisposition]?.hasPrefix("attachment") == true)
            #expect(answer.headers[.contentType] == "application/octet-stream")
            let elsewhere = try await visitor.post(
                "/staff/cases/\(other)/files/\(file.id)", ["reason": "이의신청 검토"])
            #expect(elsewhere.status == .conflict, "a file is reached through its own case")
        }
    }

    @Test("A bulk act is shown first; a case that changed meanwhile stops all of it")
    func bulk() async throws {
        try await withPages { visitor, fixture in
            let receipts = [try await fixture.addPerson(7), try await fixture.addPerson(8)]
            var fields = ["act": "note", "text": "hello", "list": "unassigned"]
            for receipt in receipts { fields["case.\(receipt)"] = "yes" }
            let shown = try await visitor.text(visitor.post("/staff/bulk", fields))
            let digest = try #require(shown.firstMatch(of: /name="confirm" value="([0-9a-f]+)"/)).1
            #expect(try await fixture.row(receipts[0]).version == 2)
            _ = try await fixture.desk.notes.add("x", isShown: false, to: receipts[1], by: fixture.actor)
            fields["confirm"] = String(digest)
            let late = try await visitor.post("/staff/bulk", fields)
            fields["confirm"] = nil
            #expect(late.status == .conflict)
            let again = try await visitor.text(visitor.post("/staff/bulk", fields))
            let fresh = try #require(again.firstMatch(of: /name="confirm" value="([0-9a-f]+)"/)).1
            fields["confirm"] = String(fresh)
            let done = try await visitor.post("/staff/bulk", fields)
            #expect(done.status == .seeOther)
            #expect(try await fixture.row(receipts[0]).version == 3)
        }
    }

    @Test("A large allotment waits for a second person, and the board shows what is short")
    func pool() async throws {
        try await withPages { visitor, fixture in
            _ = try await fixture.addPerson(9)
            _ = try await fixture.addPerson(10)
            try await fixture.allot(1)
            let board = try await visitor.text(visitor.get("/staff/pool/2021-07-19"))
            #expect(board.contains("▲1") && board.contains("1자리 부족"))
            let slug = try #require(board.firstMatch(of: /slots\/([A-Za-z0-9-]+)"/)).1
            let slot = "/staff/pool/2021-07-19/slots/\(slug)"
            #expect(try await visitor.text(visitor.get(slot)).contains("복구-2021-01"))
            let small = try await visitor.post(slot + "/allot", ["seats": "1", "authority": "복구-2021-02"])
            #expect(small.headers[.location]?.hasSuffix("done=allot") == true)
            let large = try await visitor.post(slot + "/allot", ["seats": "5000", "authority": "복구-2021-03"])
            #expect(large.headers[.location]?.hasSuffix("done=asked") == true)
            let waiting = try await visitor.text(visitor.get("/staff/pool/2021-07-19"))
            let asked = try #require(waiting.firstMatch(of: /requests\/([A-Za-z0-9-]+)\/approve/)).1
            let own = try await visitor.post("/staff/pool/2021-07-19/requests/\(asked)/approve", [:])
            #expect(own.status == .conflict)
            let greedy = try await visitor.post(slot + "/release", ["seats": "9"])
            #expect(greedy.status == .conflict, "what open claims need stays")
        }
    }

    @Test(
        "A plan that was shown waits on the board for a second person, who opens and applies it without typing"
    )
    func plan() async throws {
        try await withPages { visitor, fixture in
            _ = try await fixture.addPerson(14)
            try await fixture.allot(1)
            let shown = try await visitor.post("/staff/plan/2021-07-19", [:])
            let place = try #require(shown.headers[.location])
            #expect(try await visitor.text(visitor.get("/staff/pool/2021-07-19")).contains("내가 만든 계획"))
            #expect(
                try await !visitor.text(visitor.get(place)).contains("name=\"digest\""), "not by its maker")
            let other = Visitor(
                client: visitor.client, staff: try await fixture.signIn(.supervisor, as: "오팀장"))
            let board = try await other.text(other.get("/staff/pool/2021-07-19"))
            #expect(board.contains("1건 가운데 1건 남음") && board.contains("href=\"\(place)\""))
            let page = try await other.get(place)
            let digest = try #require(page.field("digest"))
            let done = try await other.text(other.post("/staff/plan/2021-07-19/apply", ["digest": digest]))
            #expect(done.contains("확정 1") && !done.contains(place), "nothing is left to apply")
        }
    }

    @Test("Staff add a file that came by post; what is no picture or PDF is refused on the page")
    func upload() async throws {
        try await withPages { visitor, fixture in
            let receipt = try await fixture.addPerson(15)
            let place = "/staff/cases/\(receipt)"
            let sent = try await visitor.post(
                place + "/files", file: Self.picture, named: "편지.png", type: "image/png")
            #expect(sent.headers[.location] == place + "/person?done=file")
            #expect(try await visitor.text(visitor.get(place + "/person")).contains("편지.png"))
            let wrong = try await visitor.post(
                place + "/files", file: Array("nonsense".utf8), named: "a.exe", type: "image/png")
            #expect(wrong.status == .conflict && wrong.page.contains("role=\"alert\""))
            let foreign = try await visitor.post(
                place + "/files", file: Self.picture, named: "b.png", type: "image/png", csrf: "x")
            #expect(foreign.status == .forbidden)
            #expect(
                try await fixture.desk.attachments.list(of: receipt, by: fixture.actor, origin: "page").count
                    == 1)
        }
    }

    @Test("Calls to make before an offer lapses stand on the page of calls until the answer is recorded")
    func offerCalls() async throws {
        try await withPages { visitor, fixture in
            let receipt = try await fixture.addPerson(16, holding: DeskFixture.laterSlot)
            try await fixture.allot(1)
            _ = try await fixture.desk.restoration.restore(receipt, by: fixture.actor)
            #expect(try await visitor.text(visitor.get("/staff/calls")).contains("\(receipt)"))
            _ = try await fixture.desk.restoration.accept(
                receipt, HeardWord(.call), by: fixture.actor)
            #expect(try await !visitor.text(visitor.get("/staff/calls")).contains("\(receipt)"))
        }
    }

    @Test("A notice is cancelled with a reason and put back in line; a notice to many needs a second person")
    func notices() async throws {
        try await withPages { visitor, fixture in
            let receipt = try await fixture.addPerson(11)
            try await fixture.allot(1)
            _ = try await fixture.desk.restoration.restore(receipt, by: fixture.actor)
            let place = "/staff/cases/\(receipt)/notices"
            let id = try #require(try await fixture.desk.notices.list(of: receipt, by: fixture.actor).first)
                .id
            _ = try await visitor.post("\(place)/\(id)/cancel", ["reason": "번호가 바뀌었음"])
            #expect(try await visitor.text(visitor.get(place)).contains("취소함"))
            _ = try await visitor.post("\(place)/\(id)/retry", [:])
            #expect(try await visitor.text(visitor.get(place)).contains("보내기 전"))
            _ = try await visitor.post(
                "/staff/notices",
                ["incident": "2021-07-19", "state.restored": "yes", "pace": "60", "text": "확인 부탁드립니다."])
            let mass = try #require(try await fixture.desk.massNotices.list(by: fixture.actor).first)
            let own = try await visitor.post("/staff/notices/\(mass.id)/approve", [:])
            #expect(own.status == .conflict)
            #expect(try await visitor.text(visitor.get("/staff/notices")).contains("승인 대기"))
        }
    }

    @Test("The trail is checked when somebody asks for it, not with each look at the page")
    func audit() async throws {
        try await withPages { visitor, fixture in
            _ = try await fixture.addPerson(12)
            #expect(try await visitor.text(visitor.get("/staff/audit")).contains("검사 전"))
            _ = try await visitor.post("/staff/audit/check", [:])
            #expect(try await visitor.text(visitor.get("/staff/audit")).contains("모두 이어집니다"))
        }
    }

    @Test("An administrator invites and disables staff and sees no case")
    func staff() async throws {
        try await withPages(role: .admin) { visitor, fixture in
            let receipt = try await fixture.addPerson(13)
            let page = try await visitor.text(
                visitor.post("/staff/people/add", ["name": "박상담", "role": "agent"]))
            #expect(page.contains("rdi_"))
            #expect(try await !visitor.text(visitor.get("/staff/people")).contains("rdi_"), "shown once")
            _ = try await visitor.post("/staff/people/disable", ["name": "박상담"])
            #expect(try await visitor.text(visitor.get("/staff/people")).contains("사용 중지됨"))
            #expect(try await visitor.get("/staff/cases/\(receipt)").status == .forbidden)
            #expect(try await visitor.get("/staff/calls").status == .forbidden)
        }
    }

    @Test(
        "What the desks refuse is said in the page's language, without commands, and the table is not stale")
    func refusals() throws {
        let said = ErrorWords.said("A case that is restored cannot become offered. Legal moves: closed.", .ko)
        #expect(said == .init(text: "‘복구 완료’ 상태에서는 ‘대체 예약 제안’(으)로 바꿀 수 없습니다.", language: .ko, detail: nil))
        let unknown = ErrorWords.said("Something nobody translated.", .ko)
        #expect(unknown.language == .ko && unknown.detail == "Something nobody translated.")
        #expect(
            ErrorWords.said("There is no contact x. See `redress contact list`.", .en).text
                == "There is no contact x.")
        let root = URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
            .deletingLastPathComponent().appendingPathComponent("Sources")
        var sources = ""
        let names = try #require(FileManager.default.enumerator(atPath: root.path))
        for case let name as String in names where name.hasSuffix(".swift") && !name.contains("ErrorTable") {
            let text = try String(contentsOf: root.appendingPathComponent(name), encoding: .utf8)
            sources += text.replacing(/\\\n\s*/, with: "")
        }
        for (english, _) in ErrorWords.table {
            for part in ErrorWords.literals(of: english) where !part.isEmpty {
                #expect(sources.contains(part), "nothing says: \(english)")
            }
        }
        let changed = sources.matches(of: #/RedressError\.changed\(\s*"([^"]*)"/#).map { match in
            match.1.replacing(#/\\\([^)]*\)/#, with: "X1")
        }
        #expect(changed.count >= 8)
        for sentence in changed {
            #expect(ErrorWords.said(String(sentence), .ko).detail == nil, "not in Korean: \(sentence)")
        }
    }

    private static let picture: [UInt8] = {
        let base64 =
            "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAQAAAC1HAwCAAAAC0lEQVR42mNk+A8AAQUBAScY42YAAAAASUVORK5CYII="
        return [UInt8](Data(base64Encoded: base64) ?? Data())
    }()
}
