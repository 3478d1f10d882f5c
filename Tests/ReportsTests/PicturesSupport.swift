import CPNG
import Lesions
import Results
import Testing
import Volumes

@testable import Reports

/// A phantom volume whose anatomy is known in mm, on any grid.
struct PicturePhantom {
  var shape: GridShape
  var affine: Affine
  /// A world position that is bright; everything else is dark brain.
  var mark: WorldPoint
  var markRadiusMillimetres = 5.0

  var flair: Volume<Float> {
    var volume = Volume<Float>(shape: shape, affine: affine, repeating: 1)
    for linear in 0..<shape.voxelCount {
      let world = affine.world(shape.voxel(at: linear))
      let d = (world.x - mark.x, world.y - mark.y, world.z - mark.z)
      if d.0 * d.0 + d.1 * d.1 + d.2 * d.2 <= markRadiusMillimetres * markRadiusMillimetres {
        volume.voxels[linear] = 100
      }
    }
    return volume
  }

  func images(saliency: [String: SaliencyPicture] = [:]) -> PatientImages {
    let flair = flair
    return PatientImages(
      flair: flair, mprage: flair, brainMask: Volume(shape: shape, affine: affine, repeating: 1),
      lesionLabels: Volume(shape: shape, affine: affine, repeating: 0),
      candidateLabels: Volume(shape: shape, affine: affine, repeating: 0), truth: nil, saliency: saliency)
  }
}

enum PictureResults {
  static func results(lesions: [FindingFacts] = [], candidates: [FindingFacts] = []) -> PatientResults {
    PatientResults(
      patient: PatientIdentity(label: "sub-01", session: nil, synthetic: true),
      software: SoftwareIdentity(name: "lesionqc", version: "0"),
      model: ModelIdentity(
        name: "n", version: "1", architecture: "a", parameterCount: 1, modelDigest: "", weightsDigest: "",
        threshold: 0.3, window: [96, 96, 96], overlap: 0.25, brainExtracted: true),
      inputs: [], grid: GridFacts(shape: [], spacingMillimetres: [], orientation: "", affine: []),
      settings: SettingFacts(
        method: "", aggregation: "", target: "", samples: 1, noiseFraction: 0, noiseStandardDeviation: 0, seed: 1,
        candidateThreshold: 0.1, maximumCandidates: 20, minimumLesionVoxels: 6, minimumCandidateVoxels: 3,
        precision: ""),
      rules: RuleTexts(lesions: "", candidates: "", numbering: "", reviewOrder: ""),
      counts: FindingCounts(
        componentsBeforeSizeFilter: 0, droppedSmallComponents: 0, lesions: 0, candidates: 0, candidatesLeftOut: 0,
        totalLesionVolumeMillilitres: 0),
      lesions: lesions, candidates: candidates, reviewOrder: [], calibration: "uncalibrated", truth: nil, warnings: [])
  }

  /// A finding with one peak for everything.
  static func finding(
    _ id: String = "L001", kind: FindingKind = .lesion, number: Int = 1, peak: VoxelIndex, value: Double = 1,
    box: (lower: [Int], upper: [Int])? = nil
  ) -> FindingFacts {
    let fact = PeakFacts(
      value: value, voxel: peak, worldMillimetres: WorldPoint(x: 0, y: 0, z: 0), standardError: nil)
    let peaks = ChannelPeaks(insideHighest: fact, insideLowest: fact, mapHighest: fact, mapLowest: fact)
    return FindingFacts(
      kind: kind, number: number, id: id, voxelCount: 1, volumeMillimetres3: 1, volumeMillilitres: 0.001,
      centroidVoxel: [], centroidWorldMillimetres: [], boxLower: box?.lower ?? [peak.i, peak.j, peak.k],
      boxUpper: box?.upper ?? [peak.i + 1, peak.j + 1, peak.k + 1], extentMillimetres: [], meanProbability: 0,
      maximumProbability: 0, meanEntropy: 0, wasDroppedSmallComponent: false, truthStatus: nil, flair: peaks,
      mprage: peaks, flairShare: nil, signBalance: SignBalance(meanInside: 0, meanRim: nil), saliencyFile: "")
  }
}

/// Reads a PNG back through libpng as RGB.
func decodePNG(_ picture: PNGPicture) throws -> Raster {
  var image = png_image()
  image.version = png_uint_32(PNG_IMAGE_VERSION)
  try #require(png_image_begin_read_from_memory(&image, picture.bytes, picture.bytes.count) != 0)
  image.format = png_uint_32(PNG_FORMAT_FLAG_COLOR)
  var bytes = [UInt8](repeating: 0, count: Int(image.width) * Int(image.height) * 3)
  try #require(png_image_finish_read(&image, nil, &bytes, 0, nil) != 0)
  var raster = Raster(width: Int(image.width), height: Int(image.height))
  for at in 0..<(raster.width * raster.height) {
    raster[at % raster.width, at / raster.width] = RGB(bytes[3 * at], bytes[3 * at + 1], bytes[3 * at + 2])
  }
  return raster
}
