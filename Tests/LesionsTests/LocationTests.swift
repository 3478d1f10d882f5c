import Foundation
import Lesions
import Testing
import Volumes

@testable import Phantoms

/// Places against phantoms, whose lesions were planted at a known place.
@Suite struct LocationTests {
  private static let cohort = (0..<6).map { LocationSpecimen(seed: 11, index: $0) }

  /// What is clear from the drawn anatomy has to come out: contact is judged at 2.5 mm between voxel centres, and a
  /// wall lies anywhere in its voxel, so that a gap up to 1 mm is contact and one from 4 mm on is none. Horns narrower
  /// than three voxels are not found: of the contacts with a ventricle that costs a share, of nothing else.
  @Test func whatTheAnatomySettlesIsFound() throws {
    var counts: [String: (right: Int, all: Int)] = [:]
    func count(_ name: String, _ isRight: Bool) {
      let (right, all) = counts[name] ?? (0, 0)
      counts[name] = (right + (isRight ? 1 : 0), all + 1)
    }
    var table: [PhantomFinding.Place: [LesionLocation: Int]] = [:]
    var drawn: [LesionLocation: [LesionLocation: Int]] = [:]
    var confluent = 0
    for specimen in Self.cohort {
      let places = try specimen.places()
      #expect(places.notAssessed == nil)
      for lesion in specimen.lesions {
        let found = places.location(of: lesion.voxels)
        drawn[lesion.drawn, default: [:]][found, default: 0] += 1
        if lesion.planted.count == 1 { table[lesion.planted.first!, default: [:]][found, default: 0] += 1 }
        if lesion.planted.count > 1 { confluent += 1 }
        if lesion.isInfratentorial {
          count("infratentorial, or left open", found == .infratentorial || found == .notAssessed)
        } else {
          count("not infratentorial", found != .infratentorial)
          if lesion.drawn == .periventricular { count("touches a ventricle", found == .periventricular) }
          if lesion.toVentricle >= 4 { count("far from a ventricle", found != .periventricular) }
          if lesion.toVentricle >= 4, lesion.toCortex <= 1.5 { count("touches the cortex", found == .juxtacortical) }
          if lesion.toCortex >= 4 { count("far from the cortex", found != .juxtacortical) }
        }
      }
    }
    if ProcessInfo.processInfo.environment["LESIONQC_TABLES"] != nil {
      print("confluent of several places, left out: \(confluent)")
      for (place, row) in table.sorted(by: { $0.key.rawValue < $1.key.rawValue }) {
        print(place, LesionLocation.allCases.map { "\($0) \(row[$0] ?? 0)" }.joined(separator: ", "))
      }
      for (place, row) in drawn.sorted(by: { $0.key.rawValue < $1.key.rawValue }) {
        print("drawn", place, LesionLocation.allCases.map { "\($0) \(row[$0] ?? 0)" }.joined(separator: ", "))
      }
      for (name, count) in counts.sorted(by: { $0.key < $1.key }) { print(name, count) }
    }
    #expect(counts.count == 6)
    for (name, count) in counts {
      let least = name == "touches a ventricle" ? 0.8 : 0.9
      #expect(count.all >= 10 && Double(count.right) >= least * Double(count.all), "\(name): \(count)")
    }
  }

