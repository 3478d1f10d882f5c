import Foundation
import Results
import Statistics
import Volumes

/// Where the brain of a scan is: by the mask that was given, else by the voxels that are not 0.
struct BrainChoice {
  /// Volumes of two brain-extracted images that differ by more than this factor are not those of one brain.
  static let largestExtentRatio = 1.25
  /// Part of the brain that a resampled MPRAGE covers: below the first there is a warning, below the second no result.
  static let warnedCoverage = 0.95
  static let smallestCoverage = 0.5

  /// 1 where brain may be shown.
  let mask: Volume<UInt8>
  /// What lies outside counts as 0 in both images.
  let isApplied: Bool
  /// The head was not removed.
  let showsHead: Bool
  let warnings: [Warning]

  /// - Parameters:
  ///   - mprage: nil where there is none.
  ///   - mprageVolume: on the grid of FLAIR.
  ///   - isResliced: it was brought there by header.
  ///   - given: a mask of the brain.
  ///   - expectsBrainExtracted: what the model was trained on.
  /// - Throws: ``Fault`` for a head where none may be, a mask without anything in it, or images that do not overlap.
  init(
    flair: PatientScan.Source, mprage: PatientScan.Source?, mprageVolume: Volume<Float>?, isResliced: Bool,
    given: GivenMask?, expectsBrainExtracted: Bool
  ) throws(Fault) {
    let choice: Choice
    let pair = mprage.flatMap { source in mprageVolume.map { (source: source, volume: $0) } }
    if let given {
      let showsHead = try Self.leavesHead(
        given, [(flair.role, flair.image.volume)] + (pair.map { [($0.source.role, $0.volume)] } ?? []),
        expectsBrainExtracted: expectsBrainExtracted)
      choice = Choice(mask: given.volume, isApplied: true, showsHead: showsHead, isOfMPRAGE: false, warnings: [])
    } else if let pair {
      choice = try Self.own(flair, pair.source, pair.volume, expectsBrainExtracted: expectsBrainExtracted)
    } else {
      choice = try Self.own(flair, expectsBrainExtracted: expectsBrainExtracted)
    }
    var (mask, isApplied, warnings) = (choice.mask, choice.isApplied, choice.warnings)
    if isResliced, let pair {
      let overlap = try Overlap(
        flair: flair, mprage: pair.source, mprageVolume: pair.volume, choice, isGiven: given != nil)
      if let warning = overlap.warning { warnings.append(warning) }
      if let both = overlap.both { (mask, isApplied) = (both, true) }
    }
    self.mask = mask
    self.isApplied = isApplied
    self.showsHead = choice.showsHead
    self.warnings = warnings
  }

  /// Whether a head is left inside a mask that was given.
  private static func leavesHead(
    _ given: GivenMask, _ images: [(role: String, volume: Volume<Float>)], expectsBrainExtracted: Bool
  ) throws(Fault) -> Bool {
    var showsHead = false
    for (role, volume) in images {
      let inside = zip(given.volume.voxels, volume.voxels).map { $0 != 0 ? $1 : 0 }
      guard inside.contains(where: { $0 != 0 }) else {
        throw Fault(
          .input, given.source.url.path, role: given.role.rawValue,
          found: "the \(role) image is 0 everywhere inside it", expected: "a mask of this patient's brain")
      }
      let evidence = BrainExtraction.detect(in: Volume(shape: volume.shape, affine: volume.affine, voxels: inside))
      guard !evidence.isBrainExtracted else { continue }
      showsHead = true
      if expectsBrainExtracted {
        throw Fault(
          .input, given.source.url.path, role: given.role.rawValue, found: "what it leaves of \(role) is \(evidence)",
          expected: "a mask of the brain alone")
      }
    }
    return showsHead
  }

  /// By a FLAIR that is alone.
  private static func own(_ flair: PatientScan.Source, expectsBrainExtracted: Bool) throws(Fault) -> Choice {
    let (volume, found) = (flair.image.volume, BrainExtraction.detect(in: flair.image.volume))
    guard found.isBrainExtracted || !expectsBrainExtracted else { throw showsHead(flair, found) }
    return Choice(
      mask: nonZero(volume, or: volume), isApplied: false, showsHead: !found.isBrainExtracted, isOfMPRAGE: false,
      warnings: [])
  }

  private static func showsHead(_ source: PatientScan.Source, _ evidence: BrainExtraction) -> Fault {
    Fault(
      .input, source.url.path, role: source.role, found: "shows \(evidence)",
      expected: "brain-extracted images, as the model does", remedy: .brainMask)
  }

