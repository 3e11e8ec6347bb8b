// Makes an incident with ground truth in a folder: logs, registers, secrets and the truth.
import Foundation
import RedressCore

/// Simulates an incident and writes its files into a folder, which is made when it is not there.
///
/// The logs are written while the evening runs, so memory grows with the people and not with the lines.
/// The same settings give the same bytes.
/// - Throws: `RedressError` with `usage` for settings out of range, `unavailable` when a file cannot be written.
public func simulate(
    _ settings: SimulationSettings, into directory: String
) async throws -> SimulatedIncident {
    try settings.validate()
    do {
        try FileManager.default.createDirectory(atPath: directory, withIntermediateDirectories: true)
    } catch {
        throw RedressError(
            .unavailable, "The folder \(directory) cannot be made: \(error.localizedDescription)")
    }
    let evening = try Evening(settings, folder: directory)
    try evening.run()
    let bystanders = evening.drawBystanders()
    let people = (evening.crowd.people + bystanders).map(evening.truth)
    func path(_ name: String) -> String { directory + "/" + name }
    let sites = try OutputFile(path: path("sites.csv"))
    try sites.write(evening.centres.csv)
    try sites.close()
    try evening.writeRegister(to: path("register.csv"), bystanders: bystanders)
    try evening.writeRevocations(to: path("revocations.csv"))
    try evening.writeAllotments(to: path("allotments.csv"))
    try evening.writeTruth(people, to: path("truth.csv"))
    let keys = try OutputFile(path: path("pass-keys.json"))
    try keys.write(evening.mint.keyFile)
    try keys.close()
    var logPaths: [LogSource: [String]] = [:]
    for (source, log) in evening.logs {
        logPaths[source] = settings.compress ? try await packed(log.paths) : log.paths
    }
    let parts = settings.evening.parts
    return SimulatedIncident(
        id: settings.evening.description,
        name: "\(parts.year)년 \(parts.month)월 \(parts.day)일 사전예약 시스템 장애",
        from: evening.timetable.from, to: evening.timetable.to, sites: path("sites.csv"),
        register: path("register.csv"), revocations: path("revocations.csv"),
        allotments: path("allotments.csv"), queueLogs: logPaths[.queue] ?? [],
        bookingLogs: logPaths[.booking] ?? [], webLogs: logPaths[.web] ?? [], smsLogs: logPaths[.sms] ?? [],
        passKeys: path("pass-keys.json"), truth: path("truth.csv"), people: people,
        counts: evening.count(people))
}

extension Evening {
    /// People with bookings from earlier days, who did not come that evening.
    func drawBystanders() -> [Person] {
        let names = Names()
        return (0..<max(2, settings.people * 3 / 100)).map { index in
            let number = settings.people + index + 1
            let person = Person(
                number: number, name: names.name(family: names.familyName(&dice), &dice),
                phone: names.phone(index: number), birthDate: names.birthDate(&dice),
                home: centres.draw(&dice))
            bookingCount += 1
            let bookedAt = timetable.opening.adding(minutes: -1440 * (2 + dice.below(5)) + dice.below(600))
            let isVaccinated = index == 0 || dice.chance(0.05)
            var slot = slots.take(centre: person.home)
            if isVaccinated { slot.date = settings.evening.adding(days: -1) }
            person.bookings = [
                Booking(
                    id: "B" + padded(bookingCount, to: 5), slot: slot, bookedAt: bookedAt,
                    status: isVaccinated ? .completed : .confirmed)
            ]
            return person
        }
    }

    func count(_ people: [PersonTruth]) -> SimulationCounts {
        var counts = SimulationCounts()
        counts.people = people.count
        counts.tickets = room.tickets.count
        for person in people where person.affected {
            counts.affected += 1
            if person.laterBooking != nil { counts.rebooked += 1 }
            if let trick = person.trick { counts.tricks[trick, default: 0] += 1 }
            for lookAlike in person.lookAlikes { counts.lookAlikes[lookAlike, default: 0] += 1 }
        }
        for (source, log) in logs {
            counts.lines[source] = log.lineCount
            counts.lost[source] = log.lostCount
            counts.bytes += log.byteCount
        }
        return counts
    }
}
