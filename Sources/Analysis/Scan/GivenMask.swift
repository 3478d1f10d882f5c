package import Foundation
package import Results
import Statistics
package import Volumes

/// A mask that the user gave, read by the one rule (``MaskRule``) and brought onto the grid of FLAIR.
package struct GivenMask {
  /// Of lesions: a brain with more has another disease, or the file is no lesion mask.
  static let mostLesionMillilitres = 500.0
  static let largestLesionFractionOfBrain = 0.5
  /// Of a brain with its CSF; below are brains of newborns.
  static let brainMillilitres = 400...BrainExtraction.largestBrainMillilitres

  package let source: PatientScan.Source
  package let role: MaskRole
  /// 1 inside.
  package let volume: Volume<UInt8>
  package let warnings: [Warning]

  /// - Parameters:
  ///   - labels: the values that were named; nil where the file has to say it by itself.
  ///   - reslice: bring a mask on another grid onto that of FLAIR, by nearest neighbour.
  /// - Throws: ``Fault`` for a file that is no mask, an error of `Volumes` for one that cannot be read.
  package init(_ url: URL, role: MaskRole, labels: [Int]?, onto target: TargetGrid, reslice: Bool) throws {
    var source = try PatientScan.Source(url, role: role.rawValue)
    let placement = try Placement(of: source, onto: target, reslice: reslice)
    let (reading, own) = try Self.read(source, role, labels)
    if case .labels(let taken) = reading { source.labels = taken }
    volume = placement.marks(of: own, onto: target)

    var warnings: [Warning] = []
    if case .soft(let before, let after) = reading {
      let voxel = own.affine.voxelVolumeMillimetres3 / 1000
      warnings.append(
        Warning(
          .softMask, images: [role.rawValue],
          ["beforeMillilitres": .number(Double(before) * voxel), "afterMillilitres": .number(Double(after) * voxel)]))
    }
    if let note = placement.note(on: role.rawValue) { warnings.append(note) }
    if case .resliced(let comparison) = placement {
      let (before, after) = (own.markedMillilitres, volume.markedMillilitres)
      guard before == 0 || after > 0 else {
        throw Fault(
          .input, url.path, role: role.rawValue, found: "marks nothing where FLAIR is (\(comparison))",
          remedy: .plain("is it the mask of this patient?"))
      }
      warnings.append(
        Warning(
          .maskResliced, images: [role.rawValue],
          [
            "difference": .text("\(comparison)"), "beforeMillilitres": .number(before),
            "afterMillilitres": .number(after),
          ]))
    }
    if role == .brain {
      let millilitres = volume.markedMillilitres
      guard millilitres > 0 else {
        throw Fault(.input, url.path, role: role.rawValue, found: "is empty", expected: "1 inside the brain")
      }
      if !Self.brainMillilitres.contains(millilitres) {
        warnings.append(
          Warning(
            .brainMaskVolume, images: [role.rawValue],
            [
              "millilitres": .number(millilitres), "minimumMillilitres": .number(Self.brainMillilitres.lowerBound),
              "maximumMillilitres": .number(Self.brainMillilitres.upperBound),
            ]))
      }
    }
    self.source = source
    self.role = role
    self.warnings = warnings
  }

  /// The mask on its own grid.
  private static func read(_ source: PatientScan.Source, _ role: MaskRole, _ labels: [Int]?) throws(Fault) -> (
    MaskReading, Volume<UInt8>
  ) {
    let volume = source.image.volume
    let values = MaskValues(volume.voxels, storageStep: source.image.storageStep)
    do {
      let (reading, mask) = try MaskRule.read(volume.voxels, values, labels: labels)
      return (reading, Volume(shape: volume.shape, affine: volume.affine, voxels: mask))
    } catch {
      throw Fault(
        .input, source.url.path, role: role.rawValue, found: error.found(values), expected: error.expected,
        remedy: error.isSettledByLabel ? .nameLabel(role) : nil)
    }
  }

  /// - Parameter brainMillilitres: of the patient's brain; nil where it is not known.
  /// - Throws: ``Fault`` for more than lesions can be.
  package func requireLesions(brainMillilitres: Double?) throws(Fault) {
    let millilitres = volume.markedMillilitres
    let most = min(
      Self.mostLesionMillilitres, brainMillilitres.map { $0 * Self.largestLesionFractionOfBrain } ?? .infinity)
    guard millilitres > most else { return }
    let brain = brainMillilitres.map { " of a brain of \(Int(saturating: $0.rounded())) ml" } ?? ""
    throw Fault(
      .input, source.url.path, role: role.rawValue, found: "marks \(Int(saturating: millilitres.rounded())) ml\(brain)",
      expected: "lesions: at most \(Int(Self.mostLesionMillilitres)) ml and half of the brain",
      remedy: .plain("is it a mask of the brain, or inverted?"))
  }
}

extension Volume<UInt8> {
  /// Of the voxels that are not 0.
  package var markedMillilitres: Double { Double(voxels.count { $0 != 0 }) * affine.voxelVolumeMillimetres3 / 1000 }
}
