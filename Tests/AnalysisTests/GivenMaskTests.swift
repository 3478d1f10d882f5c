import Foundation
import Results
import Testing

@testable import Analysis
@testable import Volumes

/// Masks as files: their values, their place and their size.
@Suite struct GivenMaskTests {
  private typealias Head = HeadSpecimen

  private func fault(_ body: () throws -> PatientScan) -> Fault? {
    do {
      _ = try body()
      return nil
    } catch {
      #expect(!"\(error)".contains("\n"))
      return error as? Fault
    }
  }

  private static func count(_ mask: Volume<UInt8>?) -> Int { mask?.voxels.reduce(0) { $0 + Int($1) } ?? -1 }

  /// Like SAMSEG: white matter 2, cortex 3, lesion 99.
  private static let labelled = Head.volume { r, _ in r < 12 ? 99 : r < 45 ? 2 : r < 62 ? 3 : 0 }
  private static let lesion = Head.ball(12)
  private static let lesionVoxels = lesion.voxels.count { $0 != 0 }

  @Test func aLabelImageIsRefusedUntilItsLabelIsNamed() throws {
    let head = try Head()
    let refused = try #require(fault { try head.scan(reference: Self.labelled) })
    #expect(refused.remedy == .nameLabel(.reference) && refused.role == "reference")
    #expect(refused.found.hasPrefix("is a label image: 0 (") && refused.found.hasSuffix("99 (\(Self.lesionVoxels))"))
    let scan = try head.scan(reference: Self.labelled, labels: MaskLabels(reference: [99]))
    #expect(Self.count(scan.reference) == Self.lesionVoxels && scan.warnings.isEmpty)
    #expect(scan.sources.map(\.labels) == [nil, nil, [99]])
    let absent = try #require(
      fault { try head.scan(reference: Self.labelled, labels: MaskLabels(reference: [7, 99])) })
    #expect(absent.found.hasPrefix("has no voxel of label 7: 0 (") && absent.found.contains(", 2 ("))
    // A label of another mask says nothing about this one.
    #expect(fault { try head.scan(reference: Self.labelled, labels: MaskLabels(lesions: [99])) } != nil)
  }

  @Test func theBrainOfALabelImage() throws {
    let head = try Head()
    #expect(fault { try head.scan(brain: Self.labelled) }?.remedy == .nameLabel(.brain))
    let scan = try head.scan(brain: Self.labelled, labels: MaskLabels(brain: [2, 3, 99]))
    #expect(Self.count(scan.brainMask) == Head.ball(62).voxels.count { $0 != 0 })
    #expect(scan.warnings.isEmpty)
  }

  @Test func aSoftMaskIsCutWithItsVolumes() throws {
    let head = try Head()
    // From 1 at 12 mm to 0 at 24 mm; a half at 18 mm.
    let soft = Head.volume { r, _ in Float(min(max((24 - r) / 12, 0), 1)) }
    let scan = try head.scan(reference: soft)
    let expected = Head.volume { r, _ in r <= 18 ? 1 : 0 }.voxels.count { $0 != 0 }
    #expect(Self.count(scan.reference) == expected)
    let warning = try #require(scan.warnings.first)
    let before = Double(soft.voxels.count { $0 != 0 }) * Head.voxelMillilitres
    #expect(scan.warnings.count == 1 && warning.code == .softMask && warning.images == ["reference"])
    #expect(warning.values["beforeMillilitres"] == .number(before))
    #expect(warning.values["afterMillilitres"] == .number(Double(expected) * Head.voxelMillilitres))
  }

  @Test func aDistanceMapIsNoBrainMask() throws {
    let head = try Head()
    let refused = fault { try head.scan(brain: Head.volume { r, _ in Float(62 - r) }) }
    #expect(refused?.found.hasPrefix("is a distance map") == true && refused?.remedy == nil)
  }

  @Test func moreThanLesionsCanBeIsRefused() throws {
    let head = try Head()
    // 51 mm: 555 ml; 50 mm: 523 ml, more than half of 998 ml, too; 45 mm: 382 ml.
    for radius in [51.0, 50] {
      let refused = try #require(fault { try head.scan(reference: Head.ball(radius)) })
      #expect(refused.found.hasPrefix("marks ") && refused.found.contains("of a brain of"))
    }
    #expect(fault { try head.scan(reference: Head.ball(45)) } == nil)
    // A brain of 47 mm has 435 ml: more than half of it is 40 mm, 268 ml.
    let small = (try head.write(Head.flair(radius: 47), "f47"), try head.write(Head.mprage(radius: 47), "m47"))
    #expect(fault { try head.scan(flair: small.0, mprage: small.1, reference: Head.ball(40)) } != nil)
    #expect(fault { try head.scan(flair: small.0, mprage: small.1, reference: Head.ball(36)) } == nil)
    // Inverted: everything but the lesion.
    #expect(fault { try head.scan(reference: Head.volume { r, _ in r < 12 ? 0 : 1 }) } != nil)
    #expect(fault { try head.scan(reference: Head.volume { _, _ in 1 }) }?.found == "marks every voxel of the image")
  }

  @Test func aBrainMaskOfAnotherSizeIsWarnedAbout() throws {
    let head = try Head()
    func codes(_ radius: Double, _ scan: PatientScan? = nil) throws -> [Warning.Code] {
      try head.scan(brain: Head.ball(radius)).warnings.map(\.code)
    }
    // 45 mm: 382 ml; 47 mm: 435 ml; 80 mm: 2145 ml; 82 mm: 2310 ml, of which the images fill 998.
    #expect(try codes(45) == [.brainMaskVolume])
    #expect(try codes(47) == [])
    #expect(try codes(80) == [])
    #expect(try codes(82) == [.brainMaskVolume])
    #expect(fault { try head.scan(brain: Head.ball(0)) }?.found == "is empty")
    #expect(fault { try head.scan(brain: Head.volume { _, _ in 1 }) }?.found == "marks every voxel of the image")
    #expect(
      fault { try head.scan(brain: Head.volume { r, _ in r > 70 && r < 80 ? 1 : 0 }) }?.found
        == "the FLAIR image is 0 everywhere inside it")
  }

  @Test func whatABrainMaskLeavesIsCheckedLikeABrain() throws {
    let head = try Head()
    // Brain, gap, scalp; the second mask lets the scalp through.
    func whole(_ brain: Float) -> Volume<Float> {
      Head.volume { r, n in r < 56 ? brain + Float(n % 7) : r > 70 && r < 79 ? brain / 2 : 0 }
    }
    let (flair, mprage) = (try head.write(whole(100), "f"), try head.write(whole(200), "m"))
    #expect(fault { try head.scan(flair: flair, mprage: mprage) }?.remedy == .brainMask)
    let good = try head.scan(flair: flair, mprage: mprage, brain: Head.ball(60))
    #expect(!good.showsHead && good.warnings.isEmpty)
    let refused = try #require(fault { try head.scan(flair: flair, mprage: mprage, brain: Head.ball(80)) })
    #expect(refused.role == "brain mask" && refused.found.hasPrefix("what it leaves of FLAIR is a whole head"))
    let shown = try head.scan(flair: flair, mprage: mprage, brain: Head.ball(80), expectsBrainExtracted: false)
    #expect(shown.showsHead && shown.warnings.map(\.code) == [.headShown])
  }

  // MARK: - Its place

  /// FLAIR whose qform lies 3 mm beside its sform.
  private static func aside(_ header: inout NIfTIHeader) { header.set(.qoffsetX, to: -91) }

  @Test func theGridOfTheQformIsTakenByIndex() throws {
    let head = try Head()
    let flair = try head.write(Head.flair(), "flair", Self.aside)
    // ITK follows the qform and writes it into both forms.
    let scan = try head.scan(flair: flair, reference: Self.lesion.moved(by: 3))
    #expect(scan.reference?.voxels == Self.lesion.voxels.map { UInt8($0) })
    let note = try #require(scan.warnings.first { $0.code == .takenByVoxelIndex })
    #expect(note.images == ["reference"] && note.sentence.contains("up to 3 mm apart"))
    #expect(!scan.warnings.contains { $0.code == .maskResliced })
    // Of both images, with reslicing too.
    let mprage = try head.write(Head.mprage().moved(by: 3), "m3")
    let both = try head.scan(flair: flair, mprage: mprage, reslice: true)
    #expect(both.mprageVolume!.voxels == Head.mprage().voxels && !both.warnings.contains { $0.code == .mprageResliced })
    // Any other grid is refused, and a header without a qform has none.
    #expect(fault { try head.scan(flair: flair, reference: Self.lesion.moved(by: 2)) }?.remedy == .reslice)
    let without = try head.write(Head.flair(), "none") {
      Self.aside(&$0)
      $0.set(.qformCode, to: 0)
    }
    #expect(fault { try head.scan(flair: without, reference: Self.lesion.moved(by: 3)) }?.remedy == .reslice)
  }

  @Test func masksAreReslicedByNearestNeighbour() throws {
    let head = try Head()
    // 8 mm to the right is two voxels along the first axis.
    let scan = try head.scan(reference: Self.lesion.moved(by: 8), reslice: true)
    var expected = [UInt8](repeating: 0, count: Head.shape.voxelCount)
    for (n, value) in Self.lesion.voxels.enumerated() where value != 0 {
      let v = Head.shape.voxel(at: n)
      expected[Head.shape.linearIndex(v + VoxelIndex(2, 0, 0))] = 1
    }
    #expect(scan.reference?.voxels == expected)
    let warning = try #require(scan.warnings.first)
    let volume = Warning.Value.number(Double(Self.lesionVoxels) * Head.voxelMillilitres)
    #expect(warning.code == .maskResliced && scan.warnings.count == 1)
    #expect(warning.values["beforeMillilitres"] == volume && warning.values["afterMillilitres"] == volume)
    // A label image by its label, half as fine: every voxel is eight.
    let coarse = Volume<Float>(
      shape: GridShape(24, 24, 24), affine: .scaling(8, 8, 8, originMillimetres: (-92, -92, -92)),
      voxels: (0..<13_824).map { $0 == 12 + 24 * (12 + 24 * 12) ? 99 : $0 < 100 ? 2 : 0 })
    let labelled = try head.scan(reference: coarse, labels: MaskLabels(reference: [99]), reslice: true)
    #expect(Self.count(labelled.reference) == 8 && labelled.reference?[VoxelIndex(24, 25, 24)] == 1)
    // Nothing of it is where FLAIR is.
    let refused = try #require(fault { try head.scan(reference: Self.lesion.moved(by: 500), reslice: true) })
    #expect(refused.found.hasPrefix("marks nothing where FLAIR is"))
    #expect(fault { try head.scan(reference: Self.lesion.moved(by: 8)) }?.remedy == .reslice)
  }

  // MARK: - Files that are no mask at all

  @Test func everythingElseIsOneLine() throws {
    let head = try Head()
    func refusal(_ volume: Volume<Float>, _ edit: (inout NIfTIHeader) -> Void = { _ in }) throws -> String {
      let url = try head.write(volume, "mask", edit)
      do {
        _ = try GivenMask(
          url, role: .lesions, labels: nil, onto: TargetGrid(shape: Head.shape, affine: Head.affine, qform: nil),
          reslice: false)
        return ""
      } catch { return "\(error)" }
    }
    var damaged = Self.lesion
    damaged.voxels[0] = .nan
    #expect(try refusal(damaged).contains("1 of 110592 voxels are NaN or infinite"))
    damaged.voxels[0] = -.infinity
    #expect(try refusal(damaged).contains("NaN or infinite"))
    #expect(try refusal(Self.lesion) { $0.set(.datatype, to: 128) }.contains("rgb24"))
    #expect(try refusal(Self.lesion) { $0.set(.datatype, to: 32) }.contains("complex64"))
    #expect(
      try refusal(Self.lesion) {
        $0.set(.dim, 0, to: 4)
        $0.set(.dim, 3, to: 24)
        $0.set(.dim, 4, to: 2)
      }.contains("several volumes"))
    #expect(
      try refusal(Self.lesion) {
        $0.set(.dim, 0, to: 4)
        $0.set(.dim, 4, to: 1)
      } == "")
    // 255 by a slope: stored 1.
    #expect(try refusal(Self.lesion) { $0.set(.sclSlope, to: 255) } == "")
    #expect(try refusal(Self.lesion) { $0.set(.sclSlope, to: 3) }.contains("has the one label 3"))
  }
}
