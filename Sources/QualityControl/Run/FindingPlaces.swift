import Lesions
import Reports
import Results
import Volumes

/// Adds to the facts of findings where in the brain they lie.
enum FindingPlaces {
  /// - Parameter facts: in the order of `subjects`.
  /// - Returns: by which rule, and why not where nothing was assessed.
  static func add(to facts: inout [FindingFacts], of subjects: [FindingSubject], scan: PatientScan) throws
    -> LocationRuleFacts
  {
    let places = try BrainPlaces(
      flair: scan.flair.image.volume, mprage: scan.mprageVolume, brainMask: scan.brainMask,
      findings: subjects.map(\.voxels), showsHead: scan.showsHead)
    for (index, subject) in subjects.enumerated() {
      facts[index].location = places.location(of: subject.voxels).rawValue
    }
    return LocationRuleFacts(
      rule: LocationRule.words, notAssessed: places.notAssessed, ventriclesMillilitres: places.ventriclesMillilitres)
  }
}
