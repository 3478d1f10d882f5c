import AuditTrail
import Digests
import Foundation
import Reports
import Results
import Volumes

/// The images of one patient, read, checked and brought onto one grid.
struct PatientScan {
  struct Source {
    let role: String
    let url: URL
    let sha256: String
    let image: NIfTIImage
  }

  let flair: Source
  let mprage: Source
  let truth: Volume<UInt8>?
  /// MPRAGE on the FLAIR grid.
  let mprageVolume: Volume<Float>
  let brainMask: Volume<UInt8>
  /// FLAIR, MPRAGE, then truth and brain mask when given.
  let sources: [Source]
  let warnings: [String]
  /// The head was not removed from the images.
  let showsHead: Bool

  /// - Parameters:
  ///   - expectsBrainExtracted: what the model was trained on.
  ///   - reslice: bring an MPRAGE on another grid onto the FLAIR grid by header.
  /// - Throws: ``QualityControlError/badInput(_:)`` or an error of `Volumes`, each one line that names the file.
  init(_ input: PatientInput, expectsBrainExtracted: Bool, reslice: Bool) throws {
    flair = try Self.readImage(input.flair, "FLAIR")
    mprage = try Self.readImage(input.mprage, "MPRAGE")
    let grid = flair.image.volume
    guard flair.image.volume.voxels != mprage.image.volume.voxels else {
      throw QualityControlError.badInput(
        "\(input.mprage.path): holds the same voxels as the FLAIR image; give FLAIR and MPRAGE of one patient")
    }
    var warnings: [String] = []
    var sources = [flair, mprage]

    let comparison = GridComparison(grid, mprage.image.volume)
    if !comparison.isSame {
      guard reslice else {
        throw QualityControlError.badInput(
          "\(input.mprage.path): MPRAGE does not lie on the grid of FLAIR (\(comparison)); "
            + "register or reslice it first, or use --reslice to resample it by header")
      }
      mprageVolume = Resampling.trilinear(mprage.image.volume, onto: grid.shape, grid.affine)
      warnings.append("MPRAGE was resampled onto the FLAIR grid by header (\(comparison)).")
    } else {
      mprageVolume = mprage.image.volume
    }

    var truth: Volume<UInt8>?
    if let url = input.truth {
      let source = try Self.readMask(url, "truth", grid: grid)
      sources.append(source)
      truth = Volume(
        shape: grid.shape, affine: grid.affine, voxels: source.image.volume.voxels.map { $0 != 0 ? 1 : 0 })
    }
    self.truth = truth

    if let url = input.brainMask {
      let source = try Self.readMask(url, "brain mask", grid: grid)
      sources.append(source)
      let mask: [UInt8] = source.image.volume.voxels.map { $0 != 0 ? 1 : 0 }
      guard mask.contains(1) else {
        throw QualityControlError.badInput("\(url.path): the brain mask is empty; expected 1 inside the brain")
      }
      for (image, role) in [(grid, "FLAIR"), (mprageVolume, "MPRAGE")]
      where !zip(mask, image.voxels).contains(where: { $0 != 0 && $1 != 0 }) {
        throw QualityControlError.badInput(
          "\(url.path): the \(role) image is 0 everywhere inside the brain mask; expected a mask of this patient's brain"
        )
      }
      brainMask = Volume(shape: grid.shape, affine: grid.affine, voxels: mask)
      showsHead = false
    } else {
      let heads = [flair, mprage].map { ($0.url.path, BrainExtraction.detect(in: $0.image.volume)) }
        .filter { !$0.1.isBrainExtracted }
      if let (file, evidence) = heads.first, expectsBrainExtracted {
        throw QualityControlError.badInput(
          "\(file): shows \(evidence), but the model expects brain-extracted images; "
            + "remove skull and background (set them to 0) or give --brain-mask")
      }
      showsHead = !heads.isEmpty
      brainMask = Volume(
        shape: grid.shape, affine: grid.affine,
        voxels: zip(grid.voxels, mprageVolume.voxels).map { $0 != 0 || $1 != 0 ? 1 : 0 })
    }
    if showsHead { warnings.append("\(WarningLevel.headShown); do not share this report without a brain mask.") }
    for source in sources {
      warnings += source.image.problems.map { "\(source.role): \($0.message)" }
    }
    self.sources = sources
    self.warnings = warnings
  }

  /// Voxels as they are, with 0 outside the brain when a brain mask was given.
  func insideGivenMask(_ volume: Volume<Float>) -> [Float] {
    guard sources.contains(where: { $0.role == "brain mask" }) else { return volume.voxels }
    return zip(volume.voxels, brainMask.voxels).map { $1 != 0 ? $0 : 0 }
  }

  /// 1 where both images show brain.
  var tissue: Volume<UInt8> {
    let grid = flair.image.volume
    return Volume(
      shape: grid.shape, affine: grid.affine,
      voxels: zip(brainMask.voxels, zip(grid.voxels, mprageVolume.voxels)).map { mask, images in
        mask != 0 && images.0 != 0 && images.1 != 0 ? 1 : 0
      })
  }

  private static func read(_ url: URL, _ role: String) throws -> Source {
    guard FileManager.default.fileExists(atPath: url.path) else {
      throw QualityControlError.badInput("\(url.path): no such file; expected the \(role) image (.nii or .nii.gz)")
    }
    let image = try NIfTIFile.read(url.path)
    try image.requireFinite()
    return Source(role: role, url: url, sha256: try Digest.sha256(file: url), image: image)
  }

  /// An image of one value shows nothing; said before anything else is made of it.
  private static func readImage(_ url: URL, _ role: String) throws -> Source {
    let source = try read(url, role)
    let first = source.image.volume.voxels[0]
    guard source.image.volume.voxels.contains(where: { $0 != first }) else {
      throw QualityControlError.badInput(
        first == 0
          ? "\(url.path): the \(role) image is 0 everywhere; expected an image of a brain"
          : "\(url.path): the \(role) image is constant (every voxel is \(first)); expected an image of a brain")
    }
    return source
  }

  private static func readMask(_ url: URL, _ role: String, grid: Volume<Float>) throws -> Source {
    let source = try read(url, role)
    let comparison = GridComparison(grid, source.image.volume)
    guard comparison.isSame else {
      throw QualityControlError.badInput(
        "\(url.path): the \(role) does not lie on the grid of FLAIR (\(comparison)); resample it onto FLAIR first")
    }
    return source
  }
}
