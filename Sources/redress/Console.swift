/// Standard output and standard error: one document there, everything else here.
import Foundation

enum Console {
    /// Writes text to standard output; a closed pipe ends the program quietly.
    static func say(_ text: String) {
        write(text, to: FileHandle.standardOutput)
    }

    /// Writes a line to standard error.
    static func complain(_ text: String) {
        write(text, to: FileHandle.standardError)
    }

    /// Whether standard output is a terminal.
    static var isTerminal: Bool { isatty(STDOUT_FILENO) == 1 }

    private static func write(_ text: String, to handle: FileHandle) {
        let line = text.hasSuffix("\n") ? text : text + "\n"
        do {
            try handle.write(contentsOf: Data(line.utf8))
        } catch {
            exit(0)
        }
    }
}
