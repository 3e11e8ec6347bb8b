/// A simulated evening loaded into an installation of its own, for the benchmarks of ingest and verdicts.
import Foundation
import RedressCore
import RedressDesk
import RedressEvidence
import RedressSQLite
import RedressSimulator

struct EvidenceEvening {
    static let actor = Actor(name: "operator:benchmark", role: .operator)
    let desk: Desk
    let incident: SimulatedIncident
    let runs: String

    /// Simulates an evening and loads its registers; the folder must be new.
    static func make(people: Int, in folder: String) async throws -> EvidenceEvening {
        guard let evening = CivilDate("2021-07-19") else {
            throw RedressError(.fault, "A date does not read.")
        }
        let settings = SimulationSettings.story(on: evening, people: people, seed: 719)
        let incident = try await simulate(settings, into: folder + "/incident")
        print("simulated \(people) people, lines \(incident.counts.lines.values.reduce(0, +))")
        let installation = Installation(folder: folder + "/data")
        let desk = try await installation.create { path, schema, create in
            try SQLiteDatabase(path: path, schema: schema, create: create)
        }
        var new = NewIncident(id: incident.id, name: incident.name, from: incident.from, to: incident.to)
        new.passKeys = try String(contentsOfFile: incident.passKeys, encoding: .utf8)
        try await desk.incidents.create(new, by: actor)
        return EvidenceEvening(desk: desk, incident: incident, runs: installation.runs)
    }

    /// Reads every log of the evening; returns its lines.
    func ingest() async throws -> Int {
        var total = IngestReport()
        for (log, paths) in [
            (LogKind.queue, incident.queueLogs), (.booking, incident.bookingLogs), (.web, incident.webLogs),
            (.sms, incident.smsLogs),
        ] {
            for path in paths {
                total.add(
                    try await desk.evidenceDesk.ingest(
                        path, log: log, incident: incident.id, runs: runs, by: Self.actor))
            }
        }
        return total.lines
    }

    /// Everybody affected as the registers would have them, over and over until there are `count`.
    func records(_ count: Int) -> [PersonRecord] {
        let affected = incident.people.filter { $0.affected && $0.booking != nil }
        let revokedAt = incident.to.adding(minutes: 13 * 60)
        return (0..<count).map { index in
            let person = affected[index % affected.count]
            let booking = person.booking ?? ""
            return PersonRecord(
                person: person.person, phone: person.phone, birthYear: Int(person.birthDate.prefix(4)),
                bookings: [
                    RegisterBooking(
                        booking: booking, site: person.original?.site ?? "",
                        vaccine: person.original?.vaccine ?? "",
                        dose: 1, date: person.original.flatMap { CivilDate($0.date) },
                        slot: person.original.flatMap { TimeOfDay($0.slot) }, bookedAt: person.attemptedAt,
                        status: .revoked)
                ],
                revocations: [RevocationRow(booking: booking, revokedAt: revokedAt, batch: "1")],
                claimed: booking)
        }
    }
}

/// Seconds of wall-clock time that some work takes.
func seconds(_ work: () async throws -> Void) async rethrows -> Double {
    let start = ContinuousClock.now
    try await work()
    let elapsed = (ContinuousClock.now - start).components
    return Double(elapsed.seconds) + Double(elapsed.attoseconds) / 1e18
}
