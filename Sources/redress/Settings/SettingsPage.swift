/// `docs/configuration.md`, written from the table of settings.
enum SettingsPage {
    static var text: String {
        var page = """
            # Configuration

            Made from the program's own table by a test: when the table changes, run
            `REDRESS_WRITE_DOCS=1 swift test --filter SettingsTests` and commit this page.

            A setting is looked for in this order; the first place that has it counts:

            1. its option, where a command has one, or `--set KEY=VALUE` (as often as needed, with any command);
            2. its environment variable;
            3. the YAML file named by `--config FILE` or `REDRESS_CONFIG`;
            4. the standard.

            `redress settings` prints what counts and where it comes from. Secrets are never printed; put them into the
            environment or a file of mode 600, not on a command line. A key that does not exist is an error that names the
            nearest one, and so is a value of another form.

            ```yaml
            data:
              dir: /srv/redress
            http:
              port: 8080
              proxies: 127.0.0.1
            notice:
              url: https://sms.example.kr/v1
              secret_file: /etc/redress/notice.secret
            ```

            """
        for (title, settings) in Setting.all {
            page +=
                "\n## \(title)\n\n| setting | variable | value | standard | what it does |\n| --- | --- | --- | --- | --- |\n"
            for setting in settings {
                let name = "`\(setting.key)`" + (setting.optionName.map { " (`\($0)`)" } ?? "")
                let form = setting.form + (setting.isSecret ? "; secret" : "")
                let standard = setting.standard.isEmpty ? "" : "`\(setting.standard)`"
                page += "| \(name) | `\(setting.variable)` | \(form) | \(standard) | \(setting.help) |\n"
            }
        }
        return page
    }
}
