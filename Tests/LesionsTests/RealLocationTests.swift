import Foundation
import Lesions
import Testing
import Volumes

private let realData = packageRoot.appendingPathComponent("../shared/data/ljubljana-ms")

/// The rule on two real patients with expert masks; skipped where they are not on the disk.
@Suite(.enabled(if: FileManager.default.fileExists(atPath: realData.path))) struct RealLocationTests {
  @Test(arguments: ["sub-07", "sub-26"]) func everyPlaceOccurs(_ name: String) throws {
    func volume(_ path: String) throws -> Volume<Float> {
      try NIfTIFile.read(realData.appendingPathComponent(path).path).volume
    }
    let flair = try volume("\(name)/anat/\(name)_FLAIR.nii.gz")
    let mprage = try volume("\(name)/anat/\(name)_T1w.nii.gz")
    let mask = try volume("derivatives/consensus/\(name)/anat/\(name)_label-L_mask.nii.gz")
    let components = Components(of: mask, where: { $0 != 0 })
    let clock = ContinuousClock()
    let start = clock.now
    let places = try BrainLocations(
      flair: flair, mprage: mprage, brainMask: flair.map { $0 != 0 ? 1 : 0 }, findings: components.kept,
      showsHead: false)
    let found = components.kept.map { places.location(of: $0) }
    let seconds = clock.now - start
    #expect(places.notAssessed == nil)
    // Small ventricles; the literature has 7 to 30 ml per adult, thin horns are missed here.
    #expect((3...30).contains(try #require(places.ventriclesMillilitres)))
    #expect(Set(found).isSuperset(of: [.periventricular, .infratentorial, .deepWhiteMatter]))
    guard let folder = ProcessInfo.processInfo.environment["LESIONQC_TABLES"] else { return }
    print(
      name, seconds, "\(places.ventriclesMillilitres!) ml",
      LesionLocation.allCases.map { place in "\(place) \(found.count { $0 == place })" }.joined(separator: ", "))
    var labels = Volume<UInt8>(shape: flair.shape, affine: flair.affine, repeating: 0)
    for (voxels, place) in zip(components.kept, found) {
      for n in voxels { labels.voxels[n] = UInt8(LesionLocation.allCases.firstIndex(of: place)! + 1) }
    }
    for n in places.ventricleVoxels { labels.voxels[n] = 9 }
    try NIfTIWriter.write(
      labels, like: NIfTIHeader(shape: flair.shape, affine: flair.affine), intent: .label,
      to: "\(folder)/\(name).nii.gz")
  }
}
