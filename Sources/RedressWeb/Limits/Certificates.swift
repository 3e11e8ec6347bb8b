/// The certificate of the service, read again when its files change or on SIGHUP; connections that are open keep theirs.
import Foundation
import Logging
import NIOSSL
import RedressCore
import ServiceLifecycle
import Synchronization
import UnixSignals

/// A certificate chain and its key, as files in PEM.
public final class Certificates: Sendable {
    private struct State {
        var context: NIOSSLContext
        var stamp: [Date?]
    }

    private let chain: String
    private let key: String
    private let state: Mutex<State>

    /// Reads the files.
    ///
    /// - Throws: `RedressError.unavailable` when they cannot be read or do not fit each other.
    public init(chain: String, key: String) throws {
        self.chain = chain
        self.key = key
        state = Mutex(
            State(context: try Self.read(chain, key), stamp: [Self.changed(chain), Self.changed(key)]))
    }

    /// What the next connection is encrypted with.
    var context: NIOSSLContext { state.withLock { $0.context } }

    /// Reads the files again when they are others than before; whether they were.
    ///
    /// - Throws: `RedressError.unavailable` when the new ones are no use; the old ones stay then.
    func refresh(always: Bool) throws -> Bool {
        let stamp = [Self.changed(chain), Self.changed(key)]
        guard always || state.withLock({ $0.stamp }) != stamp else { return false }
        let fresh = try Self.read(chain, key)
        state.withLock { $0 = State(context: fresh, stamp: stamp) }
        return true
    }

    private static func changed(_ path: String) -> Date? {
        try? FileManager.default.attributesOfItem(atPath: path)[.modificationDate] as? Date
    }

    private static func read(_ chain: String, _ key: String) throws -> NIOSSLContext {
        do {
            var configuration = TLSConfiguration.makeServerConfiguration(
                certificateChain: try NIOSSLCertificate.fromPEMFile(chain).map { .certificate($0) },
                privateKey: .privateKey(try NIOSSLPrivateKey(file: key, format: .pem)))
            configuration.minimumTLSVersion = .tlsv12
            configuration.applicationProtocols = ["http/1.1"]
            return try NIOSSLContext(configuration: configuration)
        } catch {
            throw RedressError(
                .unavailable,
                "The certificate \(chain) with the key \(key) cannot be used. Both must be PEM files that fit."
            )
        }
    }
}

/// Reads the certificate again on SIGHUP.
struct CertificateReload: Service {
    let certificates: Certificates
    let logger: Logger

    func run() async throws {
        await cancelWhenGracefulShutdown {
            for await _ in await UnixSignalsSequence(trapping: .sighup) {
                certificates.refresh(always: true, logger)
            }
        }
    }
}

extension Certificates {
    /// Reads the files again and says what came of it.
    func refresh(always: Bool, _ logger: Logger) {
        do {
            if try refresh(always: always) { logger.notice("the certificate was read again") }
        } catch {
            logger.error("the new certificate is no use, the old one stays: \(error)")
        }
    }
}
