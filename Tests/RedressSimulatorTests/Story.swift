// The small incidents that the tests read, made once, and their lines in a form that is easy to ask.
import Foundation
import RedressCore
import RedressSimulator

/// A folder of its own that goes away with the value.
final class Folder: Sendable {
    let path: String

    init() {
        path = FileManager.default.temporaryDirectory.path + "/incident-" + UUID().uuidString
    }

    deinit { try? FileManager.default.removeItem(atPath: path) }
}

/// One JSON line, with the fields the tests ask for.
struct LogLine: Decodable {
    var ts: String
    var node: String
    var seq: Int
    var op: String
    var rc: String?
    var key: String?
    var prev: String?
    var number: Int?
    var ahead: Int?
    var sid: String?
    var did: String?
    var ip: String?
    var cts: Int64?
    var pass: String?
    var person: String?
    var booking: String?
    var site: String?
    var date: String?
    var slot: String?
    var status: Status?
    var reason: String?
    var phone: String?
    var template: String?

    /// A number in the booking log, a word in the message log.
    enum Status: Decodable, Equatable {
        case number(Int)
        case word(String)

        init(from decoder: any Decoder) throws {
            let container = try decoder.singleValueContainer()
            if let number = try? container.decode(Int.self) {
                self = .number(number)
            } else {
                self = .word(try container.decode(String.self))
            }
        }
    }

    /// Milliseconds since 1970 by the node's clock.
    var time: Int64 { Instant(ts)?.milliseconds ?? 0 }
}

/// An incident with its files read back.
struct Story: Sendable {
    let folder: Folder
    let incident: SimulatedIncident
    let settings: SimulationSettings

    init(_ settings: SimulationSettings) async throws {
        folder = Folder()
        self.settings = settings
        incident = try await simulate(settings, into: folder.path)
    }

    /// The evening of the story with 600 people, shared by the tests that only read it.
    static let small = Task { try await Story(.story(on: evening, people: 600, seed: 19)) }
    static let evening = CivilDate(year: 2021, month: 7, day: 19) ?? CivilDate(daysSinceEpoch: 18_827)

    func lines(_ paths: [String]) throws -> [LogLine] {
        let decoder = JSONDecoder()
        return try paths.flatMap { path in
            try Data(contentsOf: URL(fileURLWithPath: path)).split(separator: 0x0A)
                .map { try decoder.decode(LogLine.self, from: $0) }
        }
    }

    func rows(_ path: String) throws -> [[String: String]] {
        var lines = try text(path).split(separator: "\n").map(fields)
        let header = lines.removeFirst()
        return lines.map { Dictionary(uniqueKeysWithValues: zip(header, $0)) }
    }

    func text(_ path: String) throws -> String {
        String(decoding: try Data(contentsOf: URL(fileURLWithPath: path)), as: UTF8.self)
    }

    /// Every file of the folder with its bytes, by name.
    func files() throws -> [String: Data] {
        let names = try FileManager.default.contentsOfDirectory(atPath: folder.path)
        return try Dictionary(
            uniqueKeysWithValues: names.map { name in
                (name, try Data(contentsOf: URL(fileURLWithPath: folder.path + "/" + name)))
            })
    }

    /// Splits a CSV line of which some fields are quoted.
    private func fields(_ line: Substring) -> [String] {
        var fields = [""]
        var isQuoted = false
        for character in line {
            switch character {
            case "\"": isQuoted.toggle()
            case "," where !isQuoted: fields.append("")
            default: fields[fields.count - 1].append(character)
            }
        }
        return fields
    }
}
