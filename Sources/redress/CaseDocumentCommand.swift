/// `case decision`, `attach`, `attachments`, `download`: the papers of a case.
import ArgumentParser
import Foundation
import RedressCore
import RedressDesk

enum CasePapers {
    struct Decision: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            commandName: "decision", abstract: "The decision document (처리결과 통지서) as a page to print.",
            discussion: "Example: redress case decision 2021-000417-8 > decision.html")

        @Argument(help: "The receipt number.")
        var receipt: String
        @Flag(help: "In large print.")
        var largePrint = false
        @OptionGroup var options: Options

        func run() async throws {
            let number = try ReceiptNumber(receipt)
            let html = try await options.withDesk {
                try await $0.decisions.document(of: number, largePrint: largePrint, by: $1, origin: "cli")
            }
            Console.say(html)
        }
    }

    struct Attach: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Add a PNG, JPEG or PDF to a case, without its metadata.")

        @Argument(help: "The receipt number.")
        var receipt: String
        @Argument(help: "The file.")
        var file: String
        @OptionGroup var options: Options

        func run() async throws {
            let number = try ReceiptNumber(receipt)
            guard let data = FileManager.default.contents(atPath: file) else {
                throw RedressError(.notFound, "There is no file \(file).")
            }
            let name = URL(fileURLWithPath: file).lastPathComponent
            let view = try await options.withDesk {
                try await $0.attachments.add([UInt8](data), name: name, to: number, by: $1)
            }
            try options.answer(view, Self.table([view]))
        }

        static func table(_ views: [AttachmentView]) -> Table {
            Table(
                [.init("attachment"), .init("name"), .init("type"), .init("bytes", .right), .init("at")],
                rows: views.map { [$0.id, $0.name, $0.type, "\($0.size)", $0.at] })
        }
    }

    struct Attachments: AsyncParsableCommand {
        static let configuration = CommandConfiguration(abstract: "The attachments of a case.")

        @Argument(help: "The receipt number.")
        var receipt: String
        @OptionGroup var options: Options

        func run() async throws {
            let number = try ReceiptNumber(receipt)
            let views = try await options.withDesk {
                try await $0.attachments.list(of: number, by: $1, origin: "cli")
            }
            try options.answer(views, Attach.table(views))
        }
    }

    struct Download: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Save an attachment's content; why is recorded.")

        @Argument(help: "The attachment's id.")
        var id: String
        @Option(help: "Where to save it.")
        var to: String
        @Option(help: "Why.")
        var reason: String
        @OptionGroup var options: Options

        func run() async throws {
            let file = try await options.withDesk {
                try await $0.attachments.download(id, reason: reason, by: $1, origin: "cli")
            }
            guard FileManager.default.createFile(atPath: to, contents: Data(file.bytes)) else {
                throw RedressError(.unavailable, "\(to) cannot be written.")
            }
            try options.answer(file.view, Attach.table([file.view]))
        }
    }
}
