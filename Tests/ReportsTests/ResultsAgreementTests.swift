import Foundation
import Testing

@testable import Results

/// A results file is input: what does not agree with the rest of it is found when it is read, and ends nothing.
@Suite struct ResultsAgreementTests {
  typealias Object = [String: Any]

  /// A sound file with one thing changed, and what is said of it.
  static let cases: [(name: String, change: @Sendable (inout Object) -> Void, says: String)] = [
    ("a lesion more is counted", { $0["counts", "lesions"] = 10 }, "counts 10 lesions and lists 9"),
    ("no candidate is counted", { $0["counts", "candidates"] = 0 }, "counts 0 candidates and lists 3"),
    ("counts below nothing", { $0["counts", "droppedSmallComponents"] = -1 }, "counts of components"),
    ("fewer components than lesions", { $0["counts", "componentsBeforeSizeFilter"] = 2 }, "counts of components"),
    ("another volume", { $0["counts", "totalLesionVolumeMillilitres"] = 99 }, "lesion volume 99.0 ml"),
    ("a finding twice", { $0.list("findings") { $0[1]["id"] = "L001" } }, "not numbered"),
    ("a finding of the wrong kind", { $0.list("findings") { $0[0]["kind"] = "candidate" } }, "lists 8"),
    ("findings in another order", { $0.list("findings") { $0.swapAt(0, 1) } }, "not numbered"),
    (
      "candidates first", { $0.list("findings") { $0 = Array($0.suffix(3) + $0.prefix(9)) } },
      "lesions, then candidates"
    ), ("no rank 1", { $0.list("reviewOrder") { $0[0]["position"] = 2 } }, "is not 1, 2, 3"),
    ("a huge rank", { $0.list("reviewOrder") { $0[0]["position"] = Int.max } }, "is not 1, 2, 3"),
    ("an unknown finding is ranked", { $0.list("reviewOrder") { $0[0]["finding"] = "L099" } }, "every finding once"),
    (
      "a finding is ranked twice", { $0.list("reviewOrder") { $0[0]["finding"] = $0[1]["finding"] } },
      "every finding once"
    ), ("a rank is missing", { $0.list("reviewOrder") { $0.removeLast() } }, "every finding once"),
    ("no rank at all", { $0["reviewOrder"] = [Object]() }, "every finding once"),
    ("a percentile of 2", { $0.list("reviewOrder") { $0[0]["percentile"] = 2 } }, "between 0 and 1"),
    ("a score of −1", { $0.list("reviewOrder") { $0[0]["errorScore"] = -1 } }, "between 0 and 1"),
    ("one score is missing", { $0.list("reviewOrder") { $0[0]["errorScore"] = nil } }, "scores and its calibration"),
    ("scores without a calibration", { $0["calibration"] = nil }, "scores and its calibration"),
    ("a cut-off beyond the findings", { $0["calibration", "cutoff"] = cutoff(13) }, "cut-off"),
    ("a cut-off before the first", { $0["calibration", "cutoff"] = cutoff(0) }, "cut-off"),
    ("an unknown finding is extrapolated", { $0["calibration", "extrapolated"] = ["C077"] }, "unknown finding"),
    ("errors below nothing", { $0["calibration", "patients"] = -4 }, "less than nothing"),
    ("a grid of two axes", { $0["grid", "shape"] = [160, 192] }, "grid's shape"),
    ("a grid without voxels", { $0["grid", "shape"] = [160, 0, 160] }, "grid's shape"),
    ("a grid of too many voxels", { $0["grid", "shape"] = [1 << 20, 1 << 20, 1 << 20] }, "grid's shape"),
    ("a voxel size of 0", { $0["grid", "spacingMillimetres"] = [1, 0, 1] }, "voxel size"),
    ("an affine of two rows", { $0["grid", "affine"] = [[1.0, 0, 0, 0], [0, 1, 0, 0]] }, "affine"),
    ("a flat affine", { $0["grid", "affine"] = [[1.0, 0, 0, 0], [1, 0, 0, 0], [0, 0, 1, 0]] }, "independent axes"),
    ("no input", { $0["inputs"] = [Object]() }, "no input"),
    ("an input without a grid", { $0.list("inputs") { $0[0]["shape"] = [Int]() } }, "input has no grid"),
    ("a window of one axis", { $0["model", "architecture"] = window([96]) }, "window"),
    ("a window below nothing", { $0["model", "architecture"] = window([-1, 96, 96]) }, "window"),
    ("samples beyond the limit", { $0["settings", "samples"] = 0 }, "samples must be from 1"),
    ("no settings", { $0["settings"] = nil }, "do not belong together"),
    ("a peak outside of the grid", { $0.peak { $0["voxel"] = ["i": 160, "j": 0, "k": 0] } }, "outside of the grid"),
    ("a peak before the grid", { $0.peak { $0["voxel"] = ["i": -1, "j": 0, "k": 0] } }, "outside of the grid"),
    ("a centroid outside", { $0.measure("centroidVoxel", ["i": 1e300, "j": 1, "k": 1]) }, "outside of the grid"),
    ("a box outside", { $0.measure("boundingBox", box([150, 0, 0], [161, 5, 5])) }, "outside of the grid"),
    ("no voxel", { $0.measure("voxelCount", 0) }, "has 0 voxels"),
    ("more voxels than its box", { $0.measure("voxelCount", 1 << 40) }, "voxels"),
    ("two lengths", { $0.measure("extentMillimetres", [1, 2]) }, "three lengths"),
    ("a volume of 0", { $0.measure("volumeMillimetres3", 0) }, "is no number"),
    ("a map elsewhere", { $0.files("../../etc/passwd") }, "named by a path"),
    ("a map in a folder", { $0.files("a/b.nii.gz") }, "named by a path"),
    ("a label with a path", { $0["patient", "label"] = "sub-../x" }, "no BIDS label"),
    ("no label", { $0["patient", "label"] = "victim" }, "no BIDS label"),
    ("a session with a path", { $0["patient", "session"] = "ses-/etc" }, "no BIDS label"),
    ("a quantile is missing", { $0["intensities", "levels"] = [0.1, 0.2, 0.3] }, "one quantile for every level"),
    ("a reference below nothing", { $0["reference", "lesions"] = -8 }, "reference counts less"),
    ("a self-test that does not add up", { $0["selfTest", "inserted"] = [Object]() }, "self-test"),
  ]

