/// The packet as one page that prints well and needs nothing else to be read.

import RedressCore

extension EvidencePacket {
    /// The page. The same packet and language give the same bytes.
    public func html(_ language: Language) throws -> String {
        let words = PacketWords(language)
        let json = String(decoding: try data(), as: UTF8.self)
        return """
            <!doctype html>
            <html lang="\(language.rawValue)">
            <head>
            <meta charset="utf-8">
            <title>\(words.title) \(escaped(receipt))</title>
            <style>
            body { font: 11pt/1.5 "Noto Sans KR", sans-serif; max-width: 46em; margin: 2em auto; color: #111; }
            h1 { font-size: 16pt; } h2 { font-size: 12pt; border-bottom: 1px solid #999; }
            table { border-collapse: collapse; width: 100%; } td, th { text-align: left; vertical-align: top;
            padding: 0.2em 0.6em 0.2em 0; border-bottom: 1px solid #ddd; }
            code { font-size: 8.5pt; overflow-wrap: anywhere; } section { break-inside: avoid; }
            </style>
            </head>
            <body>
            <h1>\(words.title) \(escaped(receipt))</h1>
            <p>\(escaped(verdict.text(language)))</p>
            <table>
            <tr><th>\(words.incident)</th><td>\(escaped(incident)) (\(escaped(window.joined(separator: " · "))))</td></tr>
            <tr><th>\(words.rules)</th><td>\(escaped(verdict.ruleSet))</td></tr>
            <tr><th>\(words.policy)</th><td><code>\(escaped(verdict.policyDigest))</code></td></tr>
            <tr><th>\(words.evidence)</th><td><code>\(escaped(verdict.evidenceDigest))</code></td></tr>
            <tr><th>\(words.verdict)</th><td><code>\(escaped(verdict.digest))</code></td></tr>
            <tr><th>\(words.packet)</th><td><code>\(try digest())</code></td></tr>
            </table>
            <h2>\(words.findings)</h2>
            \(verdict.findings.map { section($0, language, words) }.joined(separator: "\n"))
            <h2>\(words.files)</h2>
            <table>
            \(files.map(row).joined(separator: "\n"))
            </table>
            <script type="application/json" id="packet">\(json)</script>
            </body>
            </html>

            """
    }

    private func section(_ finding: Finding, _ language: Language, _ words: PacketWords) -> String {
        let cited = finding.citations.compactMap { citation in lines.first { $0.citation == citation } }
        let rows = cited.map { line in
            "<tr><td>\(words.line) \(line.citation.line)<br>\(line.citation.offset)</td>"
                + "<td><code>\(escaped(line.masked))</code></td></tr>"
        }
        let table = rows.isEmpty ? "" : "\n<table>\n\(rows.joined(separator: "\n"))\n</table>"
        return "<section><p><b>\(finding.rule.rawValue)</b> (\(finding.outcome.rawValue)) "
            + "\(escaped(finding.text(language)))</p>\(table)</section>"
    }

    private func row(_ file: File) -> String {
        "<tr><td>\(escaped(file.name))</td><td>\(file.bytes)</td><td><code>\(escaped(file.sha256))</code></td></tr>"
    }

    private func escaped(_ text: String) -> String {
        var out = ""
        for scalar in text.unicodeScalars {
            switch scalar {
            case "&": out += "&amp;"
            case "<": out += "&lt;"
            case ">": out += "&gt;"
            case "\"": out += "&quot;"
            case "'": out += "&#39;"
            default: out.unicodeScalars.append(scalar)
            }
        }
        return out
    }
}

/// The page's own few words.
private struct PacketWords {
    var title, incident, rules, policy, evidence, verdict, packet, findings, files, line: String

    init(_ language: Language) {
        switch language {
        case .ko:
            title = "근거 기록 묶음"
            incident = "시스템 장애"
            rules = "규칙 판본"
            policy = "판단 기준 지문"
            evidence = "근거 지문"
            verdict = "확인 결과 지문"
            packet = "묶음 지문"
            findings = "확인사항"
            files = "기록 파일"
            line = "줄"
        case .en:
            title = "Evidence packet"
            incident = "Incident"
            rules = "Rule set"
            policy = "Policy digest"
            evidence = "Evidence digest"
            verdict = "Verdict digest"
            packet = "Packet digest"
            findings = "Findings"
            files = "Files"
            line = "line"
        }
    }
}
