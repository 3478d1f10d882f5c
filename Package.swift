// swift-tools-version: 6.1
import PackageDescription

let strict: [SwiftSetting] = [
  .enableUpcomingFeature("InternalImportsByDefault"),
  .enableUpcomingFeature("MemberImportVisibility"),
]

let package = Package(
  name: "lesionqc",
  products: [
    .executable(name: "lesionqc", targets: ["lesionqc"]),
    .library(name: "Networks", targets: ["Networks"]),
    .library(name: "Saliency", targets: ["Saliency"]),
    .library(name: "LesionQC", targets: ["QualityControl", "Networks", "Volumes"]),
  ],
  dependencies: [
    .package(url: "https://github.com/apple/swift-argument-parser", exact: "1.8.2"),
    .package(url: "https://github.com/hummingbird-project/swift-mustache", exact: "2.1.1"),
  ],
  targets: [
    // System libraries. Headers come from libdnnl-dev, libpng-dev, libssl-dev and zlib1g-dev.
    .systemLibrary(name: "CCrypto", pkgConfig: "libcrypto", providers: [.apt(["libssl-dev"])]),
    .systemLibrary(name: "COneDNN", providers: [.apt(["libdnnl-dev"])]),
    .systemLibrary(name: "CPNG", pkgConfig: "libpng", providers: [.apt(["libpng-dev"])]),
    .systemLibrary(name: "CZlib", pkgConfig: "zlib", providers: [.apt(["zlib1g-dev"])]),
    .target(name: "CKernels", linkerSettings: [.linkedLibrary("gomp")]),

    .target(name: "Volumes", dependencies: ["CZlib"], swiftSettings: strict),
    .target(name: "Networks", dependencies: ["COneDNN", "CKernels", "CZlib"], swiftSettings: strict),
    .target(name: "Saliency", dependencies: ["Networks", "CKernels"], swiftSettings: strict),
    .target(name: "Lesions", dependencies: ["Volumes"], swiftSettings: strict),
    .target(name: "Phantoms", dependencies: ["Volumes"], swiftSettings: strict),
    .target(name: "ErrorScore", dependencies: ["Lesions"], swiftSettings: strict),
    .target(name: "Digests", dependencies: ["CCrypto"], swiftSettings: strict),
    .target(name: "AuditTrail", dependencies: ["Digests"], swiftSettings: strict),
    .target(name: "Results", dependencies: ["Volumes", "Lesions", "ErrorScore"], swiftSettings: strict),
    .target(
      name: "Reports",
      dependencies: [
        "Volumes", "Lesions", "ErrorScore", "Results", "Digests", "CPNG",
        .product(name: "Mustache", package: "swift-mustache"),
      ], swiftSettings: strict),
    .target(
      name: "QualityControl",
      dependencies: [
        "Volumes", "Networks", "Saliency", "Lesions", "Phantoms", "ErrorScore", "AuditTrail", "Digests",
        "Results", "Reports",
      ], swiftSettings: strict),
    .executableTarget(
      name: "lesionqc",
      dependencies: [
        "QualityControl", "Phantoms", "AuditTrail", "Networks", "Volumes", "Reports", "Lesions", "Saliency",
        "ErrorScore", "Digests", "Results",
        .product(name: "ArgumentParser", package: "swift-argument-parser"),
      ], swiftSettings: strict),

    // What tests of several targets share.
    .target(name: "HashedNumbers", dependencies: ["Networks"], path: "Tests/HashedNumbers", swiftSettings: strict),
    .testTarget(name: "VolumesTests", dependencies: ["Volumes"], exclude: ["Fixtures"]),
    .testTarget(name: "NetworksTests", dependencies: ["Networks", "HashedNumbers"], exclude: ["Fixtures"]),
    .testTarget(
      name: "SaliencyTests", dependencies: ["Saliency", "Networks", "HashedNumbers"], exclude: ["Fixtures"]),
    .testTarget(name: "LesionsTests", dependencies: ["Lesions", "Volumes", "Phantoms"], exclude: ["Fixtures"]),
    .testTarget(name: "PhantomsTests", dependencies: ["Phantoms", "Volumes"]),
    .testTarget(name: "ErrorScoreTests", dependencies: ["ErrorScore", "Lesions"], exclude: ["Fixtures"]),
    .testTarget(name: "DigestsTests", dependencies: ["Digests"]),
    .testTarget(name: "AuditTrailTests", dependencies: ["AuditTrail", "Digests"]),
    .testTarget(
      name: "ReportsTests",
      dependencies: ["Reports", "Results", "Volumes", "Lesions", "ErrorScore", "Digests"]),
    .testTarget(
      name: "QualityControlTests",
      dependencies: [
        "QualityControl", "Volumes", "Networks", "Saliency", "Phantoms", "AuditTrail", "Reports", "ErrorScore",
        "Lesions", "Digests", "Results",
      ],
      exclude: ["Fixtures"]),
  ],
  swiftLanguageModes: [.v6]
)
