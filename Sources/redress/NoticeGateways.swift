/// By which way notices leave: a file in the installation's folder, or a gateway named in the environment.
import Foundation
import RedressCore
import RedressDesk
import RedressWeb

extension Options {
    /// A worker before the gateway that is named.
    ///
    /// `REDRESS_NOTICE_URL` names the gateway and `REDRESS_NOTICE_SECRET_FILE` holds the shared secret (32 bytes or
    /// more); without it notices are lines of a file.
    func noticeRunner(_ desk: Desk) throws -> NoticeRunner {
        let address = ProcessInfo.processInfo.environment["REDRESS_NOTICE_URL"]
        let gateway: any NoticeGateway =
            if let secret = try Self.noticeSecret(), let address {
                try HTTPNoticeGateway(base: address, secret: secret, timeout: .seconds(10))
            } else {
                FileNoticeGateway(path: installation.notices)
            }
        return try NoticeRunner(desk: desk, gateway: gateway, settings: Self.noticeSettings())
    }

    /// `REDRESS_NOTICE_SENDER` and `REDRESS_NOTICE_CONTACT` are in every text; `REDRESS_NOTICE_QUIET` is `21:00-08:00`,
    /// or `none`.
    static func noticeSettings() throws -> NoticeSettings {
        let environment = ProcessInfo.processInfo.environment
        var settings = NoticeSettings()
        if let sender = environment["REDRESS_NOTICE_SENDER"], !sender.isEmpty { settings.sender = sender }
        if let contact = environment["REDRESS_NOTICE_CONTACT"], !contact.isEmpty {
            settings.contact = contact
        }
        if let hours = environment["REDRESS_NOTICE_QUIET"], !hours.isEmpty {
            settings.policy = try NoticePolicy(quiet: hours)
        }
        return settings
    }

    /// What messages and callbacks are signed with; nil when notices go to a file.
    static func noticeSecret() throws -> [UInt8]? {
        guard let address = ProcessInfo.processInfo.environment["REDRESS_NOTICE_URL"], !address.isEmpty else {
            return nil
        }
        return try secret("REDRESS_NOTICE_SECRET_FILE", neededBy: "REDRESS_NOTICE_URL")
    }
}
