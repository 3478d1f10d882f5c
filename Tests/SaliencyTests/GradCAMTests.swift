import Checkpoints
import Foundation
import Models
import Networks
import SharedFixtures
import Testing

@testable import Saliency

@Suite struct GradCAMTests {
  private static let tests = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
  private static let networks = tests.deletingLastPathComponent().appendingPathComponent("NetworksTests/Fixtures")

  /// Maps by PyTorch with MONAI's windows (tools/fixtures/make_saliency_method_fixtures.py), at the default layers.
  @Test(arguments: ["unet-batch", "dynunet-residual"]) func agreesWithPyTorch(name: String) throws {
    let fixture = try stored(name)
    let model = try ModelFolder.load(Self.networks.appendingPathComponent(name).path)
    let image = try #require(fixture.tensor("image"))
    for error in try errors(fixture, model, image) { #expect(error < 1e-4) }
  }

  /// The fixture holds the description of the model; its weights and the image follow from names. Voxels of a region
  /// count less than 1, which keeps the denominators from the formula's poles.
  @Test func agreesWithPyTorchForSwinUNETR() throws {
    let fixture = try stored("swin")
    let folder = FileManager.default.temporaryDirectory.appendingPathComponent("gradcam-\(UUID().uuidString)")
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    defer { try? FileManager.default.removeItem(at: folder) }
    let description = try #require(fixture.metadata["model"])
    try Data(description.utf8).write(to: folder.appendingPathComponent("model.json"))
    let weights = try hashedTensors(describedIn: Self.networks.appendingPathComponent("swin/v1.json"))
    try SafeTensors.write(weights, to: folder.appendingPathComponent("weights.safetensors"))

    let shape = [2] + (try #require(fixture.tensor("shape")).values.map { Int($0) })
    let name = try #require(fixture.metadata["image"])
    let image = Tensor(shape: shape, values: hashedNumbers(name, count: shape.reduce(1, *), half: 1.7))
    for error in try errors(fixture, ModelFolder.load(folder.path), image) { #expect(error < 1e-4) }
  }

  private func stored(_ name: String) throws -> SafeTensors {
    try SafeTensors(path: Self.tests.appendingPathComponent("Fixtures/gradcam-\(name).safetensors").path)
  }

  /// ‖found − stored‖₂ / ‖stored‖₂ of the two regions' maps, over the voxels that are stored.
  private func errors(_ fixture: SafeTensors, _ model: Model, _ image: Tensor) throws -> [Double] {
    let layer = try #require(try model.networks[0].defaultLayer(spatialShape: model.description.window))
    #expect(layer == fixture.metadata["layer"])
    let weight = try #require(Float(fixture.metadata["weight"] ?? "1"))
    let step = try #require(Int(fixture.metadata["step"] ?? "1"))
    let regions = try (0..<2).map { index in
      let voxels = try #require(fixture.tensor("region\(index)")).values.map { Int($0) }
      return SaliencyRegion(voxels: voxels, weights: voxels.map { _ in weight }, omegaCount: voxels.count)
    }
    let window = try model.makeSlidingWindow(layer: layer)
    let maps = try GradCAMPlusPlus().maps(of: regions, classWeights: [0, 1], model: window, at: image)
    let expected = try #require(fixture.tensor("maps")).values
    let count = expected.count / 2
    return maps.enumerated().map { index, map in
      let found = stride(from: 0, to: map.values.count, by: step).map { map.values[$0] }
      return relativeL2(found, Array(expected[index * count..<(index + 1) * count]))
    }
  }

  /// Two channels of two voxels. Channel 0: A = (1, 3), S = 4, g = (1, 2): g/(2 + 4g)·A = 1/6, 2/10·3. Channel 1: A =
  /// (2, −1), S = 1, g = (−1, 1): 0 and 1/3·(−1).
  @Test func formulaByHand() {
    let (values, gradient): ([Float], [Float]) = ([1, 3, 2, -1], [1, 2, -1, 1])
    let map = values.withUnsafeBufferPointer { values in
      gradient.withUnsafeBufferPointer { gradient in
        GradCAMPlusPlus.map(of: LayerValues(channels: 2, spatialShape: [1, 1, 2], values: values, gradient: gradient))
      }
    }
    #expect(abs(map[0] - 1.0 / 6) < 1e-6 && abs(map[1] - (0.6 - 1.0 / 3)) < 1e-6)
  }

  @Test func enlargementTakesHalfPixelCentres() {
    // PyTorch: interpolate(tensor([0, 4]), size 4, align_corners False) = 0, 1, 3, 4.
    #expect(TrilinearEnlargement(from: [1, 1, 2], to: [1, 1, 4]).applied(to: [0, 4]) == [0, 1, 3, 4])
    #expect(TrilinearEnlargement(from: [2, 1, 1], to: [4, 1, 2]).applied(to: [0, 4]) == [0, 0, 1, 1, 3, 3, 4, 4])
    #expect(TrilinearEnlargement(from: [1, 3, 1], to: [1, 3, 1]).applied(to: [1, 2, 5]) == [1, 2, 5])
  }
}
