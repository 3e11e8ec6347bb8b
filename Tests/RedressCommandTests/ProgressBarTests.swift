/// Proves how often, where and what a progress bar draws, on a clock of the test's own.

import Testing

@testable import redress

/// What the bar sees of the world: a clock the test moves and a page it writes on.
private final class Scene {
    var time: Int64 = 0
    var written: [String] = []

    func bar(_ output: ProgressBar.Output, total: Int?, unit: ProgressBar.Unit = .count("lines"))
        -> ProgressBar
    {
        ProgressBar(
            "ingest", total: total, unit: unit, output: output, now: { self.time },
            write: { self.written.append($0) })
    }
}

@Suite("Progress bars")
struct ProgressBarTests {
    @Test("A job of less than a second shows nothing")
    func quiet() {
        let scene = Scene()
        var bar = scene.bar(.terminal(columns: 80), total: 100)
        for _ in 0..<99 {
            scene.time += 10
            bar.advance(by: 1)
        }
        bar.finish()
        #expect(scene.written.isEmpty)
    }

    @Test("A bar is redrawn at most ten times a second, however often it is told")
    func redraws() {
        let scene = Scene()
        var bar = scene.bar(.terminal(columns: 80), total: 100_000)
        for _ in 0..<5000 {
            scene.time += 1
            bar.advance(by: 1)
        }
        #expect(scene.written.count == 41)
    }

    @Test("A bar shows share, amounts, rate and time left, and stays on one line")
    func content() {
        let scene = Scene()
        var bar = scene.bar(.terminal(columns: 100), total: 2_000_000)
        scene.time = 4000
        bar.update(to: 500_000)
        #expect(
            scene.written == [
                "\ringest [#######-----------------------]  "
                    + "25%  500,000 of 2,000,000 lines  125,000/s  0:12 left\u{1B}[K"
            ])
        for columns in [20, 40, 60, 80, 200] {
            var narrow = scene.bar(.terminal(columns: columns), total: 2_000_000)
            scene.time += 60_000
            narrow.update(to: 1_234_567)
            let line = (scene.written.last ?? "").dropFirst().replacing("\u{1B}[K", with: "")
            #expect(DisplayWidth.of(String(line)) < columns)
            #expect(line.hasPrefix("ingest"))
        }
    }

    @Test("In a log there is a line every ten seconds and no control characters")
    func log() {
        let scene = Scene()
        var bar = scene.bar(.log, total: 1000)
        for _ in 0..<350 {
            scene.time += 100
            bar.advance(by: 2)
        }
        #expect(scene.written.count == 3)
        #expect(scene.written.first == "ingest: 20%, 200 of 1,000 lines, 20/s, 0:40 left\n")
        bar.finish()
        #expect(scene.written.last == "ingest: 700 lines in 0:35, 20/s\n")
        #expect(scene.written.joined().unicodeScalars.allSatisfy { $0 == "\n" || $0.value >= 32 })
    }

    @Test("Without a total there is an amount and a rate, but no share and no time left")
    func noTotal() {
        let scene = Scene()
        var bar = scene.bar(.log, total: nil, unit: .bytes)
        scene.time = 10_000
        bar.update(to: 123_456_789)
        #expect(scene.written == ["ingest: 123.4 MB, 12.3 MB/s\n"])
    }

    @Test("An ended bar leaves a summary on its line, once")
    func finish() {
        let scene = Scene()
        var bar = scene.bar(.terminal(columns: 80), total: 10)
        scene.time = 2000
        bar.update(to: 10)
        bar.finish()
        bar.finish()
        #expect(scene.written.count == 2)
        #expect(scene.written.last == "\ringest: 10 lines in 0:02, 5/s\u{1B}[K\n")
    }
}
