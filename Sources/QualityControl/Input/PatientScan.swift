import AuditTrail
import Foundation
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
    flair = try Self.read(input.flair, "FLAIR")
    mprage = try Self.read(input.mprage, "MPRAGE")
    let grid = flair.image.volume
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
      brainMask = Volume(shape: grid.shape, affine: grid.affine, voxels: mask)
      showsHead = false
    } else {
      let detection = BrainExtraction.detect(flair: grid)
      if !detection.isBrainExtracted, expectsBrainExtracted {
        throw QualityControlError.badInput(
          "\(input.flair.path): shows a whole head (\(detection)), but the model expects brain-extracted images; "
            + "remove skull and background (set them to 0) or give --brain-mask")
      }
      showsHead = !detection.isBrainExtracted
      brainMask = Volume(
        shape: grid.shape, affine: grid.affine, voxels: zip(grid.voxels, mprageVolume.voxels).map { $0 != 0 || $1 != 0 ? 1 : 0 })
    }
    if showsHead { warnings.append("The images show the head; do not share this report without a brain mask.") }
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

  private static func read(_ url: URL, _ role: String) throws -> Source {
    guard FileManager.default.fileExists(atPath: url.path) else {
      throw QualityControlError.badInput("\(url.path): no such file; expected the \(role) image (.nii or .nii.gz)")
    }
    let image = try NIfTIFile.read(url.path)
    try image.requireFinite()
    return Source(role: role, url: url, sha256: try Digest.sha256(file: url), image: image)
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
