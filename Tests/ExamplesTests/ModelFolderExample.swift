import Checkpoints
import Models
import Networks
import Testing

/// The example of `Sources/Models/Models.docc`.
@Test func runAModelFolder() throws {
  let folder = SampleData.path("models/unet")
  // snippet
  let model = try ModelFolder.load(folder)
  let network = try model.makeSlidingWindow()

  // Two channels, FLAIR and MPRAGE, normalised as the model asks: [C, D, H, W].
  let image = Tensor(shape: [2, 40, 40, 40], repeating: 0)
  let logits = try network.logits(image)
  print("\(model.parameterCount) parameters, logits \(logits.shape)")
  // end of snippet
  #expect(logits.shape == [2, 40, 40, 40])
  #expect(logits.values.allSatisfy { $0.isFinite })
}
