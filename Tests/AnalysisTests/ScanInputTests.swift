import Foundation
import Results
import SharedPatients
import Testing

@testable import Analysis
@testable import Volumes

/// Which of two images shows the brain, and whether they show the same.
@Suite struct ScanInputTests {
  private typealias Head = HeadSpecimen

  private func fault(_ body: () throws -> PatientScan) -> Fault? {
    do {
      _ = try body()
      return nil
    } catch { return error as? Fault }
  }

  private static func head(_ brain: Float) -> Volume<Float> {
    Head.volume { r, n in r < 56 ? brain + Float(n % 7) : r > 70 && r < 79 ? brain / 2 : 0 }
  }

  @Test func aSoundPairIsTakenAsItIs() throws {
    let scan = try Head().scan()
    #expect(scan.warnings.isEmpty && !scan.showsHead)
    #expect(scan.insideBrain(scan.mprageVolume!) == scan.mprageVolume!.voxels)
  }

  // MARK: - After resampling by header

  /// Balls of 62 mm whose centres are d apart overlap by 1 - 3d/4R + d³/16R³.
  @Test func coverageDecides() throws {
    let head = try Head()
    func scan(_ shift: Double) throws -> PatientScan {
      try head.scan(mprage: head.write(Head.mprage().moved(by: shift), "m"), reslice: true)
    }
    // 2.4 mm: 97 %.
    #expect(try scan(2.4).warnings.map(\.code) == [.mprageResliced])
    // 8 mm: 90.3 %.
    let warned = try scan(8)
    #expect(warned.warnings.map(\.code) == [.mprageResliced, .mpragePartlyCovers])
    guard case .number(let coverage)? = warned.warnings[1].values["coverage"] else {
      Issue.record("no coverage")
      return
    }
    #expect(abs(coverage - 0.903) < 0.01)
    #expect(warned.warnings[1].values["centresMillimetres"] == .number(8))
    // The brain is where both are, and nothing else is seen.
    let flair = Head.flair()
    for n in flair.voxels.indices {
      let isBoth = flair.voxels[n] != 0 && warned.mprageVolume!.voxels[n] != 0
      #expect((warned.brainMask.voxels[n] != 0) == isBoth)
    }
    let seen = warned.insideBrain(flair)
    #expect(zip(seen, warned.brainMask.voxels).allSatisfy { ($0 != 0) == ($1 != 0) })
    // 60 mm: 33 %.
    let refused = try #require(fault { try scan(60) })
    #expect(refused.role == "MPRAGE" && refused.found.hasPrefix("covers 33 % of the FLAIR brain"))
    #expect(refused.found.hasSuffix("60 mm apart"))
  }

  @Test func aSlabIsRefusedAndAGivenMaskCounts() throws {
    let head = try Head()
    let lower = GridBox(lower: VoxelIndex(0, 0, 0), upper: VoxelIndex(48, 48, 20))
    let slab = try head.write(Head.mprage().cropped(to: lower), "slab")
    #expect(fault { try head.scan(mprage: slab, reslice: true) }?.found.contains("of the FLAIR brain") == true)
    // The mask names a brain that the slab covers.
    let mask = Head.volume { r, n in r < 62 && Head.shape.voxel(at: n).k < 19 ? 1 : 0 }
    let scan = try head.scan(mprage: slab, brain: mask, reslice: true)
    #expect(!scan.warnings.contains { $0.code == .mpragePartlyCovers })
  }

  @Test func aHeadIsCoveredByTheFieldOfView() throws {
    let head = try Head()
    let flair = try head.write(Self.head(100), "f")
    func scan(_ shift: Double) throws -> PatientScan {
      try head.scan(
        flair: flair, mprage: head.write(Self.head(200).moved(by: shift), "m"), expectsBrainExtracted: false,
        reslice: true)
    }
    // The air around the head is 0; the field of view reaches 17 mm beyond it.
    #expect(try scan(8).warnings.map(\.code) == [.mprageResliced, .headShown])
    #expect(try scan(50).warnings.map(\.code) == [.mprageResliced, .headShown, .mpragePartlyCovers])
    #expect(fault { try scan(120) } != nil)
  }

