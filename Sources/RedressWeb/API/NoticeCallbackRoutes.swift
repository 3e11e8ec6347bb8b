/// What the notice gateway reports: delivered, failed, replied; signed by it, and taken once.
import Crypto
import Foundation
import HTTPTypes
import Hummingbird
import NIOCore
import NIOFoundationCompat
import RedressCore
import RedressDesk

struct NoticeCallbackRoutes {
    let desk: Desk
    let secret: [UInt8]

    func add(to router: some RouterMethods<WebContext>) {
        let key = SymmetricKey(data: secret)
        router.post("gateway/notices") { request, context in
            let body = try await request.body.collect(upTo: context.maxUploadSize)
            let bytes = Array(buffer: body)
            guard let stamp = Self.header("Redress-Timestamp", request), let seconds = Int64(stamp),
                let id = Self.header("Idempotency-Key", request),
                let signature = Self.header("Redress-Signature", request),
                Signature.isValid(signature, "POST", request.uri.path, stamp, id, bytes, key)
            else { throw RedressError(.notAllowed, "The callback is not signed by the notice gateway.") }
            guard let callback = try? JSONDecoder().decode(NoticeCallback.self, from: Data(bytes)),
                callback.id == id, (1...128).contains(id.count)
            else {
                throw RedressError(
                    .badData,
                    "A callback is {id, kind: delivered|failed|reply, message, text?}; id is its key.")
            }
            try await desk.noticeReceipts.take(
                callback, signedAt: Instant(milliseconds: seconds * 1000))
            return try json(["taken": id])
        }
    }

    private static func header(_ name: String, _ request: Request) -> String? {
        HTTPField.Name(name).flatMap { request.headers[$0] }
    }
}
