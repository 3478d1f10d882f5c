import Foundation
import Results
import SharedPatients

@testable import Analysis
@testable import Volumes

/// Balls of brain as files: 48 voxels of 4 mm a side, brain up to 62 mm from the centre, 998 ml.
final class HeadSpecimen {
  static let shape = GridShape(48, 48, 48)
  static let affine = Affine.scaling(4, 4, 4, originMillimetres: (-94, -94, -94))
  static let voxelMillilitres = 0.064

  let folder: URL

  init() throws {
    folder = FileManager.default.temporaryDirectory.appendingPathComponent("head-\(UUID().uuidString)")
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
  }

  deinit { try? FileManager.default.removeItem(at: folder) }

  /// Values by the distance from the centre in mm and the linear index.
  static func volume(_ value: (Double, Int) -> Float) -> Volume<Float> {
    let voxels = (0..<shape.voxelCount).map { n -> Float in
      let p = affine.world(shape.voxel(at: n))
      return value((p.x * p.x + p.y * p.y + p.z * p.z).squareRoot(), n)
    }
    return Volume(shape: shape, affine: affine, voxels: voxels)
  }

  static func flair(radius: Double = 62) -> Volume<Float> { volume { r, n in r < radius ? 100 + Float(n % 7) : 0 } }
  static func mprage(radius: Double = 62) -> Volume<Float> { volume { r, n in r < radius ? 200 - Float(n % 5) : 0 } }
  /// A ball of 1 inside a distance from the centre, 0 outside.
  static func ball(_ radius: Double, value: Float = 1) -> Volume<Float> { volume { r, _ in r < radius ? value : 0 } }

  /// Writes a volume under a name, with its header changed.
  @discardableResult func write(_ volume: Volume<Float>, _ name: String, _ edit: (inout NIfTIHeader) -> Void = { _ in })
    throws -> URL
  {
    let url = folder.appendingPathComponent(name + ".nii")
    try NIfTIWriter.write(volume, to: url.path)
    let bytes = Array(try Data(contentsOf: url))
    var header = NIfTIHeader(version: .one, isBigEndian: false, bytes: Array(bytes[..<348]))
    edit(&header)
    try Data(header.bytes + bytes[348...]).write(to: url)
    return url
  }

  /// Stored as 16-bit whole numbers with slope and intercept.
  func writeScaled(_ volume: Volume<Float>, _ name: String, slope: Double, intercept: Double) throws -> URL {
    let stored = volume.map { Int16(((Double($0) - intercept) / slope).rounded()) }
    let url = folder.appendingPathComponent(name + ".nii")
    try NIfTIWriter.write(stored, to: url.path)
    var bytes = Array(try Data(contentsOf: url))
    var header = NIfTIHeader(version: .one, isBigEndian: false, bytes: Array(bytes[..<348]))
    header.set(.sclSlope, to: slope)
    header.set(.sclInter, to: intercept)
    bytes.replaceSubrange(..<348, with: header.bytes)
    try Data(bytes).write(to: url)
    return url
  }

  func scan(
    flair: URL? = nil, mprage: URL? = nil, reference: Volume<Float>? = nil, brain: Volume<Float>? = nil,
    labels: MaskLabels? = nil, expectsBrainExtracted: Bool = true, reslice: Bool = false
  ) throws -> PatientScan {
    try PatientScan(
      PatientInput(
        label: "sub-t", flair: try flair ?? write(Self.flair(), "flair"),
        mprage: try mprage ?? write(Self.mprage(), "mprage"),
        reference: try reference.map { try write($0, "reference") }, brainMask: try brain.map { try write($0, "brain") }
      ), expectsBrainExtracted: expectsBrainExtracted, reslice: reslice, labels: labels)
  }
}

extension Volume {
  /// The same voxels elsewhere.
  func moved(by x: Double, _ y: Double = 0, _ z: Double = 0) -> Volume {
    let shift = [x, y, z]
    return Volume(
      shape: shape, affine: Affine(rows: affine.rows.enumerated().map { Array($1[..<3]) + [$1[3] + shift[$0]] }),
      voxels: voxels)
  }
}
