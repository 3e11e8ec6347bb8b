/// Proves that a name is found however it is written or typed, that others are not, and that it is shown masked.

import Foundation
import RedressCore
import TestSupport
import Testing

@Suite("Names of people")
struct PersonNameTests {
    private func finds(_ query: String, _ stored: String) throws -> Bool {
        try PersonName(stored).matches(PersonName(query))
    }

    @Test("A name is tidied: composed syllables, single spaces, no invisible marks")
    func tidied() throws {
        #expect(try PersonName("  박진호 \n").text == "박진호")
        #expect(try PersonName("Jinho \u{00A0} Park").text == "Jinho Park")
        let apart = "박진호".decomposedStringWithCanonicalMapping
        #expect(apart.unicodeScalars.count > 3)
        #expect(try PersonName(apart).text.unicodeScalars.count == 3)
        #expect(try PersonName("\u{200B}박\u{FEFF}진호").text == "박진호")
    }

    @Test(
        "What cannot be a name is refused without being repeated",
        arguments: [
            "", "   ", "\u{200B}", "박진호2", "01012345678", "박\u{1B}진호", String(repeating: "가", count: 101),
        ])
    func refused(_ text: String) {
        let error = #expect(throws: RedressError.self) { try PersonName(text) }
        #expect(error?.code == .badData)
        #expect(text.count < 4 || error?.message.contains(text) == false)
    }

    @Test(
        "A masked name shows first and last syllable, or initials",
        arguments: [
            ("박진호", "박○호"), ("이준", "이○"), ("남궁민수", "남○○수"), ("박", "○"), ("박 진호", "박○호"),
            ("Jinho Park", "J. P."), ("Élodie O'Brien", "E. O."), ("王小明", "王○明"),
        ])
    func masked(_ name: String, _ expected: String) throws {
        let name = try PersonName(name)
        #expect(name.masked == expected)
        #expect("\(name)" == expected)
    }

    @Test(
        "박진호 is found in Hangul, in Latin letters in any order and romanisation, and typed on an English keyboard",
        arguments: [
            "박진호", "박 진호", " 박진 호", "Park Jinho", "Jinho Park", "PARK JIN HO", "Jin-ho Park", "Park, Jin-Ho",
            "Bak Jinho", "Pak Chin Ho", "Bark Jeenho", "parkjinho", "jinhopark", "Jin Ho Park", "PARK JIN-HO",
            "Pahk Jin-Hoh",
            "qkrwlsgh", "qkr wlsgh", "QKRWLSGH",
        ])
    func manySpellings(_ query: String) throws {
        #expect(try finds(query, "박진호"))
    }

    @Test(
        "Common names are found by the spellings their owners use",
        arguments: [
            ("김정은", "Kim Jung-eun"), ("김정은", "Gim Jeongeun"), ("이수진", "Lee Soo Jin"), ("이수진", "Yi Sujin"),
            ("이수진", "Rhee Su-jin"), ("최영희", "Choi Younghee"), ("최영희", "Choe Yeonghui"),
            ("정하은", "Chung Haeun"),
            ("정하은", "Jeong Ha-eun"), ("조성우", "Cho Sungwoo"), ("조성우", "Jo Seongu"), ("윤지우", "Yoon Jiwoo"),
            ("윤지우", "Yun Jiu"), ("임예은", "Lim Ye-Eun"), ("임예은", "Im Yeeun"), ("류현진", "Ryu Hyun-jin"),
            ("류현진", "Yoo Hyeonjin"), ("노무현", "Roh Moo-hyun"), ("노무현", "No Muhyeon"), ("안철수", "Ahn Cheol-soo"),
            ("안철수", "An Cheolsu"), ("황희", "Hwang Hee"), ("황희", "Whang Hui"), ("권혁", "Kwon Hyuk"),
            ("권혁", "Gwon Hyeok"),
            ("백경숙", "Paik Kyungsook"), ("백경숙", "Baek Gyeongsuk"), ("허준", "Hur Joon"), ("허준", "Heo Jun"),
            ("설리", "Sulli"), ("한나래", "Hannarae"), ("남궁민수", "Namkoong Minsoo"), ("남궁민수", "Min-su Namgung"),
            ("제갈성렬", "Jegal Seong-ryeol"), ("오세훈", "Oh Se-hoon"), ("손흥민", "Son Heung-min"),
            ("손흥민", "Heungmin Sohn"),
            ("한결", "Han Gyeol"), ("한결", "hangyeol"), ("우상혁", "Woo Sanghyeok"), ("원빈", "Won Bin"),
            ("서태지", "Suh Taiji"),
            ("심은하", "Shim Eunha"), ("유재석", "You Jae-suk"), ("유재석", "Yoo Jaeseok"), ("강호동", "Kang Hodong"),
            ("배수지", "Bae Suzy"), ("태오", "Taeo"), ("서은", "Seoeun"), ("구하라", "Koo Hara"),
            ("정숙희", "Jung Sook-hee"),
        ])
    func romanisations(_ stored: String, _ query: String) throws {
        let (person, query) = (try PersonName(stored), try PersonName(query))
        #expect(person.matches(query), "\(person.searchKeys) \(query.queryKeys)")
    }

    @Test(
        "Other names are not found",
        arguments: [
            ("박진호", "박진우"), ("박진호", "Park Jinwoo"), ("박진호", "Kim Jinho"), ("박진호", "Jinho"), ("박진호", "qkrwls"),
            // Hangul is exact: 정 and 종 sound alike in Latin letters only.
            ("김정은", "김종은"), ("김정은", "김정"), ("박진호", "박진"), ("John Smith", "Jon Kim"), ("최영희", "Che Younghee"),
        ])
    func others(_ stored: String, _ query: String) throws {
        #expect(try !finds(query, stored))
    }