  /// nnU-Net's predictor resamples by pixdim, this program by the affine.
  @Test(arguments: [(0.5, false), (0.9, false), (1.1, true), (25, true), (-3, true)]) func voxelSizesThatDisagree(
    percent: Double, isRefused: Bool
  ) throws {
    let head = try Head()
    func change(_ header: inout NIfTIHeader) { header.set(.pixdim, 2, to: 4 * (1 + percent / 100)) }
    for role in ["FLAIR", "MPRAGE"] {
      let scan =
        role == "FLAIR"
        ? try head.scan(flair: head.write(Head.flair(), "flair", change))
        : try head.scan(mprage: head.write(Head.mprage(), "mprage", change))
      guard isRefused else {
        #expect(throws: Never.self) { try scan.requireOneVoxelSize() }
        continue
      }
      let found = fault {
        try scan.requireOneVoxelSize()
        return scan
      }
      #expect(found?.role == role && found?.subject == .input)
      let line = "\(try #require(found))"
      for part in ["4 x \(millimetreText(4 * (1 + percent / 100))) x 4", "4 x 4 x 4 mm", "pixdim", "1 %"] {
        #expect(line.contains(part), "\(line)")
      }
      #expect(!line.contains("\n"))
    }
  }

  // MARK: - One brain for both

  @Test func theExtractedImageServesBoth() throws {
    let head = try Head()
    for isFLAIR in [true, false] {
      let flair = try head.write(isFLAIR ? Self.head(100) : Head.flair(radius: 56), "f")
      let mprage = try head.write(isFLAIR ? Head.mprage(radius: 56) : Self.head(200), "m")
      let scan = try head.scan(flair: flair, mprage: mprage)
      #expect(!scan.showsHead && scan.warnings.map(\.code) == [.brainOfOneImage])
      #expect(scan.warnings[0].values["taken"] == .text(isFLAIR ? "MPRAGE" : "FLAIR"))
      #expect(scan.brainMask.voxels == Head.ball(56).voxels.map { UInt8($0) })
      let seen = scan.insideBrain(isFLAIR ? scan.flair.image.volume : scan.mprageVolume!)
      #expect(zip(seen, scan.brainMask.voxels).allSatisfy { $1 != 0 || $0 == 0 })
    }
  }

  @Test func extentsThatDifferMuchAreNotThoseOfOneBrain() throws {
    let head = try Head()
    // 62 and 58 mm: 998 and 817 ml, a ratio of 1.22; 62 and 56 mm: 1.36.
    let alike = try head.scan(mprage: head.write(Head.mprage(radius: 58), "m58"))
    #expect(alike.warnings.isEmpty && alike.brainMask.voxels == Head.ball(62).voxels.map { UInt8($0) })
    let apart = try head.scan(mprage: head.write(Head.mprage(radius: 56), "m56"))
    #expect(apart.warnings.map(\.code) == [.brainOfOneImage])
    #expect(apart.brainMask.voxels == Head.ball(56).voxels.map { UInt8($0) })
    // 24 mm: 58 ml are no brain, whatever the other shows.
    let remnant = try head.scan(mprage: head.write(Head.mprage(radius: 24), "m24"))
    #expect(remnant.warnings.map(\.code) == [.brainOfOneImage])
    #expect(remnant.brainMask.voxels == Head.ball(62).voxels.map { UInt8($0) })
    // 2611 and 2038 ml: 85.4 and 78.7 mm.
    let real = try head.scan(
      flair: head.write(Head.flair(radius: 85.4), "f85"), mprage: head.write(Head.mprage(radius: 78.7), "m78"))
    let sentence = try #require(real.warnings.first).sentence
    #expect(sentence.hasPrefix("FLAIR shows 26") && sentence.contains("MPRAGE 20") && !real.showsHead)
  }

  // MARK: - Background

  @Test func aBackgroundThatIsRoundedIsZero() throws {
    let head = try Head()
    let flair = try head.writeScaled(Head.flair(), "scaled", slope: 0.0153, intercept: 501.2)
    #expect(try NIfTIFile.read(flair.path).volume.voxels[0] != 0)
    let scan = try head.scan(flair: flair)
    #expect(scan.warnings.map(\.code) == [.backgroundNotZero] && !scan.showsHead)
    #expect(scan.flair.image.volume.voxels.map { $0 != 0 } == Head.flair().voxels.map { $0 != 0 })
    // A mask stored so is the mask.
    let mask = try head.writeScaled(Head.ball(12), "mask", slope: 0.0153, intercept: 501.2)
    let given = try GivenMask(mask, role: .lesions, labels: nil, onto: scan.target, reslice: false)
    #expect(given.volume.voxels == Head.ball(12).voxels.map { UInt8($0) } && given.warnings.isEmpty)
  }

