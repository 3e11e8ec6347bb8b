/// Which booking system keeps the register: this installation, or another one that the settings name.
import Foundation
import RedressCore
import RedressDesk
import RedressStore
import RedressWeb

extension Options {
    /// Opens the installation, before the other booking system when one is named.
    ///
    /// The settings `booking.…` name it.
    ///
    /// - Parameter measuring: what stands around each database that is opened.
    func openDesk(measuring: @escaping @Sendable (any Database, Schema) -> any Database = { base, _ in base })
        throws -> Desk
    {
        let (settings, engine) = (try load(), self.engine)
        let desk = try installation.open { path, schema, create in
            measuring(try engine(path, schema, create), schema)
        }
        guard let address = settings.text(.bookingURL) else { return desk }
        let secret = try secret(.bookingSecretFile, neededBy: .bookingURL)
        return desk.asking(
            try HTTPBookingGateway(
                base: address, secret: secret, changesAtomically: settings.text(.bookingAtomic) != "no",
                timeout: .seconds(10)))
    }

    /// The shared secret in the file that a setting names.
    func secret(_ setting: Setting, neededBy other: Setting) throws -> [UInt8] {
        guard let path = try load().text(setting), let secret = FileManager.default.contents(atPath: path)
        else {
            throw RedressError(
                .usage,
                "\(other.key) needs \(setting.key) (\(setting.variable)): a file with the shared secret that can be read."
            )
        }
        return [UInt8](secret)
    }
}
