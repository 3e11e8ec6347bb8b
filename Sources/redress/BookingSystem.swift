/// Which booking system keeps the register: this installation, or another one named in the environment.
import Foundation
import RedressCore
import RedressDesk
import RedressWeb

extension Options {
    /// Opens the installation, before the other booking system when one is named.
    ///
    /// `REDRESS_BOOKING_URL` names it, `REDRESS_BOOKING_SECRET_FILE` holds the shared secret (32 bytes or more), and
    /// `REDRESS_BOOKING_ATOMIC=no` says that it cannot change two bookings at once.
    func openDesk() throws -> Desk {
        let desk = try installation.open(open: engine)
        let environment = ProcessInfo.processInfo.environment
        guard let address = environment["REDRESS_BOOKING_URL"], !address.isEmpty else { return desk }
        let secret = try Self.secret("REDRESS_BOOKING_SECRET_FILE", neededBy: "REDRESS_BOOKING_URL")
        return desk.asking(
            try HTTPBookingGateway(
                base: address, secret: secret,
                changesAtomically: environment["REDRESS_BOOKING_ATOMIC"] != "no", timeout: .seconds(10)))
    }

    /// The shared secret in the file that a variable names.
    static func secret(_ variable: String, neededBy other: String) throws -> [UInt8] {
        guard let path = ProcessInfo.processInfo.environment[variable],
            let secret = FileManager.default.contents(atPath: path)
        else {
            throw RedressError(
                .usage, "\(other) needs \(variable): a file with the shared secret that can be read.")
        }
        return [UInt8](secret)
    }
}
