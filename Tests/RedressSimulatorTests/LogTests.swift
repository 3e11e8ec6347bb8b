// That the logs are such as a real system writes: counted, in order, signed, and lossy only where asked.
import Crypto
import Foundation
import RedressCore
import RedressSimulator
import TestSupport
import Testing

@Suite struct LogTests {
    @Test("Every node counts its lines without a hole and in the order of its own clock")
    func sequences() async throws {
        let story = try await Story.small.value
        for paths in [story.incident.queueLogs, story.incident.bookingLogs, story.incident.smsLogs] {
            var last: [String: (seq: Int, time: Int64)] = [:]
            for line in try story.lines(paths) {
                let before = last[line.node] ?? (0, 0)
                #expect(line.seq == before.seq + 1)
                #expect(line.time >= before.time)
                #expect(line.ts.hasSuffix("+09:00") && Instant(line.ts) != nil)
                last[line.node] = (line.seq, line.time)
            }
            #expect(last.values.reduce(0) { $0 + $1.seq } == (try story.lines(paths).count))
        }
    }

    @Test(
        "Lost lines are missing from an otherwise equal log, in the share asked for",
        arguments: [0.05, 0.2, 0.5])
    func losses(share: Double) async throws {
        var settings = SimulationSettings.story(on: Story.evening, people: 250, seed: 12)
        let whole = try await Story(settings)
        settings.lose(share)
        let lossy = try await Story(settings)
        for source in LogSource.allCases {
            let written = lossy.incident.counts.lines[source] ?? 0
            let lost = lossy.incident.counts.lost[source] ?? 0
            #expect(written + lost == whole.incident.counts.lines[source])
        }
        let lost = Double(lossy.incident.counts.lost[.queue] ?? 0)
        let all = Double(whole.incident.counts.lines[.queue] ?? 1)
        #expect(abs(lost / all - share) < 0.1 * share + 0.01)
        let known = Set(try whole.text(whole.incident.queueLogs[0]).split(separator: "\n"))
        let kept = try lossy.text(lossy.incident.queueLogs[0]).split(separator: "\n")
        #expect(kept.allSatisfy(known.contains))
        #expect(kept.count == lossy.incident.counts.lines[.queue])
        #expect(lossy.incident.people.map(\.affected) == whole.incident.people.map(\.affected))
    }

    @Test("A lost node leaves no line, and the others all of theirs")
    func lostNodes() async throws {
        var settings = SimulationSettings.story(on: Story.evening, people: 200, seed: 13)
        let whole = try await Story(settings)
        settings.lostNodes = ["wr-2", "app-1"]
        let torn = try await Story(settings)
        let before = try whole.lines(whole.incident.queueLogs)
        let after = try torn.lines(torn.incident.queueLogs)
        #expect(!after.contains { $0.node == "wr-2" })
        #expect(after.count == before.count { $0.node != "wr-2" })
        #expect(!(try torn.lines(torn.incident.bookingLogs).contains { $0.node == "app-1" }))
        #expect(torn.incident.people.contains { $0.lookAlikes.contains(.lostLog) })
    }

