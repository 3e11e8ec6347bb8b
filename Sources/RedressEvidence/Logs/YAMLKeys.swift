/// Takes the keys of a YAML mapping one by one, so that what is left over can be named as a mistake.

import RedressCore
import Yams

/// The keys of one YAML mapping not yet taken.
struct YAMLKeys {
    private var left: [String: Node] = [:]
    private let what: String

    init(yaml: String, what: String) throws {
        let node: Node?
        do {
            node = try Yams.compose(yaml: yaml)
        } catch {
            throw RedressError(.badData, "The \(what) is not YAML: \(error)")
        }
        guard let node else { throw RedressError(.badData, "The \(what) is empty.") }
        try self.init(node: node, what: what)
    }

    init(node: Node, what: String) throws {
        self.what = what
        guard let mapping = node.mapping else {
            throw RedressError(.badData, "The \(what) must be a list of keys with values.")
        }
        for (key, value) in mapping {
            guard let name = key.string, left[name] == nil else {
                throw RedressError(.badData, "The \(what) has a key twice, or a key that is no word.")
            }
            left[name] = value
        }
    }

    mutating func text(_ key: String) throws -> String {
        guard let text = try take(key).string else { throw wrong(key, "a word") }
        return text
    }

    mutating func texts(_ key: String) throws -> [String] {
        guard let list = try take(key).sequence else { throw wrong(key, "a list of words") }
        return try list.map { node in
            guard let text = node.string else { throw wrong(key, "a list of words") }
            return text
        }
    }

    mutating func wholes(_ key: String) throws -> [Int] {
        guard let list = try take(key).sequence else { throw wrong(key, "a list of whole numbers") }
        return try list.map { node in
            guard let number = node.int else { throw wrong(key, "a list of whole numbers") }
            return number
        }
    }

    mutating func whole(_ key: String, _ range: ClosedRange<Int>) throws -> Int {
        guard let number = try take(key).int, range.contains(number) else {
            throw wrong(key, "a whole number from \(range.lowerBound) to \(range.upperBound)")
        }
        return number
    }

    mutating func number(_ key: String, _ range: ClosedRange<Double>) throws -> Double {
        guard let number = try take(key).float, range.contains(number) else {
            throw wrong(key, "a number from \(range.lowerBound) to \(range.upperBound)")
        }
        return number
    }

    mutating func share(_ key: String) throws -> Double {
        try number(key, 0...1)
    }

    mutating func mapping(_ key: String) throws -> [String: Node] {
        try YAMLKeys(node: try take(key), what: "\(what)'s \(key)").left
    }

    mutating func optionalText(_ key: String) throws -> String? {
        guard left[key] != nil else { return nil }
        return try text(key)
    }

    /// A list of words; nil when the key is missing or holds a single word.
    mutating func optionalTexts(_ key: String) throws -> [String]? {
        guard left[key]?.sequence != nil else { return nil }
        return try texts(key)
    }

    mutating func optionalSequence(_ key: String) throws -> [Node]? {
        guard let node = left.removeValue(forKey: key) else { return nil }
        guard let list = node.sequence else { throw wrong(key, "a list") }
        return Array(list)
    }

    /// Words by words; empty when the key is missing.
    mutating func optionalWords(_ key: String) throws -> [String: String] {
        guard left[key] != nil else { return [:] }
        return try mapping(key).mapValues { node in
            guard let text = node.string else { throw wrong(key, "words by words") }
            return text
        }
    }

    func finish() throws {
        guard let key = left.keys.min() else { return }
        throw RedressError(.badData, "The \(what) has the key \(key), which nothing reads. Is it misspelt?")
    }

    private mutating func take(_ key: String) throws -> Node {
        guard let node = left.removeValue(forKey: key) else {
            throw RedressError(.badData, "The \(what) lacks the key \(key). Copy it from the one that ships.")
        }
        return node
    }

    private func wrong(_ key: String, _ expected: String) -> RedressError {
        RedressError(.badData, "The \(what)'s \(key) must be \(expected).")
    }
}
