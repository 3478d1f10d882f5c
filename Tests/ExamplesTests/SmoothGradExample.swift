import Checkpoints
import Models
import Networks
import Saliency
import Testing

/// The example of `Sources/Saliency/Saliency.docc`.
@Test func explainALesion() throws {
  let model = try ModelFolder.load(SampleData.path("models/unet"))
  let network = try model.makeSlidingWindow()
  let image = Tensor(shape: [2, 32, 32, 32], values: (0..<65_536).map { Float($0 % 7) / 7 - 0.4 })
  // snippet
  // A lesion is its voxels on the grid of the image, as linear indices with the last axis fastest.
  let lesion = SaliencyRegion(voxels: [16_911, 16_912, 16_913])
  let settings = try SmoothGradSettings(samples: 4, seed: 1)
  let weights = try settings.scalar.classWeights(lesionClass: model.description.lesionClass, classCount: 2)
  let smoothGrad = SmoothGrad(settings: settings)
  let map = try smoothGrad.maps(of: [lesion], classWeights: weights, model: network, at: image)[0]

  // Logit per standard deviation of FLAIR intensity at a voxel, and its Monte-Carlo standard error.
  let saliency = map.value(channel: 0, at: [16, 16, 16])
  let standardError = map.standardError(channel: 0, at: [16, 16, 16])
  // end of snippet
  #expect(saliency.isFinite && saliency != 0)
  #expect(try #require(standardError) > 0)
}
