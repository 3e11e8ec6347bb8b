import CoreMetrics
import Foundation
import HTTPTypes
import Hummingbird
import HummingbirdTesting
import Logging
import RedressCore
import RedressDesk
import RedressStore
import Synchronization
import TestSupport
import Testing

@testable import RedressWeb

@Suite("What operators see")
struct MonitoringTests {
    @Test("Counters, gauges and distributions are written as Prometheus reads them, and only so many")
    func exposition() {
        let metrics = PrometheusMetrics(mostSeries: 4)
        let counter = Counter(label: "jobs.done", dimensions: [("kind", "a\"b\\c\nd")], factory: metrics)
        counter.increment(by: 3)
        Counter(label: "jobs.done", dimensions: [("kind", "a\"b\\c\nd")], factory: metrics).increment()
        Meter(label: "heat", dimensions: [], factory: metrics).set(1.5)
        let timer = Timer(label: "spent", dimensions: [("route", "/x")], factory: metrics)
        timer.recordMilliseconds(4)
        timer.recordSeconds(60)
        for number in 0..<100 {
            Counter(label: "flood", dimensions: [("n", "\(number)")], factory: metrics).increment()
        }
        let text = metrics.text()
        for line in [
            "# TYPE jobs_done counter", #"jobs_done{kind="a\"b\\c\nd"} 4"#, "# TYPE heat gauge", "heat 1.5",
            "# TYPE spent histogram", #"spent_bucket{route="/x",le="0.0025"} 0"#,
            #"spent_bucket{route="/x",le="0.005"} 1"#, #"spent_bucket{route="/x",le="30"} 1"#,
            #"spent_bucket{route="/x",le="+Inf"} 2"#, #"spent_sum{route="/x"} 60.004"#,
            #"spent_count{route="/x"} 2"#,
        ] { #expect(text.split(separator: "\n").contains(Substring(line)), "\(line)\n\(text)") }
        #expect(text.split(separator: "\n").filter { $0.hasPrefix("flood{") }.count == 1)
    }

    @Test("Figures follow the pool, the cases and the notices, and are for this machine alone")
    func figures() async throws {
        let fixture = try await DeskFixture()
        try await fixture.allot(3)
        _ = try await fixture.addPerson(1)
        fixture.clock.advance(minutes: 60)
        let figures = try await fixture.desk.monitor.figures()
        #expect(figures.pools.map(\.allotted) == [3] && figures.pools.map(\.reserved) == [3])
        #expect(figures.cases.first?.open.map(\.count).reduce(0, +) == 1)
        #expect(figures.cases.first.map { $0.oldestMilliseconds >= 3_600_000 } == true)
        #expect(figures.auditRows > 0)
        try await Application(router: buildRouter(desk: fixture.desk)).test(.router) { client in
            let answer = try await client.executeRequest(
                uri: "/metrics", method: .get, headers: [:], body: nil)
            #expect(answer.status == .notFound, "an address that is not known is not this machine")
        }
        try await withServer(fixture.desk) { port in
            let heard = try await SocketClient.ask(port, "/metrics")
            #expect(heard.text.contains(#"redress_pool_seats{incident="2021-07-19",state="reserved"} 3"#))
            #expect(!heard.text.contains("홍길동"))
        }
        try await withServer(fixture.desk, proxies: try TrustedProxies("127.0.0.1")) { port in
            let heard = try await SocketClient.ask(port, "/metrics", ["X-Forwarded-For: 192.0.2.1"])
            #expect(heard.statuses == [404])
        }
    }

    @Test("The lag of notices is how long the one that waits longest has waited, and none once all have left")
    func noticeLag() async throws {
        let fixture = try await DeskFixture()
        try await fixture.allot(1)
        let receipt = try await fixture.addPerson(1)
        #expect(try await fixture.desk.restoration.restore(receipt, by: fixture.actor).done == "seated")
        fixture.clock.advance(minutes: 60)
        try await withServer(fixture.desk) { port in
            let heard = try await SocketClient.ask(port, "/metrics")
            #expect(heard.text.contains(#"redress_notices{state="waiting"} 1"#), "\(heard.text)")
            #expect(heard.text.contains("redress_notices_lag_seconds 3600"), "\(heard.text)")
        }
        fixture.clock.advance(minutes: 12 * 60)
        _ = try await NoticeRunner(desk: fixture.desk, gateway: KeptNotices()).drain()
        let figures = try await fixture.desk.monitor.figures()
        #expect(figures.notices.map(\.state) == ["sent"] && figures.noticeLagMilliseconds == 0)
    }

    @Test(
        "Not being ready says what is wrong: a newer schema, keys of another installation, a disk that cannot be written"
    )
    func readiness() async throws {
        let fixture = try await DeskFixture()
        _ = try await fixture.addPerson(1)
        try await fixture.desk.audit.anchorHead()
        let folder = fixture.folder.file("data")
        #expect(await fixture.desk.monitor.readiness(folder: folder).isReady)
        let gone = await fixture.desk.monitor.readiness(folder: fixture.folder.file("nowhere"))
        #expect(gone.why == "disk: the data folder cannot be written")
        try await fixture.desk.database.write {
            try $0.run("INSERT INTO schema_version (version, applied_at) VALUES (999, 0)")
        }
        try FileManager.default.removeItem(atPath: folder + "/anchors.jsonl")
        let other = try await DeskFixture()
        let mixed = Desk(
            database: fixture.desk.database, evidence: fixture.desk.evidence, keys: other.desk.keys,
            anchor: fixture.desk.anchor, calendar: .korean
        ).waiting(fixture.desk.patience)
        let found = await mixed.monitor.readiness(folder: folder)
        #expect(found.why.contains("database: has schema version 999"))
        #expect(found.why.contains("keys: "))
        #expect(found.why.contains("anchor: "))
        try await fixture.desk.evidence.close()
        #expect(await mixed.monitor.readiness(folder: nil).why.contains("evidence: cannot be read"))
        try await Application(router: buildRouter(desk: mixed)).test(.router) { client in
            let answer = try await client.executeRequest(
                uri: "/readyz", method: .get, headers: [:], body: nil)
            #expect(answer.status == .serviceUnavailable)
            #expect(String(buffer: answer.body).contains("999"))
        }
    }

    @Test(
        "A database whose readers are all busy counts as gone once patience is over, and as back when they are free"
    )
    func silence() async throws {
        let fixture = try await DeskFixture()
        try await fixture.desk.audit.anchorHead()
        let gate = Gate()
        try await withThrowingTaskGroup(of: Void.self) { group in
            for _ in 0..<64 {
                group.addTask {
                    try await fixture.desk.database.read { _ in gate.wait() }
                }
            }
            let desk = fixture.desk.waiting(.milliseconds(100))
            var why = ""
            // Until the readers have begun it answers.
            for _ in 0..<1000 where !why.contains("database: ") || !why.contains("keys: ") {
                why = await desk.monitor.readiness(folder: nil).why
            }
            #expect(why.contains("database: does not answer in 0.1 seconds"), "\(why)")
            #expect(
                why.contains("keys: does not answer in 0.1 seconds"), "nothing is said of the keys: \(why)")
            gate.open()
            try await group.waitForAll()
        }
        #expect(await fixture.desk.monitor.readiness(folder: nil).isReady)
    }

    @Test("A log line is one JSON object, whatever is in it")
    func log() throws {
        let lines = Lines()
        var logger = Logger(label: "test") {
            JSONLog(label: $0, level: .info) { line in lines.all.withLock { $0.append(line) } }
        }
        logger[metadataKey: "hb.request.id"] = "7"
        logger.info("a \"quote\"\nand\u{1b}[31m a colour", metadata: ["route": "/x"])
        logger.debug("not this")
        let written = lines.all.withLock { $0 }
        #expect(
            written.count == 1 && written[0].filter { $0 == "\n" }.count == 1
                && !written[0].contains("\u{1b}"))
        let event = try #require(
            try JSONSerialization.jsonObject(with: Data(written[0].utf8)) as? [String: String])
        #expect(event["request"] == "7" && event["route"] == "/x" && event["level"] == "info")
        #expect(event["message"] == "a \"quote\"\nand\u{1b}[31m a colour")
    }

    private final class Lines: Sendable {
        let all = Mutex<[String]>([])
    }
}
