import Foundation
import HTTPTypes
import RedressCore
import Testing

@testable import RedressWeb

@Suite("Who asks, and how often")
struct FrontDoorTests {
    @Test(
        "The client is the first address from the right that is no listed proxy, and nobody else's word counts"
    )
    func forwarded() throws {
        let proxies = try TrustedProxies("127.0.0.1, 10.0.0.0/8, 2001:db8::/32")
        let xff = try #require(HTTPField.Name("X-Forwarded-For"))
        let forwarded = try #require(HTTPField.Name("Forwarded"))
        for (name, value, peer, client) in [
            (xff, "192.0.2.7", "127.0.0.1", "192.0.2.7"),
            (xff, "192.0.2.7", "198.51.100.1", "198.51.100.1"),
            (xff, "203.0.113.9, 192.0.2.7, 10.1.2.3", "127.0.0.1", "192.0.2.7"),
            (xff, "192.0.2.7:4711", "::ffff:10.0.0.1", "192.0.2.7"),
            (xff, "10.1.2.3", "10.9.9.9", "10.1.2.3"),
            (xff, "nonsense", "127.0.0.1", "127.0.0.1"),
            (xff, "1.2.3.4, unknown", "127.0.0.1", "127.0.0.1"),
            (forwarded, "for=192.0.2.7;proto=https", "127.0.0.1", "192.0.2.7"),
            (forwarded, #"for="[2001:db9::1]:4711""#, "2001:db8::5", "2001:db9::1"),
            (forwarded, "for=_hidden", "127.0.0.1", "127.0.0.1"),
            (forwarded, "For=192.0.2.1, for=10.0.0.2", "10.0.0.1", "192.0.2.1"),
        ] {
            #expect(proxies.client(of: [name: value], from: peer) == client, "\(value) from \(peer)")
        }
        #expect(proxies.client(of: [:], from: "127.0.0.1") == "127.0.0.1")
        #expect(TrustedProxies.none.client(of: [xff: "192.0.2.7"], from: "127.0.0.1") == "127.0.0.1")
        for wrong in [
            "localhost", "10.0.0.0/33", "1.2.3", "1.2.3.4.5", "::1::2", "12345::", "10.0.0.0/8/8", "/8",
        ] {
            #expect(throws: RedressError.self, "\(wrong)") { try TrustedProxies(wrong) }
        }
    }

    @Test("A household of version 6 is one client, and two of version 4 are two")
    func groups() {
        #expect(IPAddress.group("2001:db8:1:2::1") == IPAddress.group("2001:db8:1:2:ffff::9"))
        #expect(IPAddress.group("2001:db8:1:2::1") != IPAddress.group("2001:db8:1:3::1"))
        #expect(IPAddress.group("192.0.2.1") != IPAddress.group("192.0.2.2"))
        #expect(IPAddress.bytes("::ffff:192.0.2.1") == [192, 0, 2, 1])
    }

    @Test("A rate lets a burst pass, then one at a time, says how long to wait, and remembers only so many")
    func rate() throws {
        let limiter = try #require(RateLimiter(.init(perSecond: 2, burst: 4), mostKeys: 1000))
        for _ in 0..<4 { #expect(limiter.take("a", at: 0) == nil) }
        #expect(limiter.take("a", at: 0) == 500)
        #expect(limiter.take("a", at: 400) == 100)
        #expect(limiter.take("b", at: 400) == nil)
        #expect(limiter.take("a", at: 500) == nil)
        #expect(limiter.take("a", at: 500) == 500)
        for number in 0..<100_000 { _ = limiter.take("flood \(number)", at: 600) }
        #expect(limiter.keys <= 1000)
        #expect(RateLimiter(.init(perSecond: 0, burst: 1)) == nil)
    }
}
