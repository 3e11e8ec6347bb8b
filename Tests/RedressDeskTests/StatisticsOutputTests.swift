import Foundation
import FoundationXML
import RedressCore
import RedressDesk
import RedressEvidence
import TestSupport
import Testing

@Suite("The statistics as files and pages")
struct StatisticsOutputTests {
    private func report(_ edition: StatisticsReport.Edition = .internal) async throws -> StatisticsReport {
        let fixture = try await DeskFixture()
        fixture.clock.now = StatisticsHistories.start.adding(minutes: 20 * 7 * 1440)
        var histories = StatisticsHistories(fixture, seed: 11)
        try await histories.add(90)
        let week = Week(containing: StatisticsHistories.start).advanced(by: 4)
        return try await fixture.desk.statistics.weekly(week, edition: edition, by: fixture.actor)
    }

    @Test("docs/statistics.md defines exactly the measures and columns of the one table, word by word")
    func documentation() throws {
        let path = URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
            .deletingLastPathComponent().appendingPathComponent("docs/statistics.md").path
        let text = try String(contentsOfFile: path, encoding: .utf8)
        let lines = text.split(separator: "\n").map(String.init)
        let measures = StatisticsMeasure.table.map {
            "| `\($0.name)` | \($0.korean) | \($0.unit.rawValue) | \($0.numerator) | \($0.denominator ?? "–") |"
        }
        #expect(lines.filter { $0.hasPrefix("| `") && $0.split(separator: "|").count == 5 } == measures)
        let columns = StatisticsReport.columns.map { "| `\($0.name)` | \($0.korean) |" }
        #expect(lines.filter { $0.hasPrefix("| `") && $0.split(separator: "|").count == 2 } == columns)
    }

    @Test("The JSON Schema names exactly the measures, sections, levels and units of the code")
    func schema() throws {
        let schema = try JSONSerialization.jsonObject(with: Data(StatisticsReport.schema.utf8))
        let definitions = try #require((schema as? [String: Any])?["$defs"] as? [String: Any])
        let row = try #require((definitions["row"] as? [String: Any])?["properties"] as? [String: Any])
        func names(_ column: String) -> [String]? { (row[column] as? [String: Any])?["enum"] as? [String] }
        #expect(names("measure") == StatisticsMeasure.table.map(\.name))
        #expect(names("section") == StatisticsMeasure.Section.allCases.map(\.rawValue))
        #expect(names("level") == StatisticsLevel.allCases.map(\.rawValue) + ["item"])
        #expect(names("unit") == StatisticsMeasure.Unit.allCases.map(\.rawValue))
    }

    @Test("Every measure of the table has its rows, and every row its measure")
    func measuresAreShown() async throws {
        let report = try await report()
        #expect(Set(report.rows.map(\.measure)) == Set(StatisticsMeasure.table.map(\.name)))
        #expect(Set(StatisticsMeasure.table.map(\.name)).count == StatisticsMeasure.table.count)
        for row in report.rows {
            let measure = try #require(StatisticsMeasure.named(row.measure))
            #expect(row.measureKo == measure.korean && row.unit == measure.unit.rawValue)
            #expect((row.denominator.value != nil) == (measure.denominator != nil), "\(row.measure)")
        }
    }

    @Test("The CSV has a byte order mark, its columns, every row, and empty cells where nothing is known")
    func csv() async throws {
        let report = try await report()
        #expect(report.csv.utf8.starts(with: [0xEF, 0xBB, 0xBF]))
        var reader = CSVReader(name: "week.csv")
        let records = reader.read(Array(report.csv.utf8)) + reader.finish()
        #expect(records.first?.fields == StatisticsReport.columns.map(\.name))
        #expect(records.count == report.rows.count + 1)
        #expect(records.allSatisfy { $0.problem == nil })
        for (record, row) in zip(records.dropFirst(), report.rows) {
            #expect(record.fields[2] == row.measure && record.fields[3] == row.measureKo)
            #expect(record.fields[10] == (row.value.value.map(StatisticsReport.plain) ?? ""))
        }
    }

