/// `settings`: what is set, and where.
import ArgumentParser
import RedressCore

struct SettingsCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "settings",
        abstract: "List every setting with its value and where that comes from; secrets are not shown.",
        discussion: """
            An option counts before the environment, that before the file named by --config or REDRESS_CONFIG. Every \
            setting can be given as --set KEY=VALUE, by its variable, or in the file. docs/configuration.md explains each.

            Example: redress settings --config /etc/redress.yaml --set http.port=8443
            """)

    @OptionGroup var options: Options

    private struct Line: Encodable {
        var key: String
        var value: String
        var from: String
        var variable: String
    }

    func run() throws {
        let settings = try options.load()
        let lines = Setting.all.flatMap(\.settings).map { setting in
            let value = settings.text(setting) ?? ""
            return Line(
                key: setting.key, value: setting.isSecret && !value.isEmpty ? "(secret)" : value,
                from: settings.source(of: setting).rawValue, variable: setting.variable)
        }
        let table = Table(
            ["setting", "value", "from", "variable"].map { Table.Column($0) },
            rows: lines.map { [$0.key, $0.value, $0.from, $0.variable] })
        try options.answer(lines, table)
    }
}
