import Checkpoints
import Foundation
import Models
import Networks
import Testing

@testable import Saliency

/// SmoothGrad of two regions through the sliding window over a U-Net, where windows overlap and the last is moved back;
/// maps by PyTorch and MONAI's own inferer with the same noise (tools/fixtures/make_saliency_fixtures.py).
@Suite struct SmoothGradWindowTests {
  @Test func agreesWithPyTorchThroughTheSlidingWindow() throws {
    let tests = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
    let fixture = try SafeTensors(path: tests.appendingPathComponent("Fixtures/smoothgrad-windows.safetensors").path)
    let folder = tests.deletingLastPathComponent().appendingPathComponent("NetworksTests/Fixtures/unet-batch")
    let model = try ModelFolder.load(folder.path).makeSlidingWindow()
    let image = try #require(fixture.tensor("image"))
    let expected = try #require(fixture.tensor("maps"))
    func number(_ name: String) throws -> Double { try #require(fixture.metadata[name].flatMap { Double($0) }) }

    let regions = try (0..<2).map { index in
      SaliencyRegion(voxels: try #require(fixture.tensor("region\(index)")).values.map { Int($0) })
    }
    let settings = try SmoothGradSettings(
      samples: Int(number("samples")), noiseFactor: number("noiseFactor"), seed: UInt64(number("noiseSeed")))
    let maps = try SmoothGrad(settings: settings).maps(of: regions, classWeights: [0, 1], model: model, at: image)
    #expect(model.windowCount(spatialShape: Array(image.shape.dropFirst())) > 4)

    let count = image.values.count
    for (index, map) in maps.enumerated() {
      let wanted = Array(expected.values[index * count..<(index + 1) * count])
      // Single-precision rounding of two implementations; a wrong weight of one window would show at 1e-1.
      #expect(relativeL2(whole(map).values, wanted) < 1e-4)
    }
  }
}
