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
    /// Values of a mask that were named; nil where none had to be.
    package var labels: [Int]?
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
  package private(set) var sources: [Source]
  package private(set) var warnings: [Warning]
  /// The head was not removed from the images.
  package let showsHead: Bool
  /// What lies outside the brain counts as 0.
  private let isCutToBrain: Bool

  /// - Parameters:
  ///   - expectsBrainExtracted: what the model was trained on.
  ///   - reslice: bring what lies on another grid onto the FLAIR grid by header.
  ///   - labels: which values of the masks count.
  /// - Throws: ``Fault`` or an error of `Volumes`, each one line that names the file.
  package init(_ input: PatientInput, expectsBrainExtracted: Bool, reslice: Bool, labels: MaskLabels? = nil) throws {
    let variants = try ImageVariant.warnings(of: input.images)
    let images = try input.images.map { try Self.readImage($0.url, $0.role) }
    let (flair, mprage) = (images[0].source, images.dropFirst().first?.source)
    (self.flair, self.mprage) = (flair, mprage)
    if let mprage, flair.image.volume.voxels == mprage.image.volume.voxels {
      throw Fault(
        .input, mprage.url.path, role: "MPRAGE", found: "holds the same voxels as the FLAIR image",
        remedy: .plain("give FLAIR and MPRAGE of one patient"))
    }
    let target = TargetGrid(flair.image)
    let placement = try mprage.map { try Placement(of: $0, onto: target, reslice: reslice) }
    mprageVolume = mprage.flatMap { placement?.values(of: $0.image.volume, onto: target) }
    var warnings = variants
    if case .resliced(let comparison)? = placement {
      warnings.append(Warning(.mprageResliced, images: ["MPRAGE"], ["difference": .text("\(comparison)")]))
    }

    func mask(_ url: URL?, _ role: MaskRole) throws -> GivenMask? {
      try url.map { try GivenMask($0, role: role, labels: labels?[role], onto: target, reslice: reslice) }
    }
    let (reference, givenBrain) = (try mask(input.reference, .reference), try mask(input.brainMask, .brain))
    let masks = [reference, givenBrain].compactMap { $0 }
    let brain = try BrainChoice(
      flair: flair, mprage: mprage, mprageVolume: mprageVolume, isResliced: placement?.isResliced == true,
      given: givenBrain, expectsBrainExtracted: expectsBrainExtracted)
    (brainMask, isCutToBrain, showsHead) = (brain.mask, brain.isApplied, brain.showsHead)
    self.reference = reference?.volume
    try reference?.requireLesions(brainMillilitres: brain.showsHead ? nil : brain.mask.markedMillilitres)

    if brain.showsHead { warnings.append(Warning(.headShown)) }
    warnings += [placement?.note(on: "MPRAGE")].compactMap { $0 } + brain.warnings + masks.flatMap(\.warnings)
    // Inside a mask nothing of it matters.
    if givenBrain == nil { warnings += images.flatMap { Self.traces($0.source, showsHead: brain.showsHead) } }
    warnings += images.compactMap(\.note)
    let sources = images.map(\.source) + masks.map(\.source)
    self.sources = sources
    self.warnings = warnings + sources.flatMap(\.headerWarnings)
  }

  /// Takes in a further file that was read, with what there is to say of it.
  mutating func add(_ source: Source, _ warnings: [Warning]) {
    sources.append(source)
    self.warnings += warnings + source.headerWarnings
  }

  /// The grid of FLAIR.
  var target: TargetGrid { TargetGrid(flair.image) }

  /// Nil where the head is shown, in which nobody looked for the brain.
  var brainMillilitres: Double? { showsHead ? nil : brainMask.markedMillilitres }

  /// Voxels as they are, with 0 outside the brain where a mask was given or the images do not agree on the brain.
  package func insideBrain(_ volume: Volume<Float>) -> [Float] {
    guard isCutToBrain else { return volume.voxels }
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

  /// An image whose background is 0, and what was done for that. An image of one value shows nothing; said before
  /// anything else is made of it.
  package static func readImage(_ url: URL, _ role: String) throws -> (source: Source, note: Warning?) {
    let source = try Source(url, role: role)
    let volume = source.image.volume
    let first = volume.voxels[0]
    guard volume.voxels.contains(where: { $0 != first }) else {
      throw Fault(
        .input, url.path, role: role, found: first == 0 ? "is 0 everywhere" : "is constant (every voxel is \(first))",
        expected: "an image of a brain")
    }
    guard let background = Background(of: volume, storageStep: source.image.storageStep) else { return (source, nil) }
    let image = source.image.replacing(voxels: background.removed(from: volume.voxels))
    return (
      Source(role: role, url: url, sha256: source.sha256, image: image),
      Warning(.backgroundNotZero, images: [role], ["value": .text(MaskValues.text(background.value))])
    )
  }

  /// What splines left of an image's background. In the air round a head there is noise next to 0 anyway.
  private static func traces(_ source: Source, showsHead: Bool) -> [Warning] {
    let ringing = Ringing(in: source.image.volume)
    func warning(_ code: Warning.Code, _ millilitres: Double, _ fraction: Double) -> Warning {
      Warning(code, images: [source.role], ["millilitres": .number(millilitres), "fraction": .number(fraction)])
    }
    if ringing.isNegative { return [warning(.negativeVoxels, ringing.negativeMillilitres, ringing.negativeFraction)] }
    return ringing.hasRim && !showsHead ? [warning(.nearZeroRim, ringing.rimMillilitres, ringing.rimFraction)] : []
  }
}

extension PatientScan.Source {
  /// - Throws: ``Fault`` without the file, errors of `Volumes` for one that is not as expected.
  package init(_ url: URL, role: String) throws {
    try ContentPointer.requireContent(url, role: role)
    guard FileManager.default.fileExists(atPath: url.path) else {
      throw Fault(.input, url.path, role: role, found: "no such file", expected: "an image (.nii or .nii.gz)")
    }
    image = try NIfTIFile.read(url.path)
    try image.requireFinite()
    self.role = role
    self.url = url
    sha256 = try Digest.sha256(file: url)
  }

  /// What is odd about the header.
  package var headerWarnings: [Warning] {
    image.problems.map {
      Warning($0.severity == .warning ? .header : .headerDoubtful, images: [role], ["fault": .text($0.message)])
    }
  }
}
