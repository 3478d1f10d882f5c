import Statistics

/// Whether skull and background of a head image have been set to exactly zero, and the evidence for it.
///
/// The rule, in this order; the first that holds decides:
///
/// 1. Non-zero volume above 2200 ml: whole head. A brain with its CSF has less than 2.2 litres, a head 3 to 5.
/// 2. More than half of the voxels on the faces of the grid are non-zero: whole head. Around an extracted brain the
///    background is zero; a brain that a slab or a crop cuts off touches some faces with part of them.
/// 3. More than 15 % of neighbouring voxels along i change between zero and non-zero: whole head. That is noise in the
///    air of which some happens to be 0; the outline of a brain crosses a line a few times.
/// 4. A connected piece that holds 10 % of the non-zero voxels lies round another that holds 30 %: whole head, scalp
///    round a brain. "Round": its bounding box is larger on at least five of six sides (a neck may leave the image).
/// 5. Otherwise: brain-extracted.
public struct BrainExtraction: Equatable, Sendable {
  public enum Finding: Equatable, Sendable {
    case brainExtracted
    case tooLarge, noBackground, noiseInBackground, scalpAroundBrain
  }

  public static let largestBrainMillilitres = 2200.0
  static let largestBorderShare = 0.5
  static let largestChangeShare = 0.15

  public let finding: Finding
  public let nonZeroMillilitres: Double
  /// Share of voxels on the six faces of the grid that are non-zero.
  public let nonZeroBorderShare: Double
  /// Share of neighbours along i of which exactly one is zero.
  public let changeShare: Double

  public var isBrainExtracted: Bool { finding == .brainExtracted }

  public static func detect(in image: Volume<Float>) -> BrainExtraction {
    let shape = image.shape
    let isTissue = image.voxels.map { $0 != 0 }
    var (nonZero, border, nonZeroBorder, changes) = (0, 0, 0, 0)
    isTissue.withUnsafeBufferPointer { tissue in
      var n = 0
      for k in 0..<shape.nk {
        for j in 0..<shape.nj {
          let isEdgeLine = k == 0 || k == shape.nk - 1 || j == 0 || j == shape.nj - 1
          for i in 0..<shape.ni {
            let value = tissue[n]
            if value { nonZero += 1 }
            if isEdgeLine || i == 0 || i == shape.ni - 1 {
              border += 1
              if value { nonZeroBorder += 1 }
            }
            if i > 0 && value != tissue[n - 1] { changes += 1 }
            n += 1
          }
        }
      }
    }
    let millilitres = Double(nonZero) * image.affine.voxelVolumeMillimetres3 / 1000
    let borderShare = Double(nonZeroBorder) / Double(border)
    let changeShare = Double(changes) / Double(max(1, (shape.ni - 1) * shape.nj * shape.nk))
    let finding: Finding
    if millilitres > largestBrainMillilitres {
      finding = .tooLarge
    } else if borderShare > largestBorderShare {
      finding = .noBackground
    } else if changeShare > largestChangeShare {
      finding = .noiseInBackground
    } else if hasShell(isTissue, shape, nonZero) {
      finding = .scalpAroundBrain
    } else {
      finding = .brainExtracted
    }
    return BrainExtraction(
      finding: finding, nonZeroMillilitres: millilitres, nonZeroBorderShare: borderShare, changeShare: changeShare)
  }

  private static func hasShell(_ isTissue: [Bool], _ shape: GridShape, _ nonZero: Int) -> Bool {
    let pieces = ConnectedComponents(of: isTissue, shape: shape, connectivity: .faces).extents
    let large = pieces.filter { 10 * $0.voxelCount >= nonZero }
    return large.contains { outer in
      large.contains { inner in
        guard 10 * inner.voxelCount >= 3 * nonZero else { return false }
        let (before, after) = (inner.box.lower - outer.box.lower, outer.box.upper - inner.box.upper)
        return [before.i, before.j, before.k, after.i, after.j, after.k].count { $0 > 0 } >= 5
      }
    }
  }
}

extension BrainExtraction: CustomStringConvertible {
  /// The verdict with its evidence, for a report or an error text.
  public var description: String {
    let volume = "\(Int(saturating: nonZeroMillilitres.rounded())) ml are non-zero"
    switch finding {
    case .brainExtracted: return "brain-extracted: \(volume), the background is 0"
    case .tooLarge: return "a whole head: \(volume), a brain has less than \(Int(Self.largestBrainMillilitres)) ml"
    case .noBackground:
      return
        "a whole head: \(Int(saturating: (100 * nonZeroBorderShare).rounded())) % of the voxels on the faces of the "
        + "image are non-zero, around an extracted brain they are 0"
    case .noiseInBackground: return "a whole head: the background is noise, around an extracted brain it is 0"
    case .scalpAroundBrain: return "a whole head: a shell of non-zero voxels lies around the brain"
    }
  }
}
