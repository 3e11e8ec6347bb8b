/// A folder of a test's own that is gone when the test is.
import Foundation
import RedressCore

/// A fresh folder, removed with everything in it when the last reference goes.
public final class TemporaryFolder: Sendable {
    /// The folder's path.
    public let path: String

    /// Makes a fresh folder.
    public init() throws {
        path = NSTemporaryDirectory() + "/redress-test-" + Identifier.make(at: WallClock.system.now())
        try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true)
    }

    deinit {
        try? FileManager.default.removeItem(atPath: path)
    }

    /// The path of a file in it.
    public func file(_ name: String) -> String { path + "/" + name }

    /// Writes a file and returns its path.
    @discardableResult
    public func write(_ name: String, _ text: String) throws -> String {
        try Data(text.utf8).write(to: URL(fileURLWithPath: file(name)))
        return file(name)
    }
}
