import Lesions
import Networks
import Volumes

/// What the network marks in one pair of images: logits, mask, lesions and missed-lesion candidates.
struct Segmentation {
  /// `[K, D, H, W]` on the network's grid.
  let logits: Tensor
  /// Lesion probability on the patient's grid.
  let probability: Volume<Float>
  let components: Components
  let lesions: [Lesion]
  let candidates: MissedLesionCandidates

  /// - Parameters:
  ///   - affine: of the patient's grid.
  ///   - progress: windows done and in total; not asked whether to go on.
  /// - Throws: errors of `Networks` and `Lesions`.
  init(
    _ input: NetworkInput, affine: Affine, model: LoadedModel, settings: RunSettings,
    progress: @escaping (Int, Int) -> Void
  ) throws {
    logits = try model.logits(input.tensor, progress: progress)
    probability = Volume(
      shape: input.grid.patientShape, affine: affine,
      voxels: input.grid.probability(ofLogits: logits, lesionClass: model.lesionClass))
    components = Components(of: try ProbabilityMap.mask(of: probability, above: Float(model.threshold)))
    lesions = try Lesion.measured(in: components, affine: affine, probability: probability)
    candidates = try MissedLesionCandidates(
      in: probability, besides: components,
      rule: .init(threshold: Float(settings.candidateThreshold), maximumCount: settings.maximumCandidates))
  }

  /// Lesions, then candidates, by number.
  var subjects: [FindingSubject] {
    lesions.map { FindingSubject(id: $0.id, voxels: $0.voxels, measurements: $0.measurements, wasDropped: false) }
      + candidates.candidates.map {
        FindingSubject(
          id: $0.id, voxels: $0.voxels, measurements: $0.measurements, wasDropped: $0.wasDroppedSmallComponent)
      }
  }
}
