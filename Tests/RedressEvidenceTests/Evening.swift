/// A small invented evening: people queue, are let on, book; some take a short cut. Written out as log lines.

import Crypto
import FoundationEssentials
import RedressCore
import RedressEvidence

/// One invented person and how they came to their booking.
enum Conduct: String, CaseIterable {
    case honest, airplane, clock, direct, borrowed, forged
}

struct Evening {
    struct Person {
        var index: Int
        var conduct: Conduct
        var submitted: Instant
    }

    var queue: [String] = []
    var booking: [String] = []
    var web: [String] = []
    var sms: [String] = []
    var people: [Person] = []
    private var lastNumber = 0
    private var entries: [(kind: LogKind, time: Int64, node: String, body: String)] = []

    static let start = Instant("2021-07-19T20:00:00+09:00") ?? Instant(milliseconds: 0)
    static let secret = "invented waiting room secret"
    static let window = IncidentWindow(
        source: "agency", from: start.adding(minutes: 30), to: start.adding(minutes: 120))

    /// People enter five seconds apart and are let on in turn from 20:31, one each nine seconds.
    init(people count: Int, conduct: (Int) -> Conduct = { _ in .honest }) {
        for index in 0..<count { add(index, conduct(index)) }
        write()
    }

    static func pass(ticket: String, number: Int, issued: Instant, secret: String = Evening.secret) -> String
    {
        let header = base64URL(Array(#"{"alg":"HS256","typ":"JWT"}"#.utf8))
        let seconds = issued.milliseconds / 1000
        let claims = base64URL(
            Array(#"{"sub":"\#(ticket)","iat":\#(seconds),"exp":\#(seconds + 600),"number":\#(number)}"#.utf8)
        )
        let key = SymmetricKey(data: Array(secret.utf8))
        let code = HMAC<SHA256>.authenticationCode(for: Array("\(header).\(claims)".utf8), using: key)
        return "\(header).\(claims).\(base64URL(Array(code)))"
    }

    static var passKeys: [UInt8] {
        Array(#"{"keys":[{"alg":"HS256","secret":"\#(secret)"}]}"#.utf8)
    }

    private static func base64URL(_ bytes: [UInt8]) -> String {
        Data(bytes).base64EncodedString().replacing("+", with: "-").replacing("/", with: "_").replacing(
            "=", with: "")
    }

    private mutating func add(_ index: Int, _ conduct: Conduct) {
        let entered = Self.start.adding(milliseconds: Int64(index) * 5_000)
        let turn = Self.start.adding(minutes: 31).adding(milliseconds: Int64(index) * 9_000)
        let early = Self.start.adding(minutes: 34).adding(milliseconds: Int64(index) * 1_000)
        let isJumper = conduct != .honest
        let end = isJumper ? early : turn
        let (sid, did, key) = ("s\(index)", "d\(index)", "K\(index)a")
        let queues = conduct != .direct && conduct != .borrowed
        page(entered, index, "GET", "/", "sid=\(sid) did=\(did)")
        if queues {
            lastNumber += 1
            wait(index, from: entered, to: end, isStepped: conduct == .clock)
        }
        var shown = key
        var pass = ""
        if conduct == .honest {
            shown = "K\(index)b"
            pass = Self.pass(ticket: shown, number: lastNumber, issued: turn)
            log(
                .queue, turn, "wr-\(index % 2 + 1)",
                #""op":"poll","rc":"pass","queue":"main","prev":"\#(key)","key":"\#(shown)","number":\#(lastNumber),"#
                    + #""ahead":0,"sid":"\#(sid)","did":"\#(did)","pass":"\#(pass)","cts":\#(clock(turn, false))"#
            )
        }
        if conduct == .airplane { shown = "connection_timeout" }
        if conduct == .direct { shown = "" }
        if conduct == .borrowed {
            shown = "K0b"
            pass = Self.pass(ticket: shown, number: 1, issued: Self.start.adding(minutes: 31))
        }
        if conduct == .forged {
            pass = Self.pass(ticket: key, number: lastNumber, issued: early, secret: "a guess")
        }
        book(index, at: end.adding(milliseconds: 40_000), shown, pass)
        people.append(Person(index: index, conduct: conduct, submitted: end.adding(milliseconds: 40_000)))
    }

    private mutating func wait(_ index: Int, from: Instant, to: Instant, isStepped: Bool) {
        var time = from
        var isFirst = true
        while time < to {
            let isLate = isStepped && time.adding(milliseconds: 120_000) > to
            log(
                .queue, time, "wr-\(index % 2 + 1)",
                #""op":"\#(isFirst ? "enter" : "poll")","rc":"wait","queue":"main","key":"K\#(index)a","#
                    + #""number":\#(lastNumber),"ahead":\#(index),"sid":"s\#(index)","did":"d\#(index)","#
                    + #""ip":"203.0.113.\#(index % 20)","cts":\#(clock(time, isLate))"#)
            isFirst = false
            time = time.adding(milliseconds: 10_000)
        }
    }

    private mutating func book(_ index: Int, at time: Instant, _ key: String, _ pass: String) {
        let who = #""person":"p\#(index)","sid":"s\#(index)","did":"d\#(index)""#
        let shown = key.isEmpty ? "" : #","key":"\#(key)""#
        let signed = pass.isEmpty ? "" : #","pass":"\#(pass)""#
        let seat =
            #""booking":"B\#(index)","site":"C012","vaccine":"moderna","date":"2021-08-16","slot":"10:00""#
        let suffix = "sid=s\(index) did=d\(index)" + (key.isEmpty ? "" : " key=\(key)")
        if key != "" {
            page(time.adding(milliseconds: -30_000), index, "GET", "/calendar", suffix)
            log(
                .booking, time.adding(milliseconds: -30_000), "app-1",
                #""op":"calendar",\#(who)\#(shown)\#(signed)"#)
        }
        page(time, index, "POST", "/api/bookings", suffix)
        log(.booking, time, "app-1", #""op":"submit",\#(who)\#(shown)\#(signed),\#(seat),"status":200"#)
        log(
            .booking, time.adding(milliseconds: 300), "app-1", #""op":"commit",\#(who),\#(seat),"status":200"#
        )
        log(
            .sms, time.adding(milliseconds: 4_000), "sms-1",
            #""op":"send","phone":"010-0000-\#(1000 + index)","template":"BOOKING_COMPLETE","booking":"B\#(index)","#
                + #""site":"C012","date":"2021-08-16","slot":"10:00","status":"sent""#)
    }

    private func clock(_ time: Instant, _ isStepped: Bool) -> Int64 {
        time.milliseconds + 1500 + (isStepped ? 7_200_000 : 0)
    }

    private mutating func log(_ kind: LogKind, _ time: Instant, _ node: String, _ body: String) {
        entries.append((kind, time.milliseconds, node, body))
    }

    private mutating func page(
        _ time: Instant, _ index: Int, _ method: String, _ path: String, _ suffix: String
    ) {
        let clock = time.timeOfDay.description
        let second = String((time.milliseconds / 1000) % 60)
        let stamp = "19/Jul/2021:\(clock):\(second.count == 1 ? "0" + second : second) +0900"
        entries.append(
            (
                .web, time.milliseconds, "",
                #"203.0.113.\#(index % 20) - - [\#(stamp)] "\#(method) \#(path) HTTP/1.1" 200 512 "-" "Mozilla/5.0 (Linux)" \#(suffix)"#
            ))
    }

    /// Gives every line its server's counter and sorts each log by time.
    private mutating func write() {
        var counters: [String: Int] = [:]
        let order = entries.indices.sorted { (entries[$0].time, $0) < (entries[$1].time, $1) }
        for position in order {
            let entry = entries[position]
            guard entry.kind != .web else {
                web.append(entry.body)
                continue
            }
            counters[entry.node, default: 0] += 1
            let line =
                #"{"ts":"\#(stamp(entry.time))","node":"\#(entry.node)","seq":\#(counters[entry.node] ?? 0),"#
                + entry.body + "}"
            switch entry.kind {
            case .queue: queue.append(line)
            case .booking: booking.append(line)
            case .sms: sms.append(line)
            case .web: break
            }
        }
    }

    private func stamp(_ time: Int64) -> String {
        let text = Instant(milliseconds: time).description
        return text.contains(".") ? text : text.replacing("+09:00", with: ".000+09:00")
    }

    /// The register's view of a person.
    func record(_ index: Int) -> PersonRecord {
        let time = people[index].submitted
        let row = RegisterBooking(
            booking: "B\(index)", site: "C012", vaccine: "moderna", dose: 1, date: CivilDate("2021-08-16"),
            slot: TimeOfDay("10:00"), bookedAt: time, status: .revoked)
        let revocation = RevocationRow(
            booking: "B\(index)", revokedAt: Self.start.adding(minutes: 900), batch: "R1")
        return PersonRecord(
            person: "p\(index)", phone: "+82 10 0000 \(1000 + index)", birthYear: 1967, bookings: [row],
            revocations: [revocation], claimed: "B\(index)")
    }
}
