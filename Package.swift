// swift-tools-version: 6.2
// The package: one module a layer, arrows one way (docs/architecture.md draws them).

import PackageDescription

let strict: [SwiftSetting] = [
    .enableUpcomingFeature("ExistentialAny"),
    .enableUpcomingFeature("MemberImportVisibility"),
    .enableUpcomingFeature("InternalImportsByDefault"),
    .enableUpcomingFeature("NonisolatedNonsendingByDefault"),
    .strictMemorySafety(),
    .treatAllWarnings(as: .error),
]

/// What the pages are made of; all of it is compiled into the program.
let pageFiles = [
    "account.mustache",
    "action.mustache",
    "answers.mustache",
    "audit.mustache",
    "authenticator.mustache",
    "badge.mustache",
    "bulk.mustache",
    "call.mustache",
    "calls.mustache",
    "carried.mustache",
    "case.mustache",
    "cases.mustache",
    "citizen-act.mustache",
    "citizen-birth.mustache",
    "citizen-bookings.mustache",
    "citizen-case.mustache",
    "citizen-cases.mustache",
    "citizen-check.mustache",
    "citizen-code.mustache",
    "citizen-confirmation.mustache",
    "citizen-done.mustache",
    "citizen-files.mustache",
    "citizen-layout.mustache",
    "citizen-looks.mustache",
    "citizen-number.mustache",
    "citizen-phone.mustache",
    "citizen-problem.mustache",
    "citizen-start.mustache",
    "citizen-steps.mustache",
    "citizen-unlisted.mustache",
    "citizen-wish.mustache",
    "citizen.css",
    "citizen.js",
    "codes.mustache",
    "confirm.mustache",
    "contact.mustache",
    "csrf.mustache",
    "enrolled.mustache",
    "evidence.mustache",
    "found.mustache",
    "home.mustache",
    "hop.mustache",
    "incident.mustache",
    "incidents.mustache",
    "invitation.mustache",
    "keys.mustache",
    "layout.mustache",
    "notices.mustache",
    "organisation.mustache",
    "outbox.mustache",
    "people.mustache",
    "person.mustache",
    "plan.mustache",
    "pool.mustache",
    "problem.mustache",
    "prove.mustache",
    "qr.mustache",
    "recovery-codes.mustache",
    "reserve.mustache",
    "resume.mustache",
    "search-box.mustache",
    "sign-in.mustache",
    "site.css",
    "site.js",
    "slot.mustache",
    "statistics.mustache",
    "treatment.mustache",
]

