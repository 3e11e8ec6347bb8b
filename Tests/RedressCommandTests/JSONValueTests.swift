/// Proves that JSON is written in order and safely, and read strictly.

import RedressCore
import TestSupport
import Testing

@testable import redress

@Suite("JSON documents")
struct JSONValueTests {
    @Test("Keys keep their order, on one line and indented")
    func order() {
        let value: JSONValue = [
            "week": "2021-W29", "totals": ["received": 3, "none": nil], "list": [1, 2.5, true], "e": [],
        ]
        #expect(
            value.compact
                == #"{"week":"2021-W29","totals":{"received":3,"none":null},"list":[1,2.5,true],"e":[]}"#)
        #expect(
            value.pretty == """
                {
                  "week": "2021-W29",
                  "totals": {
                    "received": 3,
                    "none": null
                  },
                  "list": [
                    1,
                    2.5,
                    true
                  ],
                  "e": []
                }
                """)
        #expect(value["totals"]?["received"] == 3)
        #expect(value["missing"] == nil)
    }

    @Test("Quotes, backslashes, controls and line separators are escaped; Korean is not")
    func escapes() {
        let value = JSONValue.string("\"\\\n\t\r\u{0}\u{1F}\u{7F}\u{9B}\u{2028}\u{2029}박")
        #expect(value.compact == #""\"\\\n\t\r\u0000\u001f\u007f\u009b\u2028\u2029박""#)
    }

    @Test("A number that JSON cannot say becomes null")
    func notANumber() {
        #expect(JSONValue.double(.nan).compact == "null")
        #expect(JSONValue.double(-.infinity).compact == "null")
    }

    @Test("Random documents come back the same from both forms", arguments: [UInt64(31), 32, 33])
    func roundTrip(seed: UInt64) throws {
        var dice = Dice(seed: seed)
        for _ in 0..<300 {
            let value = JSONValue.random(using: &dice, depth: 3)
            try #require(try JSONValue(parsing: value.compact) == value, "seed \(seed): \(value.compact)")
            try #require(try JSONValue(parsing: value.pretty) == value, "seed \(seed): \(value.compact)")
        }
    }

    @Test("Escapes of RFC 8259 are read, surrogate pairs included")
    func reading() throws {
        #expect(try JSONValue(parsing: #" "\ud83d\ude42\u00e9\/\b\f" "#) == .string("🙂é/\u{8}\u{C}"))
        #expect(
            try JSONValue(parsing: "[-0, 1e3, 9223372036854775807, 9223372036854775808]")
                == [0, .double(1000), .int(Int.max), .double(9_223_372_036_854_775_808)])
    }

    @Test(
        "What is not strictly JSON is refused with its place",
        arguments: [
            ("", 1, 1), ("{\"a\":1,}", 1, 8), ("[1,]", 1, 4), ("[1 2]", 1, 4), ("{a:1}", 1, 2), ("01", 1, 3),
            ("1.", 1, 3),
            ("\"\u{1}\"", 1, 3), ("\"\\x\"", 1, 4), ("\"\\ud800\"", 1, 8), ("nul", 1, 1), ("1 2", 1, 3),
            ("[\n\n }", 3, 2),
            ("{\"a\":1,\n\"a\":2}", 2, 4), ("\"abc", 1, 5), ("+1", 1, 1), ("1e999", 1, 6),
        ])
    func refused(_ text: String, _ line: Int, _ column: Int) {
        let error = #expect(throws: RedressError.self) { try JSONValue(parsing: text) }
        #expect(error?.code == .badData)
        #expect(error?.details == ["line": "\(line)", "column": "\(column)"], "\(error?.message ?? "")")
    }

    @Test("Nesting without end is refused, not followed")
    func depth() {
        #expect(throws: RedressError.self) {
            try JSONValue(parsing: String(repeating: "[", count: 100_000))
        }
    }
}

extension JSONValue {
    fileprivate static func random(using dice: inout Dice, depth: Int) -> JSONValue {
        switch Int.random(in: 0...(depth > 0 ? 6 : 4), using: &dice) {
        case 0: return .null
        case 1: return .bool(Bool.random(using: &dice))
        case 2: return .int(Int.random(in: Int.min...Int.max, using: &dice))
        case 3: return .double(Double.random(in: -1e9...1e9, using: &dice))
        case 4:
            let scalars = (0..<Int.random(in: 0...8, using: &dice)).compactMap { _ in
                Unicode.Scalar(UInt32.random(in: 0...0x2FFF, using: &dice))
            }
            return .string(String(String.UnicodeScalarView(scalars)))
        case 5:
            return .array(
                (0..<Int.random(in: 0...4, using: &dice)).map { _ in random(using: &dice, depth: depth - 1) })
        default:
            return .object(
                (0..<Int.random(in: 0...4, using: &dice)).map {
                    Member(key: "키\($0)", value: random(using: &dice, depth: depth - 1))
                })
        }
    }
}
