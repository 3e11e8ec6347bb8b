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
        guard let path = environment["REDRESS_BOOKING_SECRET_FILE"],
            let secret = FileManager.default.contents(atPath: path)
        else {
            throw RedressError(
                .usage,
                "REDRESS_BOOKING_URL needs REDRESS_BOOKING_SECRET_FILE: a file with the shared secret that can be read."
            )
        }
        return desk.asking(
            try HTTPBookingGateway(
                base: address, secret: [UInt8](secret),
                changesAtomically: environment["REDRESS_BOOKING_ATOMIC"] != "no", timeout: .seconds(10)))
    }
}