    @Test("A node whose clock is off stamps its lines by that clock; clients keep theirs")
    func skewedNode() async throws {
        let story = try await Story.small.value
        var differences: [String: [Int64]] = [:]
        for line in try story.lines(story.incident.queueLogs) where line.op == "poll" {
            guard let clock = line.cts else { continue }
            differences[line.node, default: []].append(line.time - clock)
        }
        let medians = differences.mapValues { $0.sorted()[$0.count / 2] }
        #expect(abs((medians["wr-3"] ?? 0) - 380_000) < 3_000)
        for node in ["wr-1", "wr-2", "wr-4"] { #expect(abs(medians[node] ?? .max) < 3_000) }
    }

    @Test("Rotated and packed logs hold the same bytes as one plain log")
    func rotationAndPacking() async throws {
        var settings = SimulationSettings.story(on: Story.evening, people: 120, seed: 14)
        let plain = try await Story(settings)
        settings.rotationMinutes = 30
        let rotated = try await Story(settings)
        #expect(rotated.incident.queueLogs.count > 3)
        let joined = try rotated.incident.queueLogs.map(rotated.text).joined()
        #expect(joined == (try plain.text(plain.incident.queueLogs[0])))
        settings.compress = true
        let packed = try await Story(settings)
        #expect(packed.incident.webLogs.allSatisfy { $0.hasSuffix(".log.gz") })
        var unpacked = ""
        for path in packed.incident.webLogs {
            unpacked += try await Program.run("gzip", ["-dc", path]).output
        }
        #expect(unpacked == (try plain.text(plain.incident.webLogs[0])))
    }

    @Test("Every pass is signed with a listed secret and names its own ticket and number")
    func passes() async throws {
        let story = try await Story.small.value
        let secrets = try passSecrets(of: story)
        #expect(secrets.count == 2)
        var seen = 0
        for line in try story.lines(story.incident.queueLogs) {
            guard let pass = line.pass else { continue }
            let claims = try #require(passClaims(of: pass, signedWithOneOf: secrets))
            #expect(claims.sub == line.key && claims.number == line.number)
            #expect(claims.exp - claims.iat == 900)
            #expect(abs(claims.iat - line.time / 1000) <= 1)
            seen += 1
        }
        #expect(seen > 400)
    }

    @Test("Polls come every 5 to 30 seconds, more often the nearer the turn")
    func adaptivePolls() async throws {
        let story = try await Story.small.value
        var last: [Int: (time: Int64, ahead: Int)] = [:]
        var near: [Int64] = []
        var far: [Int64] = []
        for line in try story.lines(story.incident.queueLogs) where line.rc == "wait" && line.op == "poll" {
            guard let number = line.number, let ahead = line.ahead else { continue }
            if let before = last[number] {
                if before.ahead <= 1 { near.append(line.time - before.time) }
                if before.ahead > 250 { far.append(line.time - before.time) }
            }
            last[number] = (line.time, ahead)
        }
        let nearMedian = near.sorted()[near.count / 2]
        let farMedian = far.sorted()[far.count / 2]
        #expect((4_500...6_500).contains(nearMedian))
        #expect((27_000...34_000).contains(farMedian))
    }

    @Test("Ticket numbers have no holes, and the front door sees every submit within five seconds")
    func completeSources() async throws {
        let story = try await Story.small.value
        let numbers = Set(try story.lines(story.incident.queueLogs).compactMap(\.number))
        let low = try #require(numbers.min())
        let high = try #require(numbers.max())
        #expect(numbers.count == high - low + 1)
        let posts = try story.text(story.incident.webLogs[0]).split(separator: "\n")
            .filter { $0.contains("\"POST /api/bookings HTTP/1.1\"") }.compactMap(WebLine.init)
        let bySession = Dictionary(grouping: posts, by: \.session)
        for submit in try story.lines(story.incident.bookingLogs) where submit.op == "submit" {
            let mine = bySession[submit.sid ?? ""] ?? []
            #expect(mine.contains { (-1_000...5_000).contains($0.time - submit.time) }, "\(submit)")
        }
    }
}

/// What the tests ask of a front-door line.
struct WebLine {
    let time: Int64
    let session: String

    init?(_ line: Substring) {
        guard let open = line.firstIndex(of: "["), let session = line.split(separator: " sid=").last else {
            return nil
        }
        let stamp = line[line.index(after: open)...].prefix(20)
        let months = ["Jul": "07", "Nov": "11"]
        let parts = stamp.split(whereSeparator: { "/:".contains($0) }).map(String.init)
        guard parts.count == 6, let month = months[parts[1]],
            let time = Instant("\(parts[2])-\(month)-\(parts[0])T\(parts[3]):\(parts[4]):\(parts[5])+09:00")
        else { return nil }
        self.time = time.milliseconds
        self.session = String(session.prefix { $0 != " " })
    }
}

/// The claims of a pass.
struct PassClaims: Decodable {
    let sub: String
    let iat: Int64
    let exp: Int64
    let number: Int
}

/// The secrets in the incident's key file.
func passSecrets(of story: Story) throws -> [String] {
    struct KeyFile: Decodable {
        struct Key: Decodable {
            let secret: String
            let alg: String
        }
        let keys: [Key]
    }
    let data = try Data(contentsOf: URL(fileURLWithPath: story.incident.passKeys))
    return try JSONDecoder().decode(KeyFile.self, from: data).keys.filter { $0.alg == "HS256" }.map(\.secret)
}

/// The claims of a pass that is signed with one of the secrets, nil otherwise.
func passClaims(of pass: String, signedWithOneOf secrets: [String]) -> PassClaims? {
    let parts = pass.split(separator: ".")
    guard parts.count == 3, let body = decoded(parts[1]), let signature = decoded(parts[2]) else {
        return nil
    }
    let signed = Data((parts[0] + "." + parts[1]).utf8)
    let isSigned = secrets.contains { secret in
        HMAC<SHA256>.isValidAuthenticationCode(
            signature, authenticating: signed, using: SymmetricKey(data: Data(secret.utf8)))
    }
    return isSigned ? try? JSONDecoder().decode(PassClaims.self, from: body) : nil
}

private func decoded(_ text: Substring) -> Data? {
    var base64 = String(text).replacing("-", with: "+").replacing("_", with: "/")
    while base64.count % 4 != 0 { base64 += "=" }
    return Data(base64Encoded: base64)
}