  private static func cutoff(_ position: Int) -> Object {
    ["position": position, "rule": ["percent": 40, "tolerated": 0.2, "patients": 40, "lostPatients": 3] as Object]
  }
  private static func window(_ window: [Int]) -> Object {
    ["name": "x", "parameterCount": 1, "window": window, "overlap": 0]
  }
  private static func box(_ lower: [Int], _ upper: [Int]) -> Object {
    func voxel(_ at: [Int]) -> Object { ["i": at[0], "j": at[1], "k": at[2]] }
    return ["lower": voxel(lower), "upper": voxel(upper)]
  }

  @Test func aSoundFileIsRead() throws {
    for results in [
      PagesSamples.results(calibrated: true), PagesSamples.results(), PagesSamples.external(),
      PagesSamples.results(session: nil, lesions: 0, candidates: 0, reference: false),
    ] { #expect(try PatientResults.decode(results.encoded()) == results) }
  }

  @Test(arguments: cases.indices) func whatDisagreesIsNamed(_ index: Int) throws {
    let (name, change, says) = Self.cases[index]
    let sound = try PagesSamples.results(calibrated: true).encoded()
    var object = try #require(try JSONSerialization.jsonObject(with: Data(sound)) as? Object)
    change(&object)
    let bytes = [UInt8](try JSONSerialization.data(withJSONObject: object))
    do {
      _ = try PatientResults.decode(bytes)
      Issue.record("\(name) was read")
    } catch ResultsError.disagreement(let fault) {
      #expect(fault.contains(says) && !fault.contains("\n"), "\(name): \(fault)")
      #expect(ResultsError.words(ResultsError.disagreement(fault)) == "is damaged: \(fault)")
    }
  }

  /// Bytes that are no results at all, and numbers that are none.
  @Test func otherBytesAreRefused() throws {
    let sound = String(decoding: try PagesSamples.results().encoded(), as: UTF8.self)
    for text in [
      "", "{}", "[]", "null", "\u{0}", String(sound.dropLast(200)), sound + sound,
      sound.replacing("\"value\" : 24.5", with: "\"value\" : 1e999"),
      sound.replacing("\"lesions\" : 9", with: "\"lesions\" : 9.5"), String(repeating: "[", count: 100_000),
    ] where text != sound { #expect(throws: (any Error).self) { try PatientResults.decode(Array(text.utf8)) } }
  }
}

extension [String: Any] {
  fileprivate subscript(outer: String, inner: String) -> Any? {
    get { (self[outer] as? [String: Any])?[inner] }
    set {
      var object = self[outer] as? [String: Any] ?? [:]
      object[inner] = newValue
      self[outer] = object
    }
  }

  fileprivate mutating func list(_ key: String, _ change: (inout [[String: Any]]) -> Void) {
    var list = self[key] as? [[String: Any]] ?? []
    change(&list)
    self[key] = list
  }

  fileprivate mutating func measure(_ key: String, _ value: Any) {
    list("findings") { $0[0]["measurements", key] = value }
  }

  fileprivate mutating func files(_ name: String) { list("findings") { $0[0]["files", "saliency"] = name } }

  /// The maximum of FLAIR inside the first finding.
  fileprivate mutating func peak(_ change: (inout [String: Any]) -> Void) {
    list("findings") {
      var saliency = $0[0]["saliency"] as? [String: Any] ?? [:]
      var flair = saliency["flair"] as? [String: Any] ?? [:]
      var peak = (flair["inside", "maximum"] as? [String: Any]) ?? [:]
      change(&peak)
      flair["inside", "maximum"] = peak
      saliency["flair"] = flair
      $0[0]["saliency"] = saliency
    }
  }
}
