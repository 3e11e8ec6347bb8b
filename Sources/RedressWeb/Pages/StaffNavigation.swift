/// The main menu: what a role may open, and where one is.
import RedressCore
import RedressEvidence

/// Builds the menu.
enum StaffNavigation {
    private static let places: [(path: String, word: String, permission: Permission)] = [
        ("/staff", "work", .readCases), ("/staff/reviews", "reviews", .readCases),
        ("/staff/calls", "calls", .workCases), ("/staff/notices", "notices", .readCases),
        ("/staff/incidents", "incidents", .readCases), ("/staff/statistics", "statistics", .readStatistics),
        ("/staff/audit", "audit", .readAudit), ("/staff/people", "staffPeople", .manageStaff),
    ]

    static func links(for role: Role, _ path: String, _ language: Language) -> [PageShell.Link] {
        places.filter { role.permissions.contains($0.permission) }.map { place in
            PageShell.Link(
                href: place.path, text: Words.text(place.word, language),
                isHere: place.path == "/staff"
                    ? path == "/staff" || path.hasPrefix("/staff/cases") || path.hasPrefix("/staff/lists")
                    : path.hasPrefix(place.path)
                        || place.path == "/staff/incidents"
                            && (path.hasPrefix("/staff/pool") || path.hasPrefix("/staff/plan"))
            )
        }
    }

    /// Where a role starts after signing in.
    static func start(of role: Role) -> String {
        places.first { role.permissions.contains($0.permission) }?.path ?? "/staff"
    }
}
