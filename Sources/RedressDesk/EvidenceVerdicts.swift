/// Verdicts of many people on all cores, over a picture of the incident that is built once and kept.
import Foundation
public import RedressCore
public import RedressEvidence
import RedressStore
import Synchronization

/// The pictures of incidents, each kept until more logs come in or the incident itself is changed.
final class PictureShelf: Sendable {
    struct Kept {
        var incident: IncidentRow
        /// The state of the evidence that the picture sums up.
        var version: EvidenceVersion
        var picture: IncidentPicture
    }

    private let kept = Mutex<[String: Kept]>([:])

    func find(_ incident: IncidentRow, _ version: EvidenceVersion) -> Kept? {
        kept.withLock { shelf in
            shelf[incident.id].flatMap { $0.incident == incident && $0.version == version ? $0 : nil }
        }
    }

    func keep(_ picture: Kept) {
        kept.withLock { $0[picture.incident.id] = picture }
    }
}

extension EvidenceDesk {
    /// People whose verdicts one worker takes at a time.
    private static let share = 512

    /// Takes the verdicts of these people as they come: a stretch of them at a time, in any order; nothing is recorded.
    ///
    /// All cores read at once. Each stretch is read from a state of the evidence that is the picture's own; when logs
    /// come in meanwhile, those that are left are read from one later state.
    ///
    /// - Parameter take: is given a stretch of `records` and its verdicts; they are judged on while it works.
    public func verdicts(
        for records: [PersonRecord], incident: String, by actor: Actor,
        _ take: (_ stretch: Range<Int>, _ verdicts: [Verdict]) async throws -> Void
    ) async throws {
        try actor.require(.readCases)
        let row = try await desk.database.read { try IncidentStore($0).find(incident) }
        let kept = try await picture(row)
        let left = try await judge(records, by: kept, take)
        guard !left.isEmpty else { return }
        let context = kept.picture.context
        let late = try await desk.evidence.read { connection in
            let source = StoredFacts(EvidenceStore(connection), incident: incident)
            let examiner = try Examiner(context: context, source: source)
            return try left.map { ($0, try examiner.verdicts(for: Array(records[$0]))) }
        }
        for (stretch, verdicts) in late { try await take(stretch, verdicts) }
    }

    /// The picture of an incident as its logs are now.
    func picture(_ incident: IncidentRow) async throws -> PictureShelf.Kept {
        let version = try await desk.evidence.read { try EvidenceStore($0).version(incident: incident.id) }
        if let kept = desk.pictures.find(incident, version) { return kept }
        let context = try await desk.incidents.context(incident)
        let fresh = try await desk.evidence.read { connection in
            let store = EvidenceStore(connection)
            let source = StoredFacts(store, incident: incident.id)
            return PictureShelf.Kept(
                incident: incident, version: try store.version(incident: incident.id),
                picture: try IncidentPicture(context: context, source: source))
        }
        desk.pictures.keep(fresh)
        return fresh
    }

    /// Judges by a picture; the stretches that are left when logs came in that it does not know.
    private func judge(
        _ records: [PersonRecord], by kept: PictureShelf.Kept,
        _ take: (Range<Int>, [Verdict]) async throws -> Void
    ) async throws -> [Range<Int>] {
        let stretches = stride(from: 0, to: records.count, by: Self.share).map { start in
            start..<min(start + Self.share, records.count)
        }
        let evidence = desk.evidence
        return try await withThrowingTaskGroup(of: (Range<Int>, [Verdict]?).self) { group in
            var left: [Range<Int>] = []
            var waiting = stretches[...]
            func start() {
                guard let stretch = waiting.popFirst() else { return }
                let share = Array(records[stretch])
                group.addTask { (stretch, try await evidence.read { try Self.judge(share, by: kept, $0) }) }
            }
            for _ in 0..<ProcessInfo.processInfo.activeProcessorCount { start() }
            while let (stretch, verdicts) = try await group.next() {
                guard let verdicts else {
                    left.append(stretch)
                    left += waiting
                    waiting = []
                    continue
                }
                start()
                try await take(stretch, verdicts)
            }
            return left.sorted { $0.lowerBound < $1.lowerBound }
        }
    }

    private static func judge(
        _ records: [PersonRecord], by kept: PictureShelf.Kept, _ connection: any Connection
    ) throws -> [Verdict]? {
        let store = EvidenceStore(connection)
        guard try store.version(incident: kept.incident.id) == kept.version else { return nil }
        let source = StoredFacts(store, incident: kept.incident.id)
        return try Examiner(picture: kept.picture, source: source).verdicts(for: records)
    }
}
