// swift-tools-version: 6.1
import PackageDescription

// LESIONQC_DICOM=1 builds with DCMTK (libdcmtk-dev): `lesionqc dicom` then reads, writes and sends. Without it the
// target DICOM has no file to read or write, and says so.
let hasDICOM = !(Context.environment["LESIONQC_DICOM"] ?? "").isEmpty

let strict: [SwiftSetting] = [
  .enableUpcomingFeature("InternalImportsByDefault"), .enableUpcomingFeature("MemberImportVisibility"),
]

let dicom: [SwiftSetting] = strict + (hasDICOM ? [.define("LESIONQC_DICOM")] : [])

let package = Package(
  name: "lesionqc",
  products: [
    .executable(name: "lesionqc", targets: ["lesionqc"]),
    .library(name: "Networks", targets: ["Networks", "Checkpoints"]), .library(name: "Models", targets: ["Models"]),
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

    .target(name: "Statistics", swiftSettings: strict), .target(name: "Files", swiftSettings: strict),
    .target(name: "Programs", dependencies: ["Files"], swiftSettings: strict),
    .target(name: "Software", dependencies: ["CCrypto", "COneDNN", "CPNG", "CZlib"], swiftSettings: strict),
    .target(name: "Digests", dependencies: ["CCrypto", "Files"], swiftSettings: strict),
    .target(name: "Volumes", dependencies: ["CZlib", "Statistics", "Files"], swiftSettings: strict),
    .target(name: "JSON", swiftSettings: strict),
    .target(name: "Checkpoints", dependencies: ["CZlib", "JSON", "Files"], swiftSettings: strict),
    .target(
      name: "Networks", dependencies: ["Checkpoints", "Statistics", "COneDNN", "CKernels"], swiftSettings: strict),
    .target(
      name: "Models", dependencies: ["Networks", "Checkpoints", "Digests", "Statistics", "Files"], swiftSettings: strict
    ),
    .target(
      name: "Saliency", dependencies: ["Networks", "Checkpoints", "Statistics", "CKernels"], swiftSettings: strict),
    .target(name: "Lesions", dependencies: ["Volumes", "Statistics"], swiftSettings: strict),
    .target(name: "Phantoms", dependencies: ["Volumes", "Statistics"], swiftSettings: strict),
    .target(name: "Registration", dependencies: ["Volumes", "Statistics"], swiftSettings: strict),
    .target(name: "CDCMTK", linkerSettings: ["dcmnet", "dcmdata", "oflog", "ofstd"].map { .linkedLibrary($0) }),
    .target(name: "DICOM", dependencies: ["CDCMTK", "Volumes", "Digests", "Files"], swiftSettings: dicom),
    .target(name: "ErrorScore", dependencies: ["Volumes", "Lesions", "Statistics"], swiftSettings: strict),
    .target(name: "AuditTrail", dependencies: ["Digests", "JSON", "Files"], swiftSettings: strict),
    .target(name: "PageLint", dependencies: ["Digests", "JSON", "CZlib"], swiftSettings: strict),
    .target(
      name: "Results",
      dependencies: ["Volumes", "Lesions", "ErrorScore", "Saliency", "Software", "Statistics", "JSON", "Files"],
      swiftSettings: strict),
    .target(
      name: "Reports",
      dependencies: [
        "Volumes", "Saliency", "Lesions", "ErrorScore", "Statistics", "Results", "Digests", "CPNG", "CZlib",
        .product(name: "Mustache", package: "swift-mustache"),
      ], swiftSettings: strict),
    .target(
      name: "Analysis",
      dependencies: [
        "Volumes", "Checkpoints", "Networks", "Models", "Saliency", "Lesions", "Phantoms", "ErrorScore", "Statistics",
        "Digests", "Software", "Results", "PageLint", "JSON", "Files",
      ], swiftSettings: strict),
    .target(
      name: "Archive",
      dependencies: [
        "Volumes", "Statistics", "Saliency", "Lesions", "ErrorScore", "AuditTrail", "Digests", "Software", "Results",
        "Analysis", "Reports", "PageLint", "JSON", "Files",
      ], swiftSettings: strict),
    .target(
      name: "QualityControl",
      dependencies: [
        "Volumes", "Networks", "Models", "Saliency", "Lesions", "Phantoms", "ErrorScore", "AuditTrail", "Digests",
        "Software", "Results", "Analysis", "Reports", "Archive", "Files",
      ], swiftSettings: strict),
    .target(
      name: "Preparation",
      dependencies: [
        "Volumes", "Registration", "Programs", "AuditTrail", "Digests", "Software", "Results", "Analysis", "Reports",
        "Archive", "Statistics", "JSON", "Files",
      ], swiftSettings: strict),
    .target(
      name: "Delivery",
      dependencies: [
        "DICOM", "Volumes", "Lesions", "ErrorScore", "AuditTrail", "Digests", "Software", "Results", "Reports",
        "Archive", "Programs", "Statistics", "JSON", "Files",
      ], swiftSettings: strict),
    .executableTarget(
      name: "lesionqc",
      dependencies: [
        "DICOM", "Delivery", "Programs", "Registration", "Preparation", "Volumes", "Checkpoints", "Networks", "Models",
        "Saliency", "Lesions", "Phantoms", "ErrorScore", "AuditTrail", "Digests", "Software", "PageLint", "Results",
        "Reports", "Analysis", "Archive", "QualityControl", "Statistics", "Files",
        .product(name: "ArgumentParser", package: "swift-argument-parser"),
      ], swiftSettings: strict),

    // What tests of several targets share.
    .target(name: "SharedFixtures", dependencies: ["Checkpoints"], path: "Tests/SharedFixtures", swiftSettings: strict),
    .target(
      name: "SharedPatients", dependencies: ["Volumes", "Checkpoints", "Results", "Analysis", "QualityControl"],
      path: "Tests/SharedPatients", swiftSettings: strict),
    .testTarget(
      name: "ExamplesTests",
      dependencies: ["Volumes", "Checkpoints", "Networks", "Models", "Saliency", "Lesions", "ErrorScore"]),
    .testTarget(
      name: "CommandTests",
      dependencies: ["lesionqc", "Archive", "Digests", "Checkpoints", "Files", "Models", "Analysis", "Results"]),
    .testTarget(
      name: "ProcessTests",
      dependencies: ["lesionqc", "AuditTrail", "Volumes", "Results", "Analysis", "Archive", "Files", "SharedPatients"],
      exclude: ["stop_at.c"]), .testTarget(name: "StatisticsTests", dependencies: ["Statistics"]),
    .testTarget(name: "ProgramsTests", dependencies: ["Programs"]),
    .testTarget(
      name: "PreparationTests",
      dependencies: [
        "Preparation", "Registration", "Programs", "Phantoms", "Volumes", "Analysis", "Archive", "Results", "Reports",
        "AuditTrail", "QualityControl", "Statistics", "Files", "JSON", "SharedPatients",
      ]), .testTarget(name: "FilesTests", dependencies: ["Files"]),
    .testTarget(name: "SoftwareTests", dependencies: ["Software"]),
    .testTarget(name: "DigestsTests", dependencies: ["Digests"]),
    .testTarget(
      name: "VolumesTests", dependencies: ["Volumes", "Statistics", "CZlib", "SharedFixtures"], exclude: ["Fixtures"]),
    .testTarget(name: "DICOMTests", dependencies: ["DICOM", "Volumes", "Digests"], swiftSettings: dicom),
    .testTarget(name: "JSONTests", dependencies: ["JSON"]),
    .testTarget(name: "CheckpointsTests", dependencies: ["Checkpoints", "SharedFixtures"]),
    .testTarget(name: "ModelsTests", dependencies: ["Models", "Checkpoints", "Networks", "Digests", "SharedFixtures"]),
    .testTarget(
      name: "NetworksTests", dependencies: ["Checkpoints", "Networks", "Models", "SharedFixtures"],
      exclude: ["Fixtures"]),
    .testTarget(
      name: "SaliencyTests", dependencies: ["Saliency", "Checkpoints", "Networks", "Models", "SharedFixtures"],
      exclude: ["Fixtures"]),
    .testTarget(
      name: "LesionsTests", dependencies: ["Lesions", "Volumes", "Phantoms", "Statistics"], exclude: ["Fixtures"]),
    .testTarget(name: "PhantomsTests", dependencies: ["Phantoms", "Volumes", "Statistics"]),
    .testTarget(name: "RegistrationTests", dependencies: ["Registration", "Phantoms", "Volumes", "Statistics"]),
    .testTarget(
      name: "ErrorScoreTests", dependencies: ["ErrorScore", "Volumes", "Lesions", "Statistics"], exclude: ["Fixtures"]),
    .testTarget(name: "AuditTrailTests", dependencies: ["AuditTrail", "Digests"]),
    .testTarget(
      name: "ReportsTests",
      dependencies: ["Reports", "Results", "Volumes", "Lesions", "Saliency", "ErrorScore", "Digests"]),
    .testTarget(name: "ResultsTests", dependencies: ["Results", "Volumes", "Lesions"]),
    .testTarget(
      name: "AnalysisTests",
      dependencies: [
        "Volumes", "Checkpoints", "Networks", "Models", "Saliency", "Lesions", "Phantoms", "ErrorScore", "Statistics",
        "AuditTrail", "PageLint", "Results", "Reports", "Analysis", "Archive", "QualityControl", "SharedPatients",
      ], exclude: ["Fixtures"]),
    .testTarget(
      name: "ArchiveTests",
      dependencies: [
        "Volumes", "Checkpoints", "Lesions", "AuditTrail", "Digests", "PageLint", "CZlib", "Results", "Reports",
        "Analysis", "Archive", "QualityControl", "SharedFixtures", "SharedPatients", "Files", "JSON",
      ]),
    .testTarget(
      name: "QualityControlTests",
      dependencies: [
        "Volumes", "Saliency", "Lesions", "ErrorScore", "AuditTrail", "Digests", "PageLint", "Results", "Reports",
        "Analysis", "Archive", "QualityControl", "SharedPatients",
      ]),
  ], swiftLanguageModes: [.v6])

if hasDICOM {
  package.cxxLanguageStandard = .cxx17
} else {
  package.targets.removeAll { $0.name == "CDCMTK" }
  for target in package.targets {
    target.dependencies.removeAll { if case .byNameItem("CDCMTK", _) = $0 { true } else { false } }
  }
}

// LESIONQC_TESTS names test targets, separated by spaces: only these and what they need stay in the package. `make
// sanitize` compiles every source with flags of its own and has no use for the rest.
if let chosen = Context.environment["LESIONQC_TESTS"]?.split(separator: " ").map(String.init), !chosen.isEmpty {
  var needed: Set<String> = []
  var open = chosen
  while let name = open.popLast() {
    guard needed.insert(name).inserted, let target = package.targets.first(where: { $0.name == name }) else { continue }
    for case .byNameItem(let name, _) in target.dependencies { open.append(name) }
  }
  package.targets.removeAll { !needed.contains($0.name) }
  package.products.removeAll()
}