let package = Package(
    name: "redress",
    platforms: [.macOS(.v26)],
    products: [
        .executable(name: "redress", targets: ["redress"])
    ],
    traits: [
        .trait(name: "Postgres", description: "PostgreSQL beside SQLite; needs libpq-dev."),
        .default(enabledTraits: []),
    ],
    dependencies: [
        .package(url: "https://github.com/apple/swift-argument-parser.git", from: "1.8.2"),
        .package(url: "https://github.com/apple/swift-collections.git", from: "1.3.0"),
        .package(url: "https://github.com/apple/swift-configuration.git", from: "1.4.0"),
        .package(url: "https://github.com/apple/swift-crypto.git", from: "4.5.2"),
        .package(url: "https://github.com/apple/swift-distributed-tracing.git", from: "1.7.3"),
        .package(url: "https://github.com/apple/swift-http-types.git", from: "1.8.0"),
        .package(url: "https://github.com/apple/swift-log.git", from: "1.16.2"),
        .package(url: "https://github.com/apple/swift-metrics.git", from: "2.13.0"),
        .package(url: "https://github.com/apple/swift-nio.git", from: "2.101.2"),
        .package(url: "https://github.com/apple/swift-nio-extras.git", from: "1.35.2"),
        .package(url: "https://github.com/apple/swift-nio-ssl.git", from: "2.37.6"),
        .package(url: "https://github.com/apple/swift-system.git", from: "1.8.1"),
        .package(url: "https://github.com/groue/GRDB.swift.git", from: "7.10.0"),
        .package(url: "https://github.com/hummingbird-project/hummingbird.git", from: "2.28.1"),
        .package(url: "https://github.com/hummingbird-project/swift-mustache.git", from: "2.1.1"),
        .package(url: "https://github.com/jpsim/Yams.git", from: "6.2.2"),
        .package(url: "https://github.com/swift-server/async-http-client.git", from: "1.37.0"),
        .package(url: "https://github.com/swift-server/swift-service-lifecycle.git", from: "2.13.0"),
        .package(url: "https://github.com/swiftlang/swift-subprocess.git", from: "1.0.2"),
        .package(url: "https://github.com/vapor/jwt-kit.git", from: "5.7.1"),
    ],
    targets: [
        .target(
            name: "RedressCore",
            resources: [.embedInCode("../../data/holidays-kr.csv")],
            swiftSettings: strict
        ),
        .target(
            name: "RedressEvidence",
            dependencies: [
                "RedressCore",
                .product(name: "Crypto", package: "swift-crypto"),
                .product(name: "HeapModule", package: "swift-collections"),
                .product(name: "JWTKit", package: "jwt-kit"),
                .product(name: "Subprocess", package: "swift-subprocess"),
                .product(name: "SystemPackage", package: "swift-system"),
                .product(name: "Yams", package: "Yams"),
            ],
            resources: [.embedInCode("../../data/policies/default.yaml")],
            swiftSettings: strict
        ),
        .target(
            name: "RedressStore",
            dependencies: [
                "RedressCore",
                .product(name: "Crypto", package: "swift-crypto"),
            ],
            swiftSettings: strict
        ),
        .systemLibrary(name: "CSQLite", pkgConfig: "sqlite3", providers: [.apt(["libsqlite3-dev"])]),
        .target(
            name: "RedressSQLite",
            dependencies: [
                "CSQLite",
                "RedressCore",
                "RedressStore",
                .product(name: "GRDB", package: "GRDB.swift"),
                .product(name: "GRDBSQLite", package: "GRDB.swift"),
            ],
            swiftSettings: strict
        ),
        .systemLibrary(name: "CPostgres", pkgConfig: "libpq", providers: [.apt(["libpq-dev"])]),
        .target(
            name: "RedressPostgres",
            dependencies: [
                "RedressCore",
                "RedressStore",
                .target(name: "CPostgres", condition: .when(traits: ["Postgres"])),
            ],
            swiftSettings: strict
        ),
        .target(
            name: "RedressDesk",
            dependencies: [
                "RedressCore",
                "RedressEvidence",
                "RedressStore",
                .product(name: "Crypto", package: "swift-crypto"),
                .product(name: "CryptoExtras", package: "swift-crypto"),
            ],
            resources: [
                .embedInCode("../../docs/statistics.schema.json"),
                .embedInCode("../../data/templates/notices.ko.txt"),
                .embedInCode("../../data/templates/notices.en.txt"),
            ],
            swiftSettings: strict
        ),
        .target(
            name: "RedressWeb",
            dependencies: [
                "RedressCore",
                "RedressDesk",
                "RedressEvidence",
                "RedressStore",
                .product(name: "AsyncHTTPClient", package: "async-http-client"),
                .product(name: "Crypto", package: "swift-crypto"),
                .product(name: "HTTPTypes", package: "swift-http-types"),
                .product(name: "Hummingbird", package: "hummingbird"),
                .product(name: "HummingbirdCore", package: "hummingbird"),
                .product(name: "JWTKit", package: "jwt-kit"),
                .product(name: "Logging", package: "swift-log"),
                .product(name: "CoreMetrics", package: "swift-metrics"),
                .product(name: "Mustache", package: "swift-mustache"),
                .product(name: "NIOCore", package: "swift-nio"),
                .product(name: "NIOFoundationCompat", package: "swift-nio"),
                .product(name: "NIOFoundationEssentialsCompat", package: "swift-nio"),
                .product(name: "NIOHTTP1", package: "swift-nio"),
                .product(name: "NIOHTTPTypes", package: "swift-nio-extras"),
                .product(name: "NIOSSL", package: "swift-nio-ssl"),
                .product(name: "ServiceLifecycle", package: "swift-service-lifecycle"),
                .product(name: "Tracing", package: "swift-distributed-tracing"),
                .product(name: "UnixSignals", package: "swift-service-lifecycle"),
            ],
            resources: [
                .embedInCode("OpenAPI/api-schemas.yaml"),
                .embedInCode("OpenAPI/sign-in-paths.yaml"),
            ],
            swiftSettings: strict
        ),
        .target(
            name: "RedressSimulator",
            dependencies: [
                "RedressCore",
                .product(name: "Crypto", package: "swift-crypto"),
                .product(name: "Subprocess", package: "swift-subprocess"),
            ],
            resources: [.embedInCode("../../data/vaccination-centres.csv")],
            swiftSettings: strict
        ),
        .executableTarget(
            name: "redress",
            dependencies: [
                "RedressCore",
                "RedressDesk",
                "RedressEvidence",
                "RedressPostgres",
                "RedressSQLite",
                "RedressSimulator",
                "RedressStore",
                "RedressWeb",
                .product(name: "ArgumentParser", package: "swift-argument-parser"),
                .product(name: "Configuration", package: "swift-configuration"),
                .product(name: "CoreMetrics", package: "swift-metrics"),
                .product(name: "Logging", package: "swift-log"),
                .product(name: "ServiceLifecycle", package: "swift-service-lifecycle"),
                .product(name: "UnixSignals", package: "swift-service-lifecycle"),
                .product(name: "Yams", package: "Yams"),
            ],
            swiftSettings: strict
        ),
        .executableTarget(
            name: "RedressBenchmarks",
            dependencies: [
                "RedressCore",
                "RedressDesk",
                "RedressEvidence",
                .target(name: "RedressPostgres", condition: .when(traits: ["Postgres"])),
                "RedressSQLite",
                "RedressSimulator",
                "RedressStore",
                "RedressWeb",
                .product(name: "AsyncHTTPClient", package: "async-http-client"),
                .product(name: "Logging", package: "swift-log"),
                .product(name: "NIOCore", package: "swift-nio"),
                .product(name: "NIOHTTP1", package: "swift-nio"),
                .product(name: "NIOPosix", package: "swift-nio"),
                .product(name: "Subprocess", package: "swift-subprocess"),
                .product(name: "SystemPackage", package: "swift-system"),
            ],
            path: "Sources/Benchmarks/RedressBenchmarks",
            resources: [.embedInCode("CapacityPeer.c")],
            swiftSettings: strict
        ),
        .target(
            name: "TestSupport",
            dependencies: [
                "RedressCore",
                "RedressDesk",
                "RedressPostgres",
                "RedressSQLite",
                "RedressStore",
                .product(name: "Crypto", package: "swift-crypto"),
                .product(name: "NIOCore", package: "swift-nio"),
                .product(name: "NIOHTTP1", package: "swift-nio"),
                .product(name: "NIOPosix", package: "swift-nio"),
                .product(name: "NIOSSL", package: "swift-nio-ssl"),
                .product(name: "Subprocess", package: "swift-subprocess"),
                .product(name: "SystemPackage", package: "swift-system"),
            ],
            path: "Tests/TestSupport",
            swiftSettings: strict
        ),
        .target(
            name: "FuzzedReaders",
            dependencies: ["RedressCore", "RedressEvidence"],
            path: "Tests/FuzzedReaders",
            swiftSettings: strict
        ),
        .testTarget(
            name: "RedressCoreTests",
            dependencies: ["RedressCore", "TestSupport"],
            swiftSettings: strict
        ),
        .testTarget(
            name: "RedressEvidenceTests",
            dependencies: [
                "FuzzedReaders",
                "RedressCore",
                "RedressEvidence",
                "TestSupport",
                .product(name: "Crypto", package: "swift-crypto"),
                .product(name: "JWTKit", package: "jwt-kit"),
                .product(name: "Subprocess", package: "swift-subprocess"),
            ],
            swiftSettings: strict
        ),
        .testTarget(
            name: "RedressSimulatorTests",
            dependencies: [
                "RedressCore",
                "RedressSimulator",
                "TestSupport",
                .product(name: "Crypto", package: "swift-crypto"),
            ],
            swiftSettings: strict
        ),
        .testTarget(
            name: "StoreConformanceTests",
            dependencies: ["RedressCore", "RedressPostgres", "RedressSQLite", "RedressStore", "TestSupport"],
            swiftSettings: strict
        ),
        .testTarget(
            name: "RedressDeskTests",
            dependencies: [
                "RedressCore",
                "RedressDesk",
                "RedressEvidence",
                "RedressSimulator",
                "RedressStore",
                "TestSupport",
            ],
            swiftSettings: strict
        ),
        .testTarget(
            name: "RedressWebTests",
            dependencies: [
                "RedressCore",
                "RedressDesk",
                "RedressEvidence",
                "RedressStore",
                "RedressWeb",
                "TestSupport",
                .product(name: "CoreMetrics", package: "swift-metrics"),
                .product(name: "AsyncHTTPClient", package: "async-http-client"),
                .product(name: "Crypto", package: "swift-crypto"),
                .product(name: "CryptoExtras", package: "swift-crypto"),
                .product(name: "Hummingbird", package: "hummingbird"),
                .product(name: "HummingbirdTesting", package: "hummingbird"),
                .product(name: "HTTPTypes", package: "swift-http-types"),
                .product(name: "Mustache", package: "swift-mustache"),
                .product(name: "JWTKit", package: "jwt-kit"),
                .product(name: "Logging", package: "swift-log"),
                .product(name: "NIOCore", package: "swift-nio"),
                .product(name: "NIOHTTP1", package: "swift-nio"),
                .product(name: "ServiceLifecycle", package: "swift-service-lifecycle"),
                .product(name: "Yams", package: "Yams"),
            ],
            swiftSettings: strict
        ),
        .testTarget(
            name: "RedressCommandTests",
            dependencies: [
                "redress", "RedressCore", "RedressWeb", "TestSupport",
                .product(name: "ArgumentParser", package: "swift-argument-parser"),
            ],
            swiftSettings: strict
        ),
        .testTarget(
            name: "EndToEndTests",
            dependencies: [
                "redress", "RedressCore", "RedressDesk", "RedressSQLite", "RedressStore", "TestSupport",
            ],
            swiftSettings: strict
        ),
        .testTarget(name: "TidyTests", swiftSettings: strict),
    ],
    swiftLanguageModes: [.v6]
)

for target in package.targets where target.name == "RedressWeb" {
    target.resources = (target.resources ?? []) + pageFiles.map { .embedInCode("Pages/Templates/\($0)") }
}

// libFuzzer brings its own main, so this program is only there for `REDRESS_FUZZ=1 swift build --sanitize fuzzer`.
if Context.environment["REDRESS_FUZZ"] != nil {
    package.targets.append(
        .executableTarget(
            name: "RedressEvidenceFuzz",
            dependencies: ["FuzzedReaders"],
            path: "Tests/RedressEvidenceFuzz",
            exclude: ["corpus"],
            swiftSettings: strict + [.unsafeFlags(["-parse-as-library"])]
        ))
}
