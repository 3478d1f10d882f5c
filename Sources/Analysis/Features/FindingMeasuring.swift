import ErrorScore
import Lesions
import Results
import Volumes

/// What is measured of a patient's findings beside their saliency. The brain is gone through once; each finding is
/// measured within a box around it.
struct FindingMeasuring {
  private let segmentation: Segmentation
  /// Of the findings' kinds; nil where the mask is of another tool, whose threshold is not known.
  private let lesionThreshold: Double?
  private let candidateThreshold: Double
  private let images: [(volume: Volume<Float>, brain: BrainIntensities?)]
  private let brain: Volume<UInt8>
  private let occupied: [UInt8]
  private let mirror: MirrorContrast?
  private let brainEdge: [Float]?
  private let ventricles: [Float]?
  private let nearestLesions: [FindingID: Double]

  /// - Parameter lesionThreshold: of the network's mask; nil for one of another tool.
  init(
    _ segmentation: Segmentation, of scan: PatientScan, locations: BrainLocations, lesionThreshold: Double?,
    candidateThreshold: Double
  ) {
    let grid = scan.flair.image.volume
    let (shape, spacing) = (grid.shape, grid.affine.spacingMillimetres)
    self.segmentation = segmentation
    self.lesionThreshold = lesionThreshold
    self.candidateThreshold = candidateThreshold
    brain = scan.brainMask
    images = scan.images.map { ($0, BrainIntensities($0.voxels, brain: scan.brainMask.voxels)) }
    occupied = segmentation.components.mask()
    mirror = scan.showsHead ? nil : MirrorContrast(brain: scan.brainMask)
    brainEdge =
      scan.showsHead
      ? nil
      : EuclideanDistance.millimetres(
        to: Holes.filled(brain.voxels.map { $0 != 0 }, shape: shape).map { !$0 }, shape: shape, spacing: spacing)
    let ventricleVoxels = locations.ventricleVoxels
    if ventricleVoxels.isEmpty {
      ventricles = nil
    } else {
      var members = [Bool](repeating: false, count: shape.voxelCount)
      for voxel in ventricleVoxels { members[voxel] = true }
      ventricles = EuclideanDistance.millimetres(to: members, shape: shape, spacing: spacing)
    }
    let findings = segmentation.findings
    let nearest = NearestDistance.toOtherLesions(
      findings.map(\.voxels), areLesions: findings.map { $0.id.kind == .lesion }, shape: shape, affine: grid.affine)
    nearestLesions = Dictionary(
      uniqueKeysWithValues: zip(findings, nearest).compactMap { finding, distance in distance.map { (finding.id, $0) } }
    )
  }

  func values(of finding: Finding) -> FeatureValues {
    let (shape, affine) = (brain.shape, brain.affine)
    let surroundings = Surroundings(of: finding.voxels, shape: shape, affine: affine, occupied: occupied)
    var values = FeatureValues()
    let form = RegionShape(finding.voxels, shape: shape, affine: affine)
    values[.diameterMillimetres] = finding.measurements.maximumDiameterMillimetres
    (values[.compactness], values[.slices]) = (form.compactness, Double(form.slices))
    if let probability = segmentation.probability?.voxels {
      let halo = ProbabilityHalo(
        inside: finding.voxels.map { probability[$0] },
        halo: surroundings.halo(occupied: occupied).map { probability[$0] })
      (values[.softDice], values[.haloRatio]) = (halo?.softDice, halo?.haloRatio)
      let threshold = finding.id.kind == .candidate ? candidateThreshold : lesionThreshold
      values[.thresholdStability] = threshold.flatMap {
        ThresholdStability.value(of: surroundings, probability: probability, threshold: $0, shape: shape)
      }
    }
    let ring = surroundings.ring.map { surroundings.voxels[$0] }.filter { brain.voxels[$0] != 0 }
    let contrasts = images.map { image, intensities in
      intensities.map {
        RegionContrast(inside: finding.voxels.map { image.voxels[$0] }, ring: ring.map { image.voxels[$0] }, brain: $0)
      }
    }
    (values[.flairInside], values[.flairContrast], values[.flairRingSpread]) = (
      contrasts[0]?.inside, contrasts[0]?.contrast, contrasts[0]?.ringSpread
    )
    if contrasts.count > 1 {
      (values[.mprageInside], values[.mprageContrast], values[.mprageRingSpread]) = (
        contrasts[1]?.inside, contrasts[1]?.contrast, contrasts[1]?.ringSpread
      )
    }
    if let intensities = images[0].brain {
      values[.mirrorContrast] = mirror?.value(
        of: finding.voxels, flair: images[0].volume.voxels, brain: brain.voxels, intensities: intensities)
    }
    values[.brainEdgeMillimetres] = brainEdge.flatMap { NearestDistance.least(over: finding.voxels, of: $0) }
    values[.ventricleMillimetres] = ventricles.flatMap { NearestDistance.least(over: finding.voxels, of: $0) }
    values[.nearestLesionMillimetres] = nearestLesions[finding.id]
    return values
  }
}
