import Foundation
import Networks
import Testing

@testable import Saliency

@Suite struct GradCAMTests {
  /// Maps by PyTorch with MONAI's windows (tools/fixtures/make_saliency_method_fixtures.py), at the default layers.
  @Test(arguments: ["unet-batch", "dynunet-residual"])
  func agreesWithPyTorch(name: String) throws {
    let tests = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
    let fixture = try SafeTensors(path: tests.appendingPathComponent("Fixtures/gradcam-\(name).safetensors").path)
    let folder = tests.deletingLastPathComponent().appendingPathComponent("NetworksTests/Fixtures/\(name)")
    let model = try ModelFolder.load(folder.path)
    let layer = try #require(try model.networks[0].defaultLayer(spatialShape: model.description.window))
    #expect(layer == fixture.metadata["layer"])
    let image = try #require(fixture.tensor("image"))
    let regions = try (0..<2).map { index in
      SaliencyRegion(voxels: try #require(fixture.tensor("region\(index)")).values.map { Int($0) })
    }
    let window = try model.makeSlidingWindow(layer: layer)
    let maps = try GradCAMPlusPlus().maps(of: regions, classWeights: [0, 1], model: window, at: image)
    let expected = try #require(fixture.tensor("maps")).values
    let count = expected.count / 2
    for (index, map) in maps.enumerated() {
      #expect(relativeL2(map.values, Array(expected[index * count..<(index + 1) * count])) < 1e-4)
    }
  }

  /// Two channels of two voxels. Channel 0: A = (1, 3), S = 4, g = (1, 2): g/(2 + 4g)·A = 1/6, 2/10·3. Channel 1: A = (2, −1),
  /// S = 1, g = (−1, 1): 0 and 1/3·(−1).
  @Test func formulaByHand() {
    let (values, gradient): ([Float], [Float]) = ([1, 3, 2, -1], [1, 2, -1, 1])
    let map = values.withUnsafeBufferPointer { values in
      gradient.withUnsafeBufferPointer { gradient in
        GradCAMPlusPlus.map(
          of: LayerValues(channels: 2, spatialShape: [1, 1, 2], values: values, gradient: gradient))
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
