/// By which way notices leave: a file in the installation's folder, or a gateway named in the environment.
import Foundation
import RedressCore
import RedressDesk
import RedressWeb

extension Options {
    /// A worker before the gateway that is named, with the sender and number that are.
    ///
    /// `REDRESS_NOTICE_URL` names the gateway and `REDRESS_NOTICE_SECRET_FILE` holds the shared secret (32 bytes or
    /// more); without it notices are lines of a file. `REDRESS_NOTICE_SENDER` and `REDRESS_NOTICE_CONTACT` are in
    /// every text.
    func noticeRunner(_ desk: Desk) throws -> NoticeRunner {
        let environment = ProcessInfo.processInfo.environment
        var settings = NoticeSettings()
        if let sender = environment["REDRESS_NOTICE_SENDER"], !sender.isEmpty { settings.sender = sender }
        if let contact = environment["REDRESS_NOTICE_CONTACT"], !contact.isEmpty {
            settings.contact = contact
        }
        let gateway: any NoticeGateway =
            if let secret = try Self.noticeSecret(), let address = environment["REDRESS_NOTICE_URL"] {
                try HTTPNoticeGateway(base: address, secret: secret, timeout: .seconds(10))
            } else {
                FileNoticeGateway(path: installation.notices)
            }
        return try NoticeRunner(desk: desk, gateway: gateway, settings: settings)
    }

    /// What messages and callbacks are signed with; nil when notices go to a file.
    static func noticeSecret() throws -> [UInt8]? {
        guard let address = ProcessInfo.processInfo.environment["REDRESS_NOTICE_URL"], !address.isEmpty else {
            return nil
        }
        return try secret("REDRESS_NOTICE_SECRET_FILE", neededBy: "REDRESS_NOTICE_URL")
    }
}
