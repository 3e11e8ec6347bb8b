/// What standard error is connected to, for the progress bar.

import Foundation

#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#else
    import Darwin
#endif

extension ProgressBar {
    /// A progress bar on standard error of this process.
    static func onStandardError(_ label: String, total: Int?, unit: Unit) -> ProgressBar {
        let start = ContinuousClock.now
        return ProgressBar(
            label, total: total, unit: unit, output: standardErrorOutput(),
            now: {
                let elapsed = (ContinuousClock.now - start).components
                return elapsed.seconds * 1000 + elapsed.attoseconds / 1_000_000_000_000_000
            },
            write: { FileHandle.standardError.write(Data($0.utf8)) })
    }

    private static func standardErrorOutput() -> Output {
        guard isatty(STDERR_FILENO) == 1, ProcessInfo.processInfo.environment["TERM"] != "dumb" else {
            return .log
        }
        var size = winsize()
        let answered = unsafe ioctl(STDERR_FILENO, UInt(TIOCGWINSZ), &size) == 0
        return .terminal(columns: answered && size.ws_col > 0 ? Int(size.ws_col) : 80)
    }
}
