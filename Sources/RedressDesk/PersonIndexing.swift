/// The blind keys a person is found by: name and birth date, the last four digits, in every way they are asked for.
import RedressCore
import RedressStore

/// What is known of a person, in clear; it never leaves the desk unmasked without a reason.
struct KnownPerson {
    var name: PersonName?
    var birthDate: CivilDate?
    var phone: PhoneNumber?
}

/// Keeps the keys of people in step with what is known of them.
struct PersonIndexing {
    let connection: any Connection
    let desk: Desk

    /// Half of the hash tells a billion people apart and halves the index.
    private static let keyLength = 16

    init(_ connection: any Connection, _ desk: Desk) {
        self.connection = connection
        self.desk = desk
    }

    /// What the register and the revocation lists hold of a person.
    func known(_ who: PersonKey) throws -> KnownPerson {
        let register = RegisterStore(connection)
        let row = try register.person(who.person, incident: who.incident)
        func text(_ sealed: [UInt8]?, _ place: String) throws -> String? {
            try sealed.map { try desk.keys.open($0, for: place) }
        }
        let name = try text(row?.nameSealed, PersonalData.name(who.person, who.incident))
        let birthDate = try text(row?.birthDateSealed, PersonalData.birthDate(who.person, who.incident))
        var phone = try text(row?.phoneSealed, PersonalData.phone(who.person, who.incident))
        if phone == nil {
            let listed = try register.revocationPhones(of: who.person, incident: who.incident).first
            phone = try listed.map {
                try desk.keys.open(
                    $0.phoneSealed, for: PersonalData.revocationPhone($0.booking, who.incident))
            }
        }
        return KnownPerson(
            name: name.flatMap { try? PersonName($0) }, birthDate: birthDate.flatMap { CivilDate($0) },
            phone: phone.flatMap { try? PhoneNumber($0) })
    }

    /// Writes the keys that a person is found by, from all that is known.
    func index(_ who: PersonKey) throws {
        let known = try known(who)
        var keys: [[UInt8]] = []
        if let name = known.name, let birthDate = known.birthDate {
            keys += name.searchKeys.sorted().map { key(desk.keys.index("\($0)/\(birthDate)", kind: "name")) }
        }
        if let phone = known.phone {
            keys.append(key(desk.keys.index(phone.lastFour, kind: "last-four")))
            if let birthDate = known.birthDate {
                keys.append(key(desk.keys.index("\(phone.lastFour)/\(birthDate)", kind: "last-four")))
            }
        }
        try PersonStore(connection).setKeys(keys, of: who)
    }

    /// Everyone with a name, in any spelling, and a birth date.
    func people(name: PersonName, birthDate: CivilDate, limit: Int) throws -> [PersonKey] {
        try people(name.queryKeys.sorted().map { "\($0)/\(birthDate)" }, kind: "name", limit)
    }

    /// Everyone whose number ends in four digits; with a birth date, only those born then.
    func people(lastFour: String, birthDate: CivilDate?, limit: Int) throws -> [PersonKey] {
        try people([birthDate.map { "\(lastFour)/\($0)" } ?? lastFour], kind: "last-four", limit)
    }

    /// Everyone behind a number, in the register, on a revocation list or as a representative.
    func people(phone: PhoneNumber) throws -> [PersonKey] {
        let store = PersonStore(connection)
        return try Set(
            desk.keys.indexes(phone.digits, kind: "phone").flatMap { try store.people(phoneIndex: $0) }
        ).sorted()
    }

    private func people(_ values: [String], kind: String, _ limit: Int) throws -> [PersonKey] {
        let store = PersonStore(connection)
        var found: Set<PersonKey> = []
        for value in values {
            for index in desk.keys.indexes(value, kind: kind) {
                found.formUnion(try store.people(key: key(index), limit: limit))
            }
        }
        return Array(found.sorted().prefix(limit))
    }

    private func key(_ index: [UInt8]) -> [UInt8] { Array(index.prefix(Self.keyLength)) }
}