  /// By the images themselves.
  private static func own(
    _ flair: PatientScan.Source, _ mprage: PatientScan.Source, _ mprageVolume: Volume<Float>,
    expectsBrainExtracted: Bool
  ) throws(Fault) -> Choice {
    let found = [flair, mprage].map { BrainExtraction.detect(in: $0.image.volume) }
    let volumes = (flair.image.volume, mprageVolume)
    let sizes = found.map(\.nonZeroMillilitres)
    let isFLAIR: Bool
    switch (found[0].isBrainExtracted, found[1].isBrainExtracted) {
    case (false, false):
      guard !expectsBrainExtracted else { throw showsHead(flair, found[0]) }
      return Choice(
        mask: Self.nonZero(volumes.0, or: volumes.1), isApplied: false, showsHead: true, isOfMPRAGE: false, warnings: []
      )
    case (true, true):
      guard sizes.max()! > largestExtentRatio * sizes.min()! else {
        return Choice(
          mask: Self.nonZero(volumes.0, or: volumes.1), isApplied: false, showsHead: false, isOfMPRAGE: false,
          warnings: [])
      }
      // Of two that may be brains the larger still holds skull, eyes or meninges; what is too small is no brain.
      let isFLAIRSmaller = sizes[0] < sizes[1]
      let mayBeBrain = sizes.map(GivenMask.brainMillilitres.contains)
      isFLAIR = mayBeBrain[0] == mayBeBrain[1] ? isFLAIRSmaller : mayBeBrain[0]
    case (true, false): isFLAIR = true
    case (false, true): isFLAIR = false
    }
    let better = isFLAIR ? volumes.0 : volumes.1
    let warning = Warning(
      .brainOfOneImage, images: [flair.role, mprage.role],
      [
        "flairMillilitres": .number(sizes[0]), "mprageMillilitres": .number(sizes[1]),
        "taken": .text(isFLAIR ? flair.role : mprage.role),
      ])
    return Choice(
      mask: Self.nonZero(better, or: better), isApplied: true, showsHead: false, isOfMPRAGE: !found[0].isBrainExtracted,
      warnings: [warning])
  }

  private static func nonZero(_ first: Volume<Float>, or second: Volume<Float>) -> Volume<UInt8> {
    Volume(
      shape: first.shape, affine: first.affine,
      voxels: zip(first.voxels, second.voxels).map { $0 != 0 || $1 != 0 ? 1 : 0 })
  }
}

/// The brain before it is known how far both images cover it.
private struct Choice {
  let mask: Volume<UInt8>
  let isApplied: Bool
  let showsHead: Bool
  /// FLAIR shows a head, so that the brain is that of MPRAGE.
  let isOfMPRAGE: Bool
  let warnings: [Warning]
}

/// How far an MPRAGE that was resampled by header covers the brain.
private struct Overlap {
  let warning: Warning?
  /// Where both images show brain; nil where the head is shown.
  let both: Volume<UInt8>?

  /// - Parameter isGiven: the brain is a mask that was given, not where the images are not 0.
  /// - Throws: ``Fault`` where too little is covered.
  init(
    flair: PatientScan.Source, mprage: PatientScan.Source, mprageVolume: Volume<Float>, _ choice: Choice, isGiven: Bool
  ) throws(Fault) {
    let grid = flair.image.volume
    let isShown = zip(grid.voxels, mprageVolume.voxels).map { $0 != 0 && $1 != 0 }
    let (whole, covered): ([Bool], [Bool])
    if choice.showsHead && !isGiven {
      // Air may be 0 in one image and noise in the other: only the field of view says what is covered.
      let field = mprage.image.volume.map { _ in UInt8(1) }
      let inside = Resampling.nearest(field, onto: grid.shape, grid.affine, outside: 0)
      whole = grid.voxels.map { $0 != 0 }
      covered = zip(whole, inside.voxels).map { $0 && $1 != 0 }
      both = nil
    } else {
      // What MPRAGE should cover is the brain of FLAIR, all of it.
      if choice.isOfMPRAGE {
        whole = choice.mask.voxels.map { $0 != 0 }
      } else {
        whole = zip(choice.mask.voxels, grid.voxels).map { (!isGiven || $0 != 0) && $1 != 0 }
      }
      covered = zip(whole, isShown).map { $0 && $1 }
      let shown = zip(choice.mask.voxels, isShown).map { $0 != 0 && $1 }
      both = Volume(
        shape: grid.shape, affine: grid.affine, voxels: Holes.filled(shown, shape: grid.shape).map { $0 ? 1 : 0 })
    }
    let coverage = Double(covered.count { $0 }) / Double(max(1, whole.count { $0 }))
    let distance = Self.centresMillimetres(grid, mprage.image.volume)
    guard coverage >= BrainChoice.smallestCoverage else {
      throw Fault(
        .input, mprage.url.path, role: mprage.role,
        found:
          "covers \(Int(saturating: (100 * coverage).rounded(.down))) % of the FLAIR brain once it is resampled by "
          + "header; the headers put the centres of the two images \(Int(saturating: distance.rounded())) mm apart",
        expected: "\(Int(saturating: 100 * BrainChoice.smallestCoverage)) % or more",
        remedy: .plain("register MPRAGE to FLAIR, or repair the header that is wrong"))
    }
    warning =
      coverage < BrainChoice.warnedCoverage
      ? Warning(
        .mpragePartlyCovers, images: [mprage.role],
        ["coverage": .number(coverage), "centresMillimetres": .number(distance)]) : nil
  }

  /// Distance of the centres of two grids in the patient.
  private static func centresMillimetres(_ a: Volume<Float>, _ b: Volume<Float>) -> Double {
    func centre(_ volume: Volume<Float>) -> WorldPoint {
      let shape = volume.shape
      return volume.affine.world(Double(shape.ni - 1) / 2, Double(shape.nj - 1) / 2, Double(shape.nk - 1) / 2)
    }
    let (p, q) = (centre(a), centre(b))
    return ((p.x - q.x) * (p.x - q.x) + (p.y - q.y) * (p.y - q.y) + (p.z - q.z) * (p.z - q.z)).squareRoot()
  }
}
