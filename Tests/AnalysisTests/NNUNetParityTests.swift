import Foundation
import Results
import Testing
import Volumes

@testable import Analysis
@testable import Checkpoints
@testable import Models
@testable import Networks
@testable import Saliency

/// Result folders of nnU-Net v2 with a small patient, from tools/fixtures/make_nnunet_fixtures.py.
private let folders = URL(fileURLWithPath: #filePath).deletingLastPathComponent().appendingPathComponent("Fixtures")

/// A patient of a fixture, read as a run reads it, and the imported model.
private struct ImportedCase {
  let model: LoadedModel
  let scan: PatientScan
  let input: NetworkInput
  let expected: SafeTensors

  init(_ name: String, mirror: Bool, in folder: URL) throws {
    let source = folders.appendingPathComponent(name)
    let expected = try SafeTensors(path: source.appendingPathComponent("expected.safetensors").path)
    self.expected = expected
    let modelFolder = folder.appendingPathComponent("model")
    let program = ImportingProgram(name: "lesionqc", version: "0", disclaimer: "")
    _ = try NNUNetModelImport(source: NNUNetImport(source: source, brainExtracted: true), program: program).write(
      to: modelFolder.path, overwrite: false)
    model = try LoadedModel(folder: modelFolder, threads: 1, mirror: mirror)
    // The tensors [k, j, i] are in the order of a NIfTI file: i fastest.
    let shape = expected.shape(of: "flair")!
    let urls = try ["flair", "mprage"].map { name in
      let url = folder.appendingPathComponent("\(name).nii")
      let volume = Volume(
        shape: GridShape(shape[2], shape[1], shape[0]), affine: .scaling(-0.9, 1.1, 1.5),
        voxels: expected.tensor(name)!.values)
      try NIfTIWriter.write(volume, to: url.path)
      return url
    }
    scan = try PatientScan(
      PatientInput(label: "sub-t", flair: urls[0], mprage: urls[1]), expectsBrainExtracted: false, reslice: false)
    input = try NetworkInput(scan, model: model)
  }
}

@Suite struct NNUNetParityTests {
  static let cases: [(name: String, mirror: Bool)] = [("nnunet-linear", false), ("nnunet-separate", true)]

  private func withFolder<T>(_ body: (URL) throws -> T) throws -> T {
    let folder = FileManager.default.temporaryDirectory.appendingPathComponent("nnunet-\(UUID().uuidString)")
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    defer { try? FileManager.default.removeItem(at: folder) }
    return try body(folder)
  }

  private func largestDifference(_ a: [Float], _ b: [Float]) -> Float {
    a.count == b.count ? zip(a, b).map { abs($0 - $1) }.max() ?? .infinity : .infinity
  }

  @Test(arguments: cases.indices) func theNetworkSeesWhatNNUNetPreprocesses(_ index: Int) throws {
    try withFolder { folder in
      let item = try ImportedCase(Self.cases[index].name, mirror: Self.cases[index].mirror, in: folder)
      let input = try #require(item.expected.tensor("input"))
      #expect(item.input.tensor.shape == input.shape)
      // z-scores of a few units, in single precision on both sides.
      #expect(largestDifference(item.input.tensor.values, input.values) < 2e-5)
    }
  }

  @Test(arguments: cases.indices) func probabilitiesAreThoseOfThePredictor(_ index: Int) throws {
    try withFolder { folder in
      let item = try ImportedCase(Self.cases[index].name, mirror: Self.cases[index].mirror, in: folder)
      let logits = try item.model.logits(item.input.tensor) { _, _ in }
      let found = item.input.grid.probability(ofLogits: logits, by: item.model)
      let expected = try #require(item.expected.tensor("probability"))
      #expect(largestDifference(found, expected.values) < 1e-5)
      // The predictor adds windows up in half precision. Where a single window reaches a voxel with the smallest weight
      // of half precision, 6e-8, its logits are rounded to whole numbers; that concerns corners of this small volume.
      let predictor = try #require(item.expected.tensor("predictor"))
      let mean = zip(found, predictor.values).reduce(0.0) { $0 + Double(abs($1.0 - $1.1)) } / Double(found.count)
      #expect(mean < 1e-3)
    }
  }

  @Test(arguments: cases.indices) func theGradientIsThatOfTheWholePath(_ index: Int) throws {
    try withFolder { folder in
      let item = try ImportedCase(Self.cases[index].name, mirror: Self.cases[index].mirror, in: folder)
      let omega = try #require(item.expected.tensor("omega"))
      let region = item.input.grid.region(ofPatient: omega.values.indices.filter { omega.values[$0] == 1 })
      #expect(region.omegaCount == omega.values.count { $0 == 1 })
      let plain = SmoothGrad(settings: try SmoothGradSettings(samples: 1, noiseFactor: 0))
      let map = try plain.maps(of: [region], classWeights: [0, 1], model: item.model.network, at: item.input.tensor)[0]
      let expected = try #require(item.expected.tensor("gradient"))
      let n = item.input.grid.spatialShape
      var (difference, size) = (0.0, 0.0)
      for c in 0..<2 {
        for v in 0..<n.reduce(1, *) {
          let reference = Double(expected.values[c * n.reduce(1, *) + v])
          let found = Double(map.value(channel: c, at: map.position(v)))
          difference += (found - reference) * (found - reference)
          size += reference * reference
        }
      }
      // Double precision there, single precision here, and weights of half precision alike.
      #expect((difference / size).squareRoot() < 1e-4)
    }
  }

  @Test func digestsCoverEveryFold() throws {
    try withFolder { folder in
      let item = try ImportedCase("nnunet-separate", mirror: false, in: folder)
      #expect(item.model.weightFiles.map(\.name) == ["fold_0.safetensors", "fold_1.safetensors"])
      #expect(item.model.weightFiles[0].sha256 != item.model.weightFiles[1].sha256)
      #expect(!item.model.weightFiles.map(\.sha256).contains(item.model.weightsDigest))
    }
  }

  @Test func mirroringNeedsAxes() throws {
    try withFolder { folder in
      let fault = #expect(throws: Fault.self) { _ = try ImportedCase("nnunet-linear", mirror: true, in: folder) }
      #expect(fault?.found.contains("mirrorAxes") == true && fault?.remedy == .withoutMirroring)
    }
  }
}
