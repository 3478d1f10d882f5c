import Digests
package import Foundation
package import Results
package import Volumes

/// The images of one patient, read, checked and brought onto one grid.
package struct PatientScan {
  package struct Source {
    package let role: String
    package let url: URL
    package let sha256: String
    package let image: NIfTIImage
  }

  package let flair: Source
  /// Nil where none was given; a network of FLAIR alone needs none.
  package let mprage: Source?
  /// 1 in every voxel of a reference lesion; nil without a reference segmentation.
  package let reference: Volume<UInt8>?
  /// MPRAGE on the FLAIR grid; nil without one.
  package let mprageVolume: Volume<Float>?
  package let brainMask: Volume<UInt8>
  /// FLAIR, MPRAGE if there is one, then what else was given: reference, brain mask, mask and probability of another
  /// tool.
  package var sources: [Source]
  package let warnings: [Warning]
  /// The head was not removed from the images.
  package let showsHead: Bool

  /// - Parameters:
  ///   - expectsBrainExtracted: what the model was trained on.
  ///   - reslice: bring an MPRAGE on another grid onto the FLAIR grid by header.
  /// - Throws: ``Fault`` or an error of `Volumes`, each one line that names the file.
  package init(_ input: PatientInput, expectsBrainExtracted: Bool, reslice: Bool) throws {
    flair = try Self.readImage(input.flair, "FLAIR")
    mprage = try input.mprage.map { try Self.readImage($0, "MPRAGE") }
    let grid = flair.image.volume
    if let mprage, flair.image.volume.voxels == mprage.image.volume.voxels {
      throw Fault(
        .input, mprage.url.path, role: "MPRAGE", found: "holds the same voxels as the FLAIR image",
        remedy: .plain("give FLAIR and MPRAGE of one patient"))
    }
    var warnings: [Warning] = []
    var sources = [flair] + [mprage].compactMap { $0 }

    if let mprage, case let comparison = GridComparison(grid, mprage.image.volume), !comparison.isSame {
      guard reslice else {
        throw Fault(
          .input, mprage.url.path, role: "MPRAGE", found: "does not lie on the grid of FLAIR (\(comparison))",
          remedy: .reslice)
      }
      mprageVolume = Resampling.trilinear(mprage.image.volume, onto: grid.shape, grid.affine)
      warnings.append(Warning(.mprageResliced, images: ["MPRAGE"], ["difference": .text("\(comparison)")]))
    } else {
      mprageVolume = mprage?.image.volume
    }
    let shown = [(grid, "FLAIR")] + (mprageVolume.map { [($0, "MPRAGE")] } ?? [])

    var reference: Volume<UInt8>?
    if let url = input.reference {
      let source = try Source(onGridOf: grid, url, role: "reference")
      sources.append(source)
      reference = Volume(
        shape: grid.shape, affine: grid.affine, voxels: source.image.volume.voxels.map { $0 != 0 ? 1 : 0 })
    }
    self.reference = reference

    if let url = input.brainMask {
      let source = try Source(onGridOf: grid, url, role: "brain mask")
      sources.append(source)
      let mask: [UInt8] = source.image.volume.voxels.map { $0 != 0 ? 1 : 0 }
      guard mask.contains(1) else {
        throw Fault(.input, url.path, role: "brain mask", found: "is empty", expected: "1 inside the brain")
      }
      for (image, role) in shown where !zip(mask, image.voxels).contains(where: { $0 != 0 && $1 != 0 }) {
        throw Fault(
          .input, url.path, role: "brain mask", found: "the \(role) image is 0 everywhere inside it",
          expected: "a mask of this patient's brain")
      }
      brainMask = Volume(shape: grid.shape, affine: grid.affine, voxels: mask)
      showsHead = false
    } else {
      let heads = sources.filter { ["FLAIR", "MPRAGE"].contains($0.role) }.map {
        ($0, BrainExtraction.detect(in: $0.image.volume))
      }.filter { !$0.1.isBrainExtracted }
      if let (source, evidence) = heads.first, expectsBrainExtracted {
        throw Fault(
          .input, source.url.path, role: source.role, found: "shows \(evidence)",
          expected: "brain-extracted images, as the model does", remedy: .brainMask)
      }
      showsHead = !heads.isEmpty
      brainMask = Volume(
        shape: grid.shape, affine: grid.affine,
        voxels: grid.voxels.indices.map { voxel in shown.contains { $0.0.voxels[voxel] != 0 } ? 1 : 0 })
    }
    if showsHead { warnings.append(Warning(.headShown)) }
    for source in sources {
      warnings += source.image.problems.map { Warning(.header, images: [source.role], ["fault": .text($0.message)]) }
    }
    self.sources = sources
    self.warnings = warnings
  }

  /// Voxels as they are, with 0 outside the brain when a brain mask was given.
  package func insideGivenMask(_ volume: Volume<Float>) -> [Float] {
    guard sources.contains(where: { $0.role == "brain mask" }) else { return volume.voxels }
    return zip(volume.voxels, brainMask.voxels).map { $1 != 0 ? $0 : 0 }
  }

  /// FLAIR, and MPRAGE on its grid if there is one.
  package var images: [Volume<Float>] { [flair.image.volume] + [mprageVolume].compactMap { $0 } }

  /// 1 where every image shows brain.
  package var tissue: Volume<UInt8> {
    let (grid, images) = (flair.image.volume, images)
    return Volume(
      shape: grid.shape, affine: grid.affine,
      voxels: brainMask.voxels.indices.map { voxel in
        brainMask.voxels[voxel] != 0 && images.allSatisfy { $0.voxels[voxel] != 0 } ? 1 : 0
      })
  }

  /// An image of one value shows nothing; said before anything else is made of it.
  private static func readImage(_ url: URL, _ role: String) throws -> Source {
    let source = try Source(url, role: role)
    let first = source.image.volume.voxels[0]
    guard source.image.volume.voxels.contains(where: { $0 != first }) else {
      throw Fault(
        .input, url.path, role: role, found: first == 0 ? "is 0 everywhere" : "is constant (every voxel is \(first))",
        expected: "an image of a brain")
    }
    return source
  }
}

extension PatientScan.Source {
  /// - Throws: ``Fault`` without the file, errors of `Volumes` for one that is not as expected.
  init(_ url: URL, role: String) throws {
    guard FileManager.default.fileExists(atPath: url.path) else {
      throw Fault(.input, url.path, role: role, found: "no such file", expected: "an image (.nii or .nii.gz)")
    }
    image = try NIfTIFile.read(url.path)
    try image.requireFinite()
    self.role = role
    self.url = url
    sha256 = try Digest.sha256(file: url)
  }

  /// A mask or a probability on the grid of the FLAIR.
  init(onGridOf grid: Volume<Float>, _ url: URL, role: String) throws {
    try self.init(url, role: role)
    let comparison = GridComparison(grid, image.volume)
    guard comparison.isSame else {
      throw Fault(
        .input, url.path, role: role, found: "does not lie on the grid of FLAIR (\(comparison))",
        remedy: .plain("resample it onto FLAIR first"))
    }
  }
}