  @Test func tracesOfSplinesAreWarnedAboutOnceAndNotInsideAMask() throws {
    let head = try Head()
    // Layers of 4 mm around the brain: -12, then 0.8.
    let negative = Head.volume { r, n in r < 62 ? 100 + Float(n % 7) : r < 66 ? -12 : r < 70 ? 0.8 : 0 }
    let clipped = negative.map { max($0, 0) }
    // 62 to 66 mm: 206 ml.
    let (with, without) = (try head.write(negative, "n"), try head.write(clipped, "c"))
    let found = try head.scan(flair: with)
    // The layers make the FLAIR look 1.4 times as large as the MPRAGE.
    #expect(found.warnings.map(\.code) == [.brainOfOneImage, .negativeVoxels])
    let warning = try #require(found.warnings.last)
    guard case .number(let millilitres)? = warning.values["millilitres"] else {
      Issue.record("no volume")
      return
    }
    #expect(abs(millilitres - 206) < 15)
    #expect(try head.scan(flair: without).warnings.map(\.code).contains(.nearZeroRim))
    for flair in [with, without] { #expect(try head.scan(flair: flair, brain: Head.ball(62)).warnings.isEmpty) }
  }

  @Test func aFewNegativeVoxelsAreNoTrace() throws {
    let head = try Head()
    // One of 200 voxels of the brain.
    let few = Head.volume { r, n in r < 62 ? n % 200 == 0 ? -5 : 100 + Float(n % 7) : 0 }
    #expect(try head.scan(flair: head.write(few, "few")).warnings.isEmpty)
    let many = Head.volume { r, n in r < 62 ? n % 50 == 0 ? -5 : 100 + Float(n % 7) : 0 }
    #expect(try head.scan(flair: head.write(many, "many")).warnings.map(\.code) == [.negativeVoxels])
  }

  // MARK: - Probabilities

  @Test func probabilitiesAreClampedWithinRounding() throws {
    let head = try Head()
    let target = TargetGrid(shape: Head.shape, affine: Head.affine, qform: nil)
    func given(_ volume: Volume<Float>, reslice: Bool = false) throws -> GivenProbability {
      try GivenProbability(head.write(volume, "p"), onto: target, reslice: reslice)
    }
    let rounded = Head.volume { r, n in r < 10 ? 1.00005 : n == 0 ? -0.00009 : 0.25 }
    #expect(try given(rounded).volume.voxels == Head.volume { r, n in r < 10 ? 1 : n == 0 ? 0 : 0.25 }.voxels)
    for (volume, words) in [
      (Head.volume { r, n in n == 5 ? 1.0002 : 0.5 }, "1 of 110592 outside 0 to 1"),
      (Head.volume { r, n in n == 5 ? -12.5 : 7.25 }, "values from -12.5 to 7.25"),
      (Head.volume { r, n in n == 5 ? 97.5 : 0 }, "not per cent"),
    ] {
      #expect { try given(volume) } throws: {
        "\($0)".contains(words) && "\($0)".contains("/p.nii: probability: holds values") && "\($0)".contains("softmax")
      }
    }
    let moved = try given(Head.ball(10).moved(by: 8), reslice: true)
    #expect(moved.warnings.map(\.code) == [.probabilityResliced])
    #expect(moved.volume[VoxelIndex(26, 24, 24)] == 1 && moved.volume[VoxelIndex(20, 24, 24)] == 0)
  }
}

/// The public patients beside the checkout raise no warning of spline traces.
@Suite(.enabled(if: RealScans.arePresent)) struct RealScanInputTests {
  @Test(arguments: ["sub-07", "sub-19", "sub-26"]) func nothingIsOdd(subject: String) throws {
    let anat = RealScans.folder.appendingPathComponent("\(subject)/anat/\(subject)")
    for role in ["FLAIR", "T1w"] {
      let image = try NIfTIFile.read(anat.path + "_\(role).nii.gz")
      let ringing = Ringing(in: image.volume)
      #expect(!ringing.isNegative && !ringing.hasRim, "\(subject) \(role): \(ringing)")
      #expect(Background(of: image.volume, storageStep: image.storageStep) == nil)
    }
  }
}

enum RealScans {
  static let folder = checkout.appendingPathComponent("../shared/data/ljubljana-ms").standardizedFileURL
  static let arePresent = FileManager.default.fileExists(atPath: folder.path)
}