    @Test(
        "A name registered in Latin letters is found in any order, without accents, and in Hangul by its sound",
        arguments: [
            ("PARK JINHO", "Jinho Park"), ("PARK JINHO", "박진호"), ("Jin-Ho Park", "박진호"),
            ("NGUYEN THI HOA", "Nguyễn Thị Hoa"),
            ("NGUYEN THI HOA", "Hoa Nguyen Thi"), ("Élodie Martin", "martin elodie"),
            ("John Smith", "smith, john"),
        ])
    func latinRegister(_ stored: String, _ query: String) throws {
        #expect(try finds(query, stored))
    }

    @Test(
        "Every two-syllable given name in the official romanisation finds its owner, hyphenated or not",
        arguments: [UInt64(51), 52])
    func officialRomanisation(seed: UInt64) throws {
        let initials = [
            "g", "kk", "n", "d", "tt", "r", "m", "b", "pp", "s", "ss", "", "j", "jj", "ch", "k", "t", "p",
            "h",
        ]
        let vowels = [
            "a", "ae", "ya", "yae", "eo", "e", "yeo", "ye", "o", "wa", "wae", "oe", "yo", "u", "wo", "we",
            "wi", "yu", "eu", "ui", "i",
        ]
        // Finals that names have: none, ㄱ, ㄴ, ㄹ, ㅁ, ㅂ, ㅇ.
        let finals: [(position: Int, letters: String)] = [
            (0, ""), (1, "k"), (4, "n"), (8, "l"), (16, "m"), (17, "p"), (21, "ng"),
        ]
        var dice = Dice(seed: seed)
        func syllable() -> (hangul: String, latin: String) {
            let initial = Int.random(in: 0..<19, using: &dice)
            let vowel = Int.random(in: 0..<21, using: &dice)
            let final = finals.randomElement(using: &dice) ?? (0, "")
            let scalar = Unicode.Scalar(UInt32(0xAC00 + (initial * 21 + vowel) * 28 + final.position))
            return (scalar.map { String($0) } ?? "", initials[initial] + vowels[vowel] + final.letters)
        }
        for _ in 0..<1500 {
            let (first, second) = (syllable(), syllable())
            let stored = "김" + first.hangul + second.hangul
            for query in ["Kim \(first.latin)-\(second.latin)", "\(first.latin) \(second.latin) Gim"] {
                try #require(try finds(query, stored), "seed \(seed): \(stored) by \(query)")
            }
        }
    }

    @Test(
        "Any Hangul typed with the keyboard in English is found, double finals and shifted keys included",
        arguments: [UInt64(61), 62])
    func keyboard(seed: UInt64) throws {
        let initials = [
            "r", "R", "s", "e", "E", "f", "a", "q", "Q", "t", "T", "d", "w", "W", "c", "z", "x", "v", "g",
        ]
        let vowels = [
            "k", "o", "i", "O", "j", "p", "u", "P", "h", "hk", "ho", "hl", "y", "n", "nj", "np", "nl", "b",
            "m", "ml", "l",
        ]
        let finals = [
            "", "r", "R", "rt", "s", "sw", "sg", "e", "f", "fr", "fa", "fq", "ft", "fx", "fv", "fg", "a", "q",
            "qt", "t", "T",
            "d", "w", "c", "z", "x", "v", "g",
        ]
        var dice = Dice(seed: seed)
        for _ in 0..<1500 {
            var hangul = ""
            var keys = ""
            for _ in 0..<Int.random(in: 2...4, using: &dice) {
                let (i, v, f) = (
                    Int.random(in: 0..<19, using: &dice), Int.random(in: 0..<21, using: &dice),
                    Int.random(in: 0..<28, using: &dice)
                )
                guard let scalar = Unicode.Scalar(UInt32(0xAC00 + (i * 21 + v) * 28 + f)) else { continue }
                hangul.unicodeScalars.append(scalar)
                keys += initials[i] + vowels[v] + finals[f]
            }
            try #require(try finds(keys, hangul), "seed \(seed): \(hangul) typed \(keys)")
        }
    }

    @Test(
        "A consonant between vowels goes to the next syllable, double finals and shifted keys stay together",
        arguments: [
            ("dlrksk", "이가나"), ("ekfr", "닭"), ("dksgk", "안하"), ("Tkdtn", "쌍수"), ("rhkswnd", "관중"),
            ("rkqtdl", "값이"),
        ])
    func keyboardByHand(_ keys: String, _ hangul: String) throws {
        #expect(try finds(keys, hangul))
    }

    @Test(
        "Keys that leave a letter over are not taken for Hangul",
        arguments: ["kk", "qkrwlsghgg", "q", "qkrwlsghzz"])
    func keyboardLeftOver(_ keys: String) throws {
        #expect(try PersonName(keys).queryKeys.allSatisfy { $0.unicodeScalars.allSatisfy(\.isASCII) })
    }

    @Test("A person has few keys and a query not many, so that a blind index stays small")
    func fewKeys() throws {
        for name in ["박진호", "이수진", "류라라", "남궁민수"] {
            #expect(try PersonName(name).searchKeys.count <= 13)
        }
        for query in ["Park Jin-ho", "kimyoungaeyoungaekim", "aeiouaeiouaeiouaeiou aeiouaeiou", "qkrwlsgh"] {
            #expect(try PersonName(query).queryKeys.count <= 2 * 3 * 64 + 2)
        }
    }
}
