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

    /// What the logs say of these people, in their order; nothing is recorded.
    ///
    /// All cores read at once. Each share is read from a state of the evidence that is the picture's own; when logs
    /// come in meanwhile, everything is read again from one state.
    public func verdicts(
        for records: [PersonRecord], incident: String, by actor: Actor
    ) async throws -> [Verdict] {
        try actor.require(.readCases)
        let row = try await desk.database.read { try IncidentStore($0).find(incident) }
        let kept = try await picture(row)
        if let verdicts = try await judge(records, by: kept) { return verdicts }
        let context = kept.picture.context
        return try await desk.evidence.read { connection in
            let source = StoredFacts(EvidenceStore(connection), incident: incident)
            return try Examiner(context: context, source: source).verdicts(for: records)
        }
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

    /// The verdicts by a picture; nil when logs came in that it does not know.
    private func judge(_ records: [PersonRecord], by kept: PictureShelf.Kept) async throws -> [Verdict]? {
        let shares = stride(from: 0, to: records.count, by: Self.share).map { start in
            Array(records[start..<min(start + Self.share, records.count)])
        }
        let evidence = desk.evidence
        return try await withThrowingTaskGroup(of: (Int, [Verdict]?).self) { group in
            var out = Array(repeating: [Verdict](), count: shares.count)
            var next = 0
            func start() {
                guard next < shares.count else { return }
                let (index, share) = (next, shares[next])
                next += 1
                group.addTask {
                    (index, try await evidence.read { try Self.judge(share, by: kept, $0) })
                }
            }
            for _ in 0..<ProcessInfo.processInfo.activeProcessorCount { start() }
            while let (index, verdicts) = try await group.next() {
                guard let verdicts else {
                    group.cancelAll()
                    return nil
                }
                out[index] = verdicts
                start()
            }
            return out.flatMap(\.self)
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
