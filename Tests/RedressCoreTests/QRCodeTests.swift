import Foundation
import Testing

@testable import RedressCore

@Suite("QR codes")
struct QRCodeTests {
    /// Figures made with PyPI qrcode 8.2, an independent encoder: version, mask, and FNV-1a over the modules, row by row.
    @Test(
        "The modules are those of an independent encoder, from the smallest version to the largest",
        arguments: [
            ("HELLO", 1, 0, 0xdcae_4697_42be_da97),
            ("Welcome to the desk!", 2, 1, 0xdf97_922e_c5cc_1619),
            (
                "otpauth://totp/redress:kim?secret=JBSWY3DPEHPK3PXP&issuer=redress", 5, 3,
                0xc984_bf5d_3d8d_a621
            ),
            (String(repeating: "가", count: 60), 9, 5, 0xee92_486b_b5d5_0c92),
            (String(repeating: "x", count: 300), 13, 7, 0x204d_65b4_3a14_1451),
            (String(repeating: "복구", count: 200), 29, 2, 0xe39e_1e7b_488c_6741),
            (String(repeating: "q", count: 1530), 32, 4, 0xde69_48ca_37c4_8348),
            (String(repeating: "z", count: 2331), 40, 6, 0xc78e_36d8_c718_bed5),
        ] as [(String, Int, Int, UInt64)])
    func vectors(_ text: String, _ version: Int, _ mask: Int, _ expected: UInt64) {
        let code = QRCode(text, version: version, mask: mask)
        var hash: UInt64 = 0xcbf2_9ce4_8422_2325
        for y in 0..<code.size {
            for x in 0..<code.size { hash = (hash ^ (code[x, y] ? 1 : 0)) &* 0x0000_0100_0000_01b3 }
        }
        #expect(hash == expected)
    }

    @Test("The smallest version that holds a text is taken, and what none holds is no code")
    func versions() {
        #expect(QRCode("HELLO")?.size == 21)
        #expect(QRCode(String(repeating: "x", count: 14))?.size == 21)
        #expect(QRCode(String(repeating: "x", count: 15))?.size == 25)
        #expect(QRCode(String(repeating: "x", count: 2331))?.size == 177)
        #expect(QRCode(String(repeating: "x", count: 2332)) == nil)
    }
}
