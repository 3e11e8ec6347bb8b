/// A member of the staff who has enrolled and signed in, for tests of what stands behind a session.
import Foundation
public import RedressCore
public import RedressDesk

/// Somebody with a live session.
public struct SignedIn: Sendable {
    /// The password of everybody in the tests.
    public static let password = "seventeen blue herons wade"
    /// Who it is.
    public let name: String
    /// What was told when they enrolled.
    public let enrolment: Enrolment
    /// What the cookie holds.
    public let secret: String
    /// What every form carries besides.
    public let csrf: String
}

extension DeskFixture {
    /// Adds somebody, has them enrol, and signs them in with their last recovery code.
    public func signIn(
        _ role: Role, as name: String = "김상담", from address: String = "10.0.0.9"
    ) async throws -> SignedIn {
        try await desk.staff.add(name, role: role, by: actor)
        let invitation = try await desk.signIn.invite(name, by: actor)
        let enrolment = try await PasswordQueue.$costLog2.withValue(4) {
            try await desk.signIn.enrol(
                invitation: invitation, password: SignedIn.password, address: address)
        }
        let new = try await desk.signIn.signIn(
            SignInAttempt(
                name: name, password: SignedIn.password, code: enrolment.recoveryCodes.last ?? "",
                address: address))
        return SignedIn(name: name, enrolment: enrolment, secret: new.secret, csrf: new.session.csrf)
    }
}
