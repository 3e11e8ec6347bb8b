// Draws the people of the evening, their devices, and what each of them is going to do.
import RedressCore

/// Everyone who comes, before anything has happened.
struct Crowd {
    private(set) var people: [Person] = []
    private(set) var visitors: [Visitor] = []

    private let settings: SimulationSettings
    private let timetable: Timetable
    private let centres: Centres
    private let names = Names()
    private var dice: Dice
    private var marks = 0

    private static let agents = [
        "Mozilla/5.0 (Linux; Android 11; SM-G991N) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/91.0 Mobile Safari/537.36",
        "Mozilla/5.0 (Linux; Android 10; SM-N970N) AppleWebKit/537.36 (KHTML, like Gecko) SamsungBrowser/14.2 Mobile",
        "Mozilla/5.0 (iPhone; CPU iPhone OS 14_6 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/14.1",
        "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/91.0 Safari/537.36",
        "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Whale/2.10 Safari/537.36",
    ]

    init(_ settings: SimulationSettings, timetable: Timetable, centres: Centres) {
        self.settings = settings
        self.timetable = timetable
        self.centres = centres
        dice = Dice(seed: settings.seed, purpose: "crowd")
        for trick in drawTricks() { addJumper(trick) }
        while people.count < settings.people { addHonest() }
    }

    /// One trick for every jumper, as near to the weights as whole people allow.
    private mutating func drawTricks() -> [Trick] {
        let count = Int((Double(settings.affectedTarget) * settings.trickShare).rounded())
        let kinds = Trick.allCases.filter { (settings.tricks[$0] ?? 0) > 0 }
        let total = kinds.reduce(0) { $0 + (settings.tricks[$1] ?? 0) }
        guard total > 0 else { return [] }
        var drawn: [Trick] = []
        var sum = 0.0
        for kind in kinds {
            sum += settings.tricks[kind] ?? 0
            let upTo = Int((Double(count) * sum / total).rounded())
            drawn += Array(repeating: kind, count: max(0, upTo - drawn.count))
        }
        drawn.shuffle(using: &dice)
        return drawn
    }

    private mutating func addJumper(_ trick: Trick) {
        let person = addPerson(family: names.familyName(&dice), phoneIndex: nil)
        person.trick = trick
        let jump = drawJump()
        let roomMilliseconds = jump.milliseconds - timetable.opening.adding(minutes: 25).milliseconds
        // Nobody plays a trick when it is about to be their turn, so all come well behind the first rush.
        let waitedMilliseconds =
            switch trick {
            case .script: dice.within(480_000...840_000)
            case .airplaneMode where dice.chance(0.5): dice.within(30_000...90_000)
            case .directCall: 5_000 as Int64
            default: dice.within(300_000...max(300_000, roomMilliseconds))
            }
        add(
            members: [person], trick: trick, habits: [],
            arrival: jump.adding(milliseconds: -waitedMilliseconds),
            jump: jump)
    }

    private mutating func addHonest() {
        let size = dice.chance(settings.share(of: .family)) ? 2 + dice.weighted([6, 4]) : 1
        let isOnePhone = size > 1 && dice.chance(settings.share(of: .sharedPhone))
        let family = names.familyName(&dice)
        let phoneIndex = people.count
        var members: [Person] = []
        for _ in 0..<min(size, settings.people - people.count) {
            members.append(addPerson(family: family, phoneIndex: isOnePhone ? phoneIndex : nil))
        }
        var habits: Set<LookAlike> = []
        for habit in LookAlike.planned where dice.chance(settings.share(of: habit)) { habits.insert(habit) }
        for member in members {
            if members.count > 1 { member.lookAlikes.insert(.family) }
            if members.count > 1, isOnePhone { member.lookAlikes.insert(.sharedPhone) }
        }
        add(members: members, trick: nil, habits: habits, arrival: drawArrival(), jump: nil)
    }

    private mutating func addPerson(family: String, phoneIndex: Int?) -> Person {
        let person = Person(
            number: people.count + 1, name: names.name(family: family, &dice),
            phone: names.phone(index: phoneIndex ?? people.count), birthDate: names.birthDate(&dice),
            home: centres.draw(&dice))
        people.append(person)
        return person
    }

    private mutating func add(
        members: [Person], trick: Trick?, habits: Set<LookAlike>, arrival: Instant, jump: Instant?
    ) {
        marks += 1
        var nodes = Array(Timetable.roomNodes.indices)
        // A jumper whom a failing node lets through by luck would be a jumper no more.
        if trick != nil { nodes.removeAll { $0 == Timetable.failOpenNode } }
        let losesPatience = trick == nil && dice.chance(0.14)
        let patienceMilliseconds = dice.within(600_000...5_400_000)
        visitors.append(
            Visitor(
                device: mark("d", marks), session: mark("s", marks),
                agent: dice.pick(Crowd.agents) ?? "-",
                address: habits.contains(.sharedAddress) ? sharedAddress() : Crowd.address(marks),
                clockMilliseconds: habits.contains(.wrongClock) ? wrongClock() : dice.within(-4_000...4_000),
                node: dice.pick(nodes) ?? 0, members: members, habits: habits, trick: trick,
                arrival: arrival, jump: jump,
                patienceEnd: losesPatience ? arrival.adding(milliseconds: patienceMilliseconds) : nil,
                isIdle: trick == nil && dice.chance(0.04)))
    }

    private mutating func drawArrival() -> Instant {
        switch dice.weighted([35, 42, 23]) {
        case 0: timetable.doors.adding(milliseconds: dice.exponential(meanMilliseconds: 540_000))
        case 1: timetable.opening.adding(milliseconds: dice.within(300_000...6_600_000))
        default: timetable.opening.adding(milliseconds: dice.within(6_000_000...9_900_000))
        }
    }

    /// A time in the window at which a trick can be told from an outage, with room for what follows.
    private mutating func drawJump() -> Instant {
        let latestMilliseconds = timetable.to.milliseconds - timetable.from.milliseconds - 420_000
        while true {
            let jump = timetable.from.adding(milliseconds: dice.within(300_000...latestMilliseconds))
            if !timetable.isNearOutage(jump) { return jump }
        }
    }

    private mutating func wrongClock() -> Int64 {
        // Half are set to another time zone, half were set by hand.
        if dice.chance(0.5) { return (dice.pick([-9, -8, -1, 1, 2]) ?? 1) * 3_600_000 }
        return dice.within(-1_500_000...1_500_000)
    }

    private mutating func sharedAddress() -> String { "203.0.113.\(1 + dice.below(12))" }

    /// An address from the range set aside for measurements (RFC 2544), which nobody has.
    static func address(_ counter: Int) -> String {
        let scattered = (counter * 40_503) & 0x1FFFF
        return "198.\(18 + (scattered >> 16)).\((scattered >> 8) & 255).\(scattered & 255)"
    }
}

extension LookAlike {
    /// Those that belong to a device or its owner and are decided before the evening.
    static let planned: [LookAlike] = [
        .addressChange, .sharedAddress, .reload, .doubleSubmit, .sessionRotation, .wrongClock, .tabs,
    ]
}
