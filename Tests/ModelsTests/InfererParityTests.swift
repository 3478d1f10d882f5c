import Foundation
import SharedFixtures
import Testing

@testable import Checkpoints
@testable import Models
@testable import Networks

/// Stored results of MONAI's SlidingWindowInferer (tools/fixtures/make_inferer_fixtures.py), from the words of a bundle
/// by way of model.json to logits and gradient.
@Suite("Arguments of a bundle's inferer against MONAI") struct InfererParityTests {
  private static let document = try! JSONValue(path: fixtures.appendingPathComponent("inferer.json").path)
  private static var cases: [JSONValue] { if case .array(let cases)? = document.member("cases") { cases } else { [] } }
  static let names = cases.compactMap { if case .string(let name)? = $0.member("name") { name } else { nil } }

  private func contract(_ name: String) throws -> ModelFolder.Contract {
    let item = try #require(Self.cases.first { $0.member("name") == .string(name) })
    let references = BundleReferences(root: item, file: "inference.json")
    let written = try #require(item.member("inferer"))
    let inferer = try #require(try MONAIBundle.Inferer((written, "inferer"), references))
    var contract = ModelFolder.Contract(
      brainExtracted: true, orientation: "RAS", window: try inferer.window.get(), overlap: try inferer.overlap.get(),
      importance: try inferer.importance.get(), threshold: 0.5)
    (contract.sigmaScale, contract.padding) = (try inferer.sigmaScale.get(), inferer.padding)
    return contract
  }

  private func deviation(_ name: String, changing change: (inout ModelFolder.Contract) -> Void = { _ in }) throws
    -> ModelProbe.Deviation
  {
    var contract = try contract(name)
    change(&contract)
    let source = fixtures.appendingPathComponent("unet-leaky")
    let description = try JSONValue(path: source.appendingPathComponent("model.json").path)
    let architecture = try ArchitectureArguments(
      name: "UNet", parameters: try #require(description.member("architecture")?.member("parameters")), origin: "x")
    return try withTemporaryFolder { folder in
      _ = try ModelFolder.write(
        try StateDict(path: source.appendingPathComponent("weights.safetensors").path), architecture: architecture,
        contract: contract, provenance: [], to: folder)
      let stored = try SafeTensors(path: fixtures.appendingPathComponent("inferer.safetensors").path)
      let keys = ["input", "logits", "cotangent", "gradient"]
      let probe = folder.appendingPathComponent("probe.safetensors")
      try SafeTensors.write(
        Dictionary(uniqueKeysWithValues: keys.map { ($0, stored.tensor("\(name).\($0)")!) }), to: probe)
      return try ModelFolder.load(folder.path).verify(threads: 1)
    }
  }

  @Test("Logits and input gradient", arguments: names) func parity(name: String) throws {
    let found = try deviation(name)
    #expect(found.logits < 2e-5 && found.gradient < 2e-5, "\(found)")
  }

  @Test("Zeros, or the usual sigma, are something else", arguments: names) func isHonoured(name: String) throws {
    let found = try deviation(name) { ($0.padding, $0.sigmaScale) = (.constant(0), Importance.defaultSigmaScale) }
    #expect(found.logits > 1e-3)
  }

  @Test("There are cases of every mode") func complete() { #expect(Self.names.count == 10) }

  @Test("A volume that would be repeated more than once is refused, as by PyTorch") func tooSmall() throws {
    // A window of 8 over n voxels needs ⌈(8 − n) / 2⌉ more behind.
    for (padding, extent, isFine) in [
      (Padding.reflect, 3, false), (.reflect, 4, true), (.reflect, 1, false), (.circular, 2, false),
      (.circular, 3, true), (.replicate, 1, true), (.constant(2), 1, true),
    ] {
      let model = SlidingWindow(
        IdentityWindow(), window: [8, 8, 8], overlap: 0.25, importance: .constant, padding: padding)
      let line = message { _ = try model.logits(Tensor(shape: [1, 8, extent, 8])) }
      #expect((line == "no error") == isFine, "\(padding) \(extent) \(line)")
      if !isFine { #expect(line.contains("\(padding.mode.rawValue) padding") && line.contains("axis 1")) }
    }
  }

  /// Every place of a padded axis, as numpy's and PyTorch's pad give it.
  @Test("Voxels that stand beyond an axis of 4") func places() {
    let range = -5..<9
    func sources(_ padding: Padding) -> [Int?] { range.map { padding.source(of: $0, extent: 4) } }
    #expect(sources(.replicate) == [0, 0, 0, 0, 0, 0, 1, 2, 3, 3, 3, 3, 3, 3])
    #expect(sources(.circular) == [3, 0, 1, 2, 3, 0, 1, 2, 3, 0, 1, 2, 3, 0])
    #expect(sources(.reflect) == [1, 2, 3, 2, 1, 0, 1, 2, 3, 2, 1, 0, 1, 2])
    #expect(sources(.constant(7)) == [nil, nil, nil, nil, nil, 0, 1, 2, 3, nil, nil, nil, nil, nil])
    for padding in [Padding.reflect, .circular, .replicate] { #expect(padding.source(of: -3, extent: 1) == 0) }
  }
}

/// Logits are the image.
private final class IdentityWindow: WindowFunction {
  let inputChannels = 1
  let outputChannels = 1

  func forward(
    spatialShape: [Int], fill: (UnsafeMutableBufferPointer<Float>) throws -> Void,
    read: (UnsafeBufferPointer<Float>) throws -> Void
  ) throws {
    var image = [Float](repeating: .nan, count: spatialShape.reduce(1, *))
    try image.withUnsafeMutableBufferPointer { try fill($0) }
    try image.withUnsafeBufferPointer(read)
  }

  func visitGradients(
    count: Int, spatialShape: [Int], fill: (UnsafeMutableBufferPointer<Float>) throws -> Void,
    logits: (UnsafeBufferPointer<Float>) throws -> Void,
    cotangent: (Int, UnsafeMutableBufferPointer<Float>) throws -> Void,
    read: (Int, UnsafeBufferPointer<Float>) throws -> Void
  ) throws {
    for number in 0..<count {
      try forward(spatialShape: spatialShape, fill: { try cotangent(number, $0) }, read: { try read(number, $0) })
    }
  }
}
