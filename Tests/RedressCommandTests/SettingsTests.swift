import ArgumentParser
import Foundation
import RedressCore
import RedressWeb
import TestSupport
import Testing

@testable import redress

@Suite("Settings")
struct SettingsTests {
    @Test("docs/configuration.md is the program's own table")
    func page() throws {
        let page = URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
            .deletingLastPathComponent().appendingPathComponent("docs/configuration.md")
        if ProcessInfo.processInfo.environment["REDRESS_WRITE_DOCS"] == "1" {
            try Data(SettingsPage.text.utf8).write(to: page)
        }
        #expect(try String(contentsOf: page, encoding: .utf8) == SettingsPage.text)
    }

    @Test("An option counts before the environment, that before the file, and the standard last")
    func order() throws {
        let folder = try TemporaryFolder()
        let file = folder.file("redress.yaml")
        try Data(
            "http:\n  port: 1\n  host: 127.0.0.3\n  proxies: [127.0.0.1, 10.0.0.0/8]\nbooking.atomic: false\n"
                .utf8
        )
        .write(to: URL(fileURLWithPath: file))
        let environment = [
            "REDRESS_HTTP_PORT": "2", "REDRESS_NOTICE_SENDER": "", "REDRESS_HTTP_HOST": "127.0.0.2",
        ]
        let settings = try Settings(options: ["http.port": "3"], environment: environment, file: file)
        #expect(settings.text(.port) == "3" && settings.source(of: .port) == .option)
        #expect(settings.text(.host) == "127.0.0.2" && settings.source(of: .host) == .environment)
        #expect(settings.text(.proxies) == "127.0.0.1, 10.0.0.0/8" && settings.source(of: .proxies) == .file)
        #expect(settings.text(.bookingAtomic) == "no")
        #expect(settings.text(.noticeContact) == "1339" && settings.source(of: .noticeContact) == .standard)
        #expect(settings.text(.noticeSender) == "질병관리청", "an empty variable is not set")
        #expect(settings.text(.certificate) == nil)
    }

    @Test("Every setting is read from its option, its variable and the file")
    func everySetting() throws {
        let folder = try TemporaryFolder()
        for setting in Setting.all.flatMap(\.settings) {
            let value =
                switch setting.kind {
                case .flag: "no"
                case .integer(let range): String(range.lowerBound + 7)
                case .number: "7.5"
                case .choice(let words): words[0]
                case .networks: "192.0.2.0/24"
                case .text, .path, .url: "some-\(setting.key)"
                }
            let file = folder.file("one.yaml")
            try Data("\(setting.key): \"\(value)\"\n".utf8).write(to: URL(fileURLWithPath: file))
            for made in [
                try Settings(options: [setting.key: value], environment: [:], file: nil),
                try Settings(options: [:], environment: [setting.variable: value], file: nil),
                try Settings(options: [:], environment: [:], file: file),
            ] {
                #expect(made.text(setting) == value, "\(setting.key)")
            }
            #expect(setting.standard.isEmpty || setting.takes(setting.standard), "\(setting.key)")
        }
    }

    @Test(
        "The identity provider is read from options, environment and file alike, its secret from a file or as it is"
    )
    func openID() throws {
        let folder = try TemporaryFolder()
        let file = folder.file("redress.yaml")
        try Data(
            """
            oidc:
              issuer: https://id.example.kr
              client_id: redress
              roles: [leads=supervisor, callcentre=agent]
              adds_staff: true
            """.utf8
        ).write(to: URL(fileURLWithPath: file))
        let options = try OpenIDOptions.parse(["--oidc-address", "https://desk.example.kr"]).values
            .compactMapValues { $0 }
        let environment = ["REDRESS_OIDC_SECRET": "s3cret", "REDRESS_OIDC_CLIENT_ID": "desk"]
        let read = try Settings(options: options, environment: environment, file: file)
        let openID = try #require(try ServerSettings(read).openID)
        #expect(openID.issuer == "https://id.example.kr" && openID.clientID == "desk")
        #expect(openID.address == "https://desk.example.kr" && openID.clientSecret == "s3cret")
        #expect(openID.nameClaim == "preferred_username" && openID.roleClaim == "roles")
        #expect(openID.roles.map(\.0) == ["leads", "callcentre"] && openID.addsStaff)
        let secret = folder.file("secret")
        try Data("from a file\n".utf8).write(to: URL(fileURLWithPath: secret))
        let other = try Settings(
            options: options.merging(["oidc.secret_file": secret]) { $1 }, environment: environment,
            file: file)
        #expect(try ServerSettings(other).openID?.clientSecret == "from a file")
        #expect(try ServerSettings(try Settings(options: [:], environment: [:], file: nil)).openID == nil)
        for half in [["oidc.client_id": "redress"], ["oidc.issuer": "https://id.example.kr"]] {
            let settings = try Settings(options: half, environment: [:], file: nil)
            #expect(throws: RedressError.self) { try ServerSettings(settings) }
        }
    }

    @Test(
        "An unknown key names the nearest one, a wrong value says what it must be, and a secret is not repeated"
    )
    func wrong() throws {
        let folder = try TemporaryFolder()
        func refusal(_ text: String) throws -> String {
            let file = folder.file("wrong.yaml")
            try Data(text.utf8).write(to: URL(fileURLWithPath: file))
            do {
                _ = try Settings(options: [:], environment: [:], file: file)
            } catch let error as RedressError {
                return error.message
            }
            return ""
        }
        #expect(try refusal("http:\n  prot: 8080\n").contains("`http.prot`; the nearest is `http.port`"))
        #expect(
            try refusal("http:\n  port: 70000\n").contains("http.port must be a whole number from 0 to 65535")
        )
        #expect(try refusal("log:\n  level: loud\n").contains("log.level must be trace, debug"))
        #expect(try refusal("[1, 2]").contains("must hold keys and values"))
        #expect(try refusal("a: [").contains("is no YAML"))
        #expect(try refusal("key:\n  ring: ''\n").contains("its value"))
        #expect(throws: RedressError.self) {
            try Settings(options: [:], environment: ["REDRESS_HTTP_PORT": "x"], file: nil)
        }
    }
}
