/// Proves that citations point at the lines they claim, in every packing, and that packets can be checked.

import FoundationEssentials
import RedressCore
import RedressEvidence
import Subprocess
import Testing

@Suite struct CitationTests {
    @Test(
        "Every citation of every verdict points at the line it claims, plain, gzip and zstd",
        arguments: ["plain", "gzip", "zstd"])
    func pointing(_ packing: String) async throws {
        let bench = try Workbench()
        let evening = Evening(people: 60) { $0 % 11 == 10 ? .forged : .honest }
        var files: [LogFile] = []
        for (kind, source) in [
            (LogKind.queue, evening.queue), (.booking, evening.booking), (.web, evening.web),
            (.sms, evening.sms),
        ] {
            let path = try await packed(bench.write(lines(source)), packing)
            let file = try await LogFile.identify(path: path)
            #expect(file.encoding.rawValue == packing)
            let progress = try await bench.ingest(file, kind)
            #expect(progress.parsed == source.count)
            files.append(file)
        }
        let verdicts = try await bench.examiner().verdicts(for: (0..<60).map { evening.record($0) })
        let citations = Set(verdicts.flatMap { $0.findings.flatMap(\.citations) })
        let read = try await CitedLines.read(citations, from: files)
        #expect(citations.count > 300)
        #expect(read.count == citations.count)
        let broken = read.filter { !$0.isIntact }
        #expect(broken.isEmpty)
        let all = [evening.queue, evening.booking, evening.web, evening.sms]
        for line in read {
            let index = try #require(files.firstIndex { $0.tag == line.citation.fileTag })
            #expect(line.citation.length == all[index][line.citation.line - 1].utf8.count)
        }
    }

    @Test("A packet is checked against the logs alone, and a changed page or log line is found")
    func packet() async throws {
        let bench = try Workbench()
        let evening = Evening(people: 40)
        var files: [LogFile] = []
        for (kind, source) in [
            (LogKind.queue, evening.queue), (.booking, evening.booking), (.sms, evening.sms),
        ] {
            let file = try await LogFile.identify(path: bench.write(lines(source)))
            try await bench.ingest(file, kind)
            files.append(file)
        }
        let verdict = try await bench.examiner().verdict(for: evening.record(7))
        let cited = try await CitedLines.read(verdict.findings.flatMap(\.citations), from: files)
        let packet = try EvidencePacket(
            receipt: "R-0001", incident: "I1", window: Evening.window, verdict: verdict, files: files,
            lines: cited)
        for language in Language.allCases {
            let page = try packet.html(language)
            let again = try EvidencePacket.read(html: page)
            #expect(again == packet)
            #expect(try await again.faults(logs: files) == [])
            #expect(!page.contains("010-0000-1007"), "a phone number is shown in clear")
            let forged = page.replacing("R-0001", with: "R-0002", maxReplacements: 1)
            #expect(throws: RedressError.self) {
                _ = try EvidencePacket.read(html: forged)
            }
        }
        let other = try await LogFile.identify(path: bench.write(lines(evening.queue.dropFirst())))
        #expect(try await !packet.faults(logs: [other, files[1], files[2]]).isEmpty)
    }

    private func packed(_ path: String, _ packing: String) async throws -> String {
        guard packing != "plain" else { return path }
        let arguments: Arguments = packing == "gzip" ? [path] : ["-q", path]
        let result = try await Subprocess.run(
            .name(packing), arguments: arguments, output: .discarded, error: .discarded)
        #expect(result.terminationStatus.isSuccess)
        return path + (packing == "gzip" ? ".gz" : ".zst")
    }
}
