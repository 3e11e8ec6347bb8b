/// By which way notices leave: a file in the installation's folder, or a gateway that the settings name.
import RedressCore
import RedressDesk
import RedressWeb

extension Options {
    /// A worker before the gateway that is named.
    ///
    /// The settings `notice.…` name it; without a gateway notices are lines of a file.
    func noticeRunner(_ desk: Desk) throws -> NoticeRunner {
        let gateway: any NoticeGateway =
            if let secret = try noticeSecret(), let address = try load().text(.noticeURL) {
                try HTTPNoticeGateway(base: address, secret: secret, timeout: .seconds(10))
            } else {
                FileNoticeGateway(path: installation.notices)
            }
        return try NoticeRunner(desk: desk, gateway: gateway, settings: noticeSettings())
    }

    /// Who is named in every text, whom people can call, and when no text leaves.
    func noticeSettings() throws -> NoticeSettings {
        let chosen = try load()
        var settings = NoticeSettings()
        settings.sender = chosen.text(.noticeSender) ?? settings.sender
        settings.contact = chosen.text(.noticeContact) ?? settings.contact
        if let hours = chosen.text(.noticeQuiet) { settings.policy = try NoticePolicy(quiet: hours) }
        return settings
    }

    /// What messages and callbacks are signed with; nil when notices go to a file.
    func noticeSecret() throws -> [UInt8]? {
        guard try load().text(.noticeURL) != nil else { return nil }
        return try secret(.noticeSecretFile, neededBy: .noticeURL)
    }
}