    @Test("A place whose name would run as a formula stays text")
    func formula() async throws {
        let fixture = try await DeskFixture()
        try await fixture.load(
            .sites,
            "site,name,province,municipality,latitude,longitude\nC001,=HYPERLINK(1),서울특별시,강남구,37.5,127.0")
        _ = try await fixture.addPerson(1)
        let report = try await fixture.desk.statistics.weekly(nil, by: fixture.actor)
        #expect(report.csv.contains(",'=HYPERLINK(1),"))
        #expect(!report.csv.contains(",=HYPERLINK"))
    }

    @Test("The page is well-formed, every chart has its text, and its tables hold the figures of the rows")
    func page() async throws {
        for edition in [StatisticsReport.Edition.internal, .public] {
            let report = try await report(edition)
            let page = report.page
            let parser = XMLParser(
                data: Data(
                    page.replacingOccurrences(of: "<!doctype html>", with: "")
                        .replacingOccurrences(of: "<meta charset=\"utf-8\">", with: "")
                        .replacingOccurrences(
                            of: "<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">",
                            with: ""
                        ).utf8))
            #expect(parser.parse(), "\(parser.parserError.map { "\($0)" } ?? "") line \(parser.lineNumber)")
            let charts = page.components(separatedBy: "<svg ").count - 1
            #expect(charts == 5)
            #expect(page.components(separatedBy: "<desc>").count - 1 == charts)
            #expect(
                page.components(separatedBy: "<tr><th scope=\"row\">").count - 1 == report.rows.count
                    + report.trend.count)
            let shown = page.components(separatedBy: "<tr><th scope=\"row\">").dropFirst(
                1 + report.trend.count)
            let rows = StatisticsMeasure.Section.allCases.flatMap { section in
                report.rows.filter { $0.section == section.rawValue }
            }
            for (cells, row) in zip(shown, rows) {
                let value = row.suppressed ? "비공개" : row.value.value.map(StatisticsReport.grouped) ?? "–"
                #expect(cells.components(separatedBy: "<td>").dropFirst(3).first == value + "</td>", "\(row)")
            }
            #expect(!page.contains("http://") || page.components(separatedBy: "http://").count - 1 == charts)
        }
    }

    @Test("Figures on the page have their thousands apart, and stay the same figures")
    func grouping() {
        let said = [0, 999, 1000, -1000, 1_234_567, -123_456].map { StatisticsReport.grouped($0) }
        #expect(said == ["0", "999", "1,000", "-1,000", "1,234,567", "-123,456"])
        #expect(StatisticsReport.grouped(4506.5) == "4,506.5" && StatisticsReport.grouped(-0.5) == "-0.5")
        for number in stride(from: -2_000_003, through: 2_000_003, by: 7919) {
            #expect(StatisticsReport.grouped(number).replacing(",", with: "") == "\(number)")
        }
    }

    @Test("The tile map has the 17 provinces, each on a tile of its own")
    func provinces() async throws {
        let page = try await report().page
        let map = try #require(page.components(separatedBy: "<svg ").last)
        let names = [
            "서울", "부산", "대구", "인천", "광주", "대전", "울산", "세종", "경기", "강원", "충북", "충남", "전북", "전남", "경북", "경남",
            "제주",
        ]
        for name in names { #expect(map.contains(">\(name)<"), "\(name)") }
        let places = map.components(separatedBy: "<rect ").dropFirst().map { $0.prefix { $0 != "w" } }
        #expect(places.count == 17 && Set(places).count == 17)
    }

    @Test("The English page names provinces in English, on the map and in the tables")
    func englishProvinces() async throws {
        let page = try await report().page(in: .en)
        #expect(page.contains("Province: Seoul"))
        #expect(!page.contains("특별시") && !page.contains("경기도"))
    }

    @Test("A tile or bar says withheld where a figure is withheld, and none where there was none")
    func withheldTiles() async throws {
        let report = try await report(.public)
        let charts = report.page.components(separatedBy: "<svg ")
        let named = charts.first { $0.contains("aria-label=\"처리 결과\"") }
        let bars = try #require(named)
        let outcomes = report.rows.filter { $0.measure == "outcomes" && $0.level == "item" }
        let hasWithheld = outcomes.contains { $0.suppressed }
        #expect(hasWithheld, "the history has small numbers")
        for row in outcomes {
            let figure = row.value.value.map { StatisticsReport.grouped($0) + "건" } ?? "비공개"
            #expect(bars.contains("\(row.itemKo) \(figure)"), "\(row.item)")
        }
        let map = try #require(charts.last)
        let provinces = report.rows.filter { $0.measure == "back_on_original" && $0.level == "province" }
        for row in provinces where row.value.value == nil {
            #expect(map.contains("\(row.item) \(row.suppressed ? "비공개" : "없음")"), "\(row.item)")
        }
    }

    @Test("Monday at eight, not before, the week that ended is due")
    func due() throws {
        let week = try Week("2021-W29")
        let monday = Instant(week.next.firstDay, StatisticsRelease.time)
        #expect(StatisticsRelease.newestDue(at: monday) == week)
        #expect(StatisticsRelease.newestDue(at: monday.adding(milliseconds: -1)) == week.previous)
        #expect(StatisticsRelease.next(after: monday.adding(milliseconds: -1)) == monday)
        #expect(StatisticsRelease.next(after: monday) == monday.adding(minutes: 7 * 1440))
    }

    @Test("Each week is released once, those missed in a downtime as well, with an index of them all")
    func release() async throws {
        let fixture = try await DeskFixture()
        let folder = fixture.folder.file("statistics")
        let release = StatisticsRelease(desk: fixture.desk, folder: folder)
        #expect(try await release.run(by: fixture.actor) == [])
        _ = try await fixture.addPerson(1)
        let week = Week(containing: fixture.clock.now)
        #expect(try await release.run(by: fixture.actor) == [])
        fixture.clock.advance(minutes: 15 * 1440)
        #expect(try await release.run(by: fixture.actor) == [week, week.next])
        #expect(try await release.run(by: fixture.actor) == [])
        let names = try FileManager.default.contentsOfDirectory(atPath: folder)
        #expect(names.count == 13)
        let index = try String(contentsOfFile: folder + "/index.html", encoding: .utf8)
        #expect(index.contains("\(week)-public.csv") && index.contains("\(week.next)-internal.html"))
        // A release that was cut off half-way is written again, whole.
        try FileManager.default.removeItem(atPath: "\(folder)/\(week)-internal.html")
        #expect(try await release.run(by: fixture.actor) == [week])
    }

    @Test(
        "LibreOffice opens the CSV with its Korean and its figures intact",
        .enabled(
            if: Office.path != nil,
            "soffice is not installed: apt-get install libreoffice-calc"))
    func opensInOffice() async throws {
        let report = try await report()
        let folder = try TemporaryFolder()
        try folder.write("week.csv", report.csv)
        try FileManager.default.createDirectory(atPath: folder.file("out"), withIntermediateDirectories: true)
        for (source, form, made) in [
            ("week.csv", "ods", "out/week.ods"),
            ("out/week.ods", "csv:Text - txt - csv (StarCalc):44,34,76", "out/week.csv"),
        ] {
            // Its import dialog finds the mark; without a dialog it must be told that the file is UTF-8.
            let reading = source.hasSuffix(".csv") ? ["--infilter=Text - txt - csv (StarCalc):44,34,76"] : []
            let run = try await Program.run(
                try #require(Office.path),
                ["-env:UserInstallation=file://\(folder.file("profile"))", "--headless"] + reading
                    + ["--convert-to", form, "--outdir", folder.file("out"), folder.file(source)])
            try #require(
                run.status == 0 && FileManager.default.fileExists(atPath: folder.file(made)),
                "\(run.output)\(run.errors)")
        }
        let text = try String(contentsOfFile: folder.file("out/week.csv"), encoding: .utf8)
        var reader = CSVReader(name: "out.csv")
        let records = reader.read(Array(text.utf8)) + reader.finish()
        #expect(records.count == report.rows.count + 1)
        for (record, row) in zip(records.dropFirst(), report.rows) {
            #expect(record.fields[3] == row.measureKo)
            #expect(
                record.fields[6] == row.itemKo,
                "\(row.measure) \(row.item): \(record.fields[6]) for \(row.itemKo)")
            #expect(record.fields[8] == (row.numerator.value.map { "\($0)" } ?? ""))
        }
    }
}

/// Where LibreOffice is, if it is.
private enum Office {
    static let path = ["/usr/bin/soffice", "/usr/bin/libreoffice", "/usr/local/bin/soffice"]
        .first { FileManager.default.isExecutableFile(atPath: $0) }
}
