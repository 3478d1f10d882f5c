import CPNG
import Foundation
import Testing
import Volumes

@testable import Lesions
@testable import Reports
@testable import Results

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

  func images(saliency: [FindingID: SaliencyPicture] = [:]) -> PatientImages {
    let flair = flair
    return PatientImages(
      flair: flair, mprage: flair, brainMask: Volume(shape: shape, affine: affine, repeating: 1),
      lesionLabels: Volume(shape: shape, affine: affine, repeating: 0),
      candidateLabels: Volume(shape: shape, affine: affine, repeating: 0), reference: nil, saliency: saliency)
  }
}

enum PictureResults {
  static func results(_ findings: [FindingRecord] = []) -> PatientResults {
    let grid = GridRecord(shape: GridShape(1, 1, 1), affine: .scaling(1, 1, 1))
    var results = PatientResults(
      patient: PatientIdentity(label: "sub-01", session: nil, synthetic: true), model: PagesSamples.model, inputs: [],
      grid: grid, rules: RuleRecord(lesions: .published, candidates: .published, order: .flairSumPeak),
      counts: FindingCounts(
        componentsBeforeSizeFilter: 0, droppedSmallComponents: 0, lesions: 0, candidates: 0, candidatesLeftOut: 0,
        totalLesionVolumeMillilitres: 0), locations: LocationRecord(notAssessed: nil, ventriclesMillilitres: nil))
    results.findings = findings
    return results
  }

  /// A finding with one peak for everything.
  ///
  /// - Parameter box: first and last voxel; the voxel of the peak by default.
  static func finding(
    _ id: FindingID = "L001", peak: VoxelIndex, value: Double = 1, box: (lower: VoxelIndex, upper: VoxelIndex)? = nil
  ) -> FindingRecord {
    let one = Peak(value: value, voxel: peak, worldMillimetres: WorldPoint(x: 0, y: 0, z: 0), standardError: nil)
    let extrema = ChannelPeaks.Extrema(maximum: one, minimum: one)
    var record = FindingRecord(
      Finding(id: id, voxels: [], measurements: .sample(lower: box?.lower ?? peak, upper: box?.upper ?? peak)))
    let peaks = ChannelPeaks(inside: extrema, map: extrema)
    record.saliency = SaliencyRecord(
      samples: 1, flair: peaks, mprage: peaks, flairFraction: nil, signBalance: SignBalance(meanInside: 0, meanRim: nil)
    )
    return record
  }
}

extension FindingID: ExpressibleByStringLiteral { public init(stringLiteral value: String) { self.init(value)! } }

extension Measurements {
  /// Measurements that need not belong to any voxels, with the first and the last voxel of their box.
  static func sample(
    voxelCount: Int = 1, volumeMillimetres3: Double = 1, centroidVoxel: VoxelPoint = VoxelPoint(i: 0, j: 0, k: 0),
    centroidMillimetres: WorldPoint = WorldPoint(x: 0, y: 0, z: 0), lower: VoxelIndex = VoxelIndex(0, 0, 0),
    upper: VoxelIndex = VoxelIndex(0, 0, 0), extentMillimetres: [Double] = [1, 1, 1],
    probability: ProbabilityMeasurements? = nil
  ) -> Measurements {
    struct Stored: Encodable {
      let voxelCount: Int
      let volumeMillimetres3: Double
      let centroidVoxel: VoxelPoint
      let centroidMillimetres: WorldPoint
      let boundingBox: GridBox
      let extentMillimetres: [Double]
      let maximumDiameterMillimetres: Double
      let probability: ProbabilityMeasurements?
    }
    let stored = Stored(
      voxelCount: voxelCount, volumeMillimetres3: volumeMillimetres3, centroidVoxel: centroidVoxel,
      centroidMillimetres: centroidMillimetres,
      boundingBox: GridBox(lower: lower, upper: VoxelIndex(upper.i + 1, upper.j + 1, upper.k + 1)),
      extentMillimetres: extentMillimetres, maximumDiameterMillimetres: 7.5, probability: probability)
    return try! JSONDecoder().decode(Measurements.self, from: JSONEncoder().encode(stored))
  }
}

extension FindingRecord {
  /// The same with its measurements changed in their form in a file.
  func with(_ change: (inout [String: Any]) -> Void) -> FindingRecord {
    var object = try! JSONSerialization.jsonObject(with: JSONEncoder().encode(measurements)) as! [String: Any]
    change(&object)
    var copy = self
    copy.measurements = PagesSamples.decoded(object)
    return copy
  }

  /// The same with its centroid elsewhere.
  func with(centroidVoxel voxel: VoxelPoint? = nil, centroidMillimetres point: WorldPoint) -> FindingRecord {
    with {
      $0["centroidMillimetres"] = ["x": point.x, "y": point.y, "z": point.z]
      if let voxel { $0["centroidVoxel"] = ["i": voxel.i, "j": voxel.j, "k": voxel.k] }
    }
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