  @Test func storedAxesDoNotMatter() throws {
    let specimen = Self.cohort[0]
    let expected = try specimen.places()
    #expect(Set(specimen.lesions.map { expected.location(of: $0.voxels) }).count >= 3)
    for code in ["LPS", "PSR", "ILA"] {
      let turn = Reorientation(from: specimen.patient.flair.orientation, to: try #require(Orientation(code: code)))
      let flair = turn.applied(to: specimen.patient.flair)
      func turned(_ voxels: [Int]) -> [Int] {
        let shape = specimen.patient.flair.shape
        return voxels.map { flair.shape.linearIndex(turn.applied(to: shape.voxel(at: $0), of: shape)) }
      }
      let places = try BrainLocations(
        flair: flair, mprage: turn.applied(to: specimen.patient.mprage), brainMask: flair.map { $0 != 0 ? 1 : 0 },
        findings: specimen.components.kept.map(turned), showsHead: false)
      #expect(places.ventriclesMillilitres == expected.ventriclesMillilitres)
      #expect(places.ventricleVoxels == turned(expected.ventricleVoxels).sorted())
      for lesion in specimen.lesions {
        #expect(places.location(of: turned(lesion.voxels)) == expected.location(of: lesion.voxels))
      }
    }
  }

  /// Of slices of 2 mm the same patient gives the same answer where the anatomy is clear.
  @Test func slicesOfTwoMillimetres() throws {
    let specimen = LocationSpecimen(seed: 11, index: 1, spacing: (1, 1, 2))
    let places = try specimen.places()
    #expect(places.notAssessed == nil)
    for lesion in specimen.lesions where !lesion.isInfratentorial {
      let found = places.location(of: lesion.voxels)
      #expect(found != .infratentorial)
      if lesion.toVentricle <= 0.5, lesion.planted == [.periventricular] { #expect(found == .periventricular) }
      if lesion.toVentricle >= 5 { #expect(found != .periventricular) }
    }
  }

  @Test func theVentriclesAreThoseThatWereDrawn() throws {
    for specimen in Self.cohort {
      let found = Set(try specimen.places().ventricleVoxels)
      let anatomy = specimen.anatomy
      // Lateral ventricles: off the midline, above the temporal horns.
      let drawn = anatomy.mask.indices.filter {
        anatomy.ventricle[$0] < -0.5 && abs(anatomy.template[$0].x) > 3 && anatomy.template[$0].z > 0
          && anatomy.white[$0] + anatomy.grey[$0] < 0.15
      }
      #expect(Double(drawn.count { found.contains($0) }) >= 0.7 * Double(drawn.count))
      let outside = found.count { anatomy.ventricle[$0] > 1 }
      #expect(Double(outside) <= 0.1 * Double(found.count), "\(outside) of \(found.count)")
    }
  }

  @Test func conditionsOfTrust() throws {
    let specimen = Self.cohort[2]
    let (flair, mprage) = (specimen.patient.flair, specimen.patient.mprage)
    let mask = flair.map { UInt8($0 != 0 ? 1 : 0) }
    func reason(_ flair: Volume<Float>, _ mprage: Volume<Float>, _ mask: Volume<UInt8>, showsHead: Bool = false) throws
      -> LocationLimitation.Code?
    {
      let places = try BrainLocations(
        flair: flair, mprage: mprage, brainMask: mask, findings: specimen.components.kept, showsHead: showsHead)
      let all = specimen.lesions.map { places.location(of: $0.voxels) }
      if places.notAssessed != nil { #expect(all.allSatisfy { $0 == .notAssessed } && places.ventricleVoxels.isEmpty) }
      return places.notAssessed?.code
    }
    #expect(try reason(flair, mprage, mask) == nil)
    #expect(try reason(flair, mprage, mask, showsHead: true) == .showsHead)
    // Ventricles painted over with white matter.
    let white = try #require(mprage.voxels.max()) * 0.8
    var (noFluid, noDark) = (mprage, flair)
    for n in specimen.anatomy.mask.indices where specimen.anatomy.ventricle[n] < 3 {
      noFluid.voxels[n] = white
      noDark.voxels[n] = 150
    }
    #expect(try reason(noDark, noFluid, mask) == .ventriclesNotFound)
    // Half a brain.
    var half = mask
    for n in half.voxels.indices where half.shape.voxel(at: n).k > half.shape.nk / 2 { half.voxels[n] = 0 }
    #expect(try reason(flair, mprage, half) == .brainVolume)
    // Two tissues instead of three.
    let flat = mprage.map { $0 == 0 ? 0 : $0 > white * 0.2 ? white + Float(Int($0) % 7) : 1 }
    #expect(try reason(flair, flat, mask) == .tissuesAlike)

    let thick = LocationSpecimen(seed: 11, index: 2, spacing: (1, 1, 4))
    #expect(try thick.places().notAssessed?.code == .thickVoxels)
  }

  @Test func otherGridsAreRefused() throws {
    let a = Volume<Float>(shape: GridShape(4, 4, 4), affine: .scaling(1, 1, 1), repeating: 0)
    let b = Volume<Float>(shape: GridShape(4, 4, 5), affine: .scaling(1, 1, 1), repeating: 0)
    #expect(throws: LesionsError.self) {
      try BrainLocations(flair: a, mprage: b, brainMask: a.map { _ in 1 }, findings: [], showsHead: false)
    }
  }
}
