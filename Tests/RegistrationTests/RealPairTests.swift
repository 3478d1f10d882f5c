import Foundation
import Testing
import Volumes

@testable import Registration

/// The public raw scans beside the checkout, where there are any.
enum RealPairs {
  static let folder = URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
    .deletingLastPathComponent().appendingPathComponent("../shared/data/ljubljana-ms-longitudinal").standardizedFileURL
    .path
  static let arePresent = FileManager.default.fileExists(atPath: folder)
  static let names = ["sub-01_ses-1", "sub-01_ses-2", "sub-04_ses-1", "sub-12_ses-1", "sub-12_ses-2"]
}

/// A pair of raw scans with the transform and the brain mask that were published with it.
struct RealPair {
  let flair: Volume<Float>
  let t1w: Volume<Float>
  /// From FLAIR to T1w, affine.
  let published: Affine
  /// On the FLAIR grid.
  let mask: Volume<UInt8>
  /// Of the brain, in the world of the FLAIR.
  let points: [WorldPoint]

  init(_ name: String) throws {
    let parts = name.split(separator: "_")
    let visit = "\(parts[0])/\(parts[1])"
    let published = "\(RealPairs.folder)/derivatives/published/\(visit)/\(name)"
    func image(_ suffix: String) throws -> Volume<Float> {
      try NIfTIFile.read("\(RealPairs.folder)/\(visit)/anat/\(name)_\(suffix).nii.gz").volume
    }
    func transform(_ path: String) throws -> Affine {
      try ITKTransformFile.affine(in: String(contentsOfFile: path, encoding: .utf8), path: path)
    }
    flair = try image("FLAIR")
    t1w = try image("T1w")
    self.published = try transform(published + "_from-FLAIR_to-T1w_xfm.txt")
    let common = try NIfTIFile.read(
      "\(RealPairs.folder)/derivatives/published/\(parts[0])/\(parts[0])_space-common_desc-brain_mask.nii.gz"
    ).volume
    let toFlair = try transform(published + "_from-common_to-FLAIR_xfm.txt")
    let moved = Volume(
      shape: common.shape, affine: toFlair.composed(with: common.affine),
      voxels: common.voxels.map { $0 != 0 ? UInt8(1) : 0 })
    let onFlair = Resampling.nearest(moved, onto: flair.shape, flair.affine, outside: 0)
    let grid = flair
    mask = onFlair
    points = stride(from: 0, to: onFlair.voxels.count, by: 97).filter { onFlair.voxels[$0] != 0 }.map {
      grid.affine.world(grid.shape.voxel(at: $0))
    }
  }
}

/// Raw scans of real patients; skipped where they are not on the disk.
///
/// With LESIONQC_TABLES the transforms are written to that folder as `NAME_masked_xfm.txt` and
/// `NAME_unmasked_xfm.txt`, with `times.tsv`, for `tools/validation/registration.py`.
@Suite(.enabled(if: RealPairs.arePresent), .serialized) struct RealPairTests {
  @Test(arguments: RealPairs.names) func liesNearThePublishedTransform(_ name: String) throws {
    let pair = try RealPair(name)
    for (mask, limit) in [(BrainMask.ofFixed(pair.mask), 0.5), (nil, 0.6)] {
      let kind = mask == nil ? "unmasked" : "masked"
      var result: RegistrationResult?
      let before = Self.processorSeconds
      let seconds = try ContinuousClock().measure {
        result = try RigidRegistration().register(fixed: pair.flair, moving: pair.t1w, mask: mask)
      }
      let found = try #require(result)
      let distance = Displacement(of: found.fixedToMoving.affine, from: pair.published, over: pair.points)
      #expect(distance.meanMillimetres <= limit, "\(kind)")
      #expect(found.report.forwardBackward.meanMillimetres <= 0.2, "\(kind)")
      #expect(found.report.normalisedMutualInformationAfter >= found.report.normalisedMutualInformationBefore)
      #expect(found.report.overlap > 0.9)
      try Self.write(name, kind, found, [seconds / .seconds(1), Self.processorSeconds - before])
    }
  }

  /// Off by 20° or 30 mm or both, the same transform is found as from the scanner's headers.
  @Test(
    arguments: zip(
      RealPairs.names, [SIMD3(20.0, 0, 0), SIMD3(0, -14, 14), SIMD3(0, 0, 20), SIMD3(11, 11, -11), SIMD3(0, 20, 0)]))
  func comesBackFromFarOff(_ name: String, _ degrees: SIMD3<Double>) throws {
    let pair = try RealPair(name)
    let expected = try RigidRegistration().register(fixed: pair.flair, moving: pair.t1w).fixedToMoving
    let centre = pair.points.centre
    for shift in [SIMD3(30.0, 0, 0), SIMD3(-10, 20, 20)] {
      let away = RigidTransform(rotationVector: degrees * (.pi / 180), about: centre, translationMillimetres: shift)
      let moved = Volume(
        shape: pair.t1w.shape, affine: away.affine.composed(with: pair.t1w.affine), voxels: pair.t1w.voxels)
      let found = try RigidRegistration().register(fixed: pair.flair, moving: moved).fixedToMoving
      let off = Displacement(of: found, from: away.composed(with: expected), over: pair.points)
      #expect(off.meanMillimetres <= 0.13, "\(degrees)° and \(shift) mm")
    }
  }

  /// FLAIR of one patient and T1 of another do not pass the check.
  @Test(arguments: [
    ("sub-01_ses-1", "sub-12_ses-1"), ("sub-12_ses-1", "sub-04_ses-1"), ("sub-04_ses-1", "sub-01_ses-2"),
  ]) func twoPatientsAreRefused(_ one: String, _ other: String) throws {
    let (flair, t1w) = (try RealPair(one).flair, try RealPair(other).t1w)
    let refusal = RefusalTests.refusal(RigidRegistration(), flair, t1w)
    #expect(refusal?.failures.isEmpty == false)
  }

  /// Of this process, all threads.
  private static var processorSeconds: Double {
    var time = timespec()
    clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &time)
    return Double(time.tv_sec) + Double(time.tv_nsec) / 1e9
  }

  private static func write(_ name: String, _ kind: String, _ result: RegistrationResult, _ seconds: [Double]) throws {
    guard let folder = ProcessInfo.processInfo.environment["LESIONQC_TABLES"] else { return }
    let text = ITKTransformFile.text(result.fixedToMoving, from: "FLAIR", to: "T1w")
    try text.write(toFile: "\(folder)/\(name)_\(kind)_xfm.txt", atomically: true, encoding: .utf8)
    let report = result.report
    let figures =
      seconds + [
        report.forwardBackward.meanMillimetres, report.normalisedMutualInformationBefore,
        report.normalisedMutualInformationAfter,
      ]
    let path = "\(folder)/times.tsv"
    let before = (try? String(contentsOfFile: path, encoding: .utf8)) ?? ""
    let row = ([name, kind] + figures.map { "\($0)" }).joined(separator: "\t") + "\n"
    try (before + row).write(toFile: path, atomically: true, encoding: .utf8)
  }
}
