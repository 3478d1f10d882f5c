// swift-tools-version: 6.1
import PackageDescription

// A package of its own, so that the product depends on nothing that only measures it.
let package = Package(
  name: "Benchmarks",
  dependencies: [.package(name: "lesionqc", path: "..")],
  targets: [
    .target(name: "CPeak"),
    .executableTarget(
      name: "network-benchmark",
      dependencies: [
        "CPeak", .product(name: "Networks", package: "lesionqc"), .product(name: "Models", package: "lesionqc"),
        .product(name: "Saliency", package: "lesionqc"),
      ]),
  ],
  swiftLanguageModes: [.v6]
)
