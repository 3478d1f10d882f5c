import Foundation
import Results
import Saliency
import SharedPatients
import Testing
import Volumes

@testable import Analysis
@testable import Checkpoints
@testable import Models
@testable import Networks
@testable import QualityControl

/// The sample network with a fault planted into its first layer: checks that look at what lesions look like have to
/// notice.
@Suite struct FaultyModelTests {
  /// The model with the input channels of its first convolutions changed.
  ///
  /// - Parameter change: of the weights of one output channel, FLAIR then MPRAGE.
  private func model(in folder: URL, _ change: (inout [[Float]]) -> Void) throws -> URL {
    let copy = folder.appendingPathComponent("planted-\(UUID().uuidString)")
    try FileManager.default.createDirectory(at: copy, withIntermediateDirectories: true)
    try FileManager.default.copyItem(
      at: sampleModel.appendingPathComponent("model.json"), to: copy.appendingPathComponent("model.json"))
    var data = [UInt8](try Data(contentsOf: sampleModel.appendingPathComponent("weights.safetensors")))
    let length = data[0..<8].reversed().reduce(0) { $0 << 8 | Int($1) }
    struct Entry: Decodable {
      let shape: [Int]
      let offsets: [Int]
      enum CodingKeys: String, CodingKey {
        case shape
        case offsets = "data_offsets"
      }
    }
    let header = try #require(JSONSerialization.jsonObject(with: Data(data[8..<8 + length])) as? [String: Any])
    var changed = 0
    for (name, value) in header where name != "__metadata__" {
      let entry = try JSONDecoder().decode(Entry.self, from: JSONSerialization.data(withJSONObject: value))
      guard name.hasPrefix("model.0."), entry.shape.count == 5, entry.shape[1] == 2 else { continue }
      changed += 1
      let taps = entry.shape[2...].reduce(1, *)
      for output in 0..<entry.shape[0] {
        let start = 8 + length + entry.offsets[0] + output * 2 * taps * 4
        data.withUnsafeMutableBytes { bytes in
          func at(_ channel: Int, _ tap: Int) -> Int { start + (channel * taps + tap) * 4 }
          var weights = (0..<2).map { c in
            (0..<taps).map { bytes.loadUnaligned(fromByteOffset: at(c, $0), as: Float.self) }
          }
          change(&weights)
          for c in 0..<2 {
            for tap in 0..<taps { bytes.storeBytes(of: weights[c][tap], toByteOffset: at(c, tap), as: Float.self) }
          }
        }
      }
    }
    #expect(changed >= 1)
    try Data(data).write(to: copy.appendingPathComponent("weights.safetensors"))
    return copy
  }

  private func outcomes(_ model: URL, _ scan: PatientInput, experiments: Bool = false) throws -> [SanityCheck:
    CheckOutcome]
  {
    var settings = CheckSettings()
    // A rule about most lesions fails nothing with fewer than four.
    (settings.samples, settings.lesions, settings.experiments) = (2, 4, experiments)
    let report = try ModelCheck.run(model: model, scan: scan, settings: settings)
    #expect(report.lesionsChecked.count == 4)
    return Dictionary(uniqueKeysWithValues: report.checks.map { ($0.check, $0) })
  }

  /// Every tensor of the network shuffled: what is left of it marks something, and its maps repeat, but not on lesions.
  @Test func aShuffledNetworkFails() throws {
    let patient = try SmallPatient()
    let folder = try model(in: patient.folder) { _ in }
    let file = folder.appendingPathComponent("weights.safetensors")
    var data = [UInt8](try Data(contentsOf: file))
    let start = 8 + data[0..<8].reversed().reduce(0) { $0 << 8 | Int($1) }
    let tensors = try SafeTensors(path: file.path)
    for name in tensors.names {
      let values = try #require(tensors.tensor(name)).values
      let bytes = Model.shuffled(values, seed: 5, name: name).flatMap { value in
        withUnsafeBytes(of: value) { Array($0) }
      }
      let original = values.flatMap { value in withUnsafeBytes(of: value) { Array($0) } }
      let place = try #require(Data(data).range(of: Data(original), in: start..<data.count))
      data.replaceSubrange(place, with: bytes)
    }
    try Data(data).write(to: file)
    var settings = CheckSettings()
    (settings.samples, settings.lesions) = (2, 2)
    let report = try ModelCheck.run(model: folder, scan: patient.input(reference: true), settings: settings)
    #expect(report.checks.first { $0.check == .maskOverlap }?.passed == false && report.failed >= 1)
  }

  /// Channels exchanged in the weights and in the files: the same masks, but what is called FLAIR is MPRAGE.
  @Test func exchangedChannelsShow() throws {
    let patient = try SmallPatient()
    let exchanged = try model(in: patient.folder) { $0.swapAt(0, 1) }
    let found = try outcomes(
      exchanged, PatientInput(label: "sub-t", flair: patient.mprage, mprage: patient.flair), experiments: true)
    #expect(found[.flairFraction]?.passed == false)
    #expect(found[.syntheticLesion]?.passed == false)
    // The gradient is right all the same.
    let gradient = try #require(found[.finiteDifferences])
    #expect(gradient.passed == true, "\(gradient)")
  }

  /// A FLAIR turned into its negative, and weights that expect it: the same masks by saliency of the other sign.
  @Test func aTurnedSignShows() throws {
    let patient = try SmallPatient()
    let turned = try model(in: patient.folder) { $0[0] = $0[0].map { -$0 } }
    let image = try NIfTIFile.read(patient.flair.path)
    let file = patient.folder.appendingPathComponent("negative.nii.gz")
    try NIfTIWriter.write(image.volume.map { -$0 }, like: image.header, to: file.path)
    let found = try outcomes(turned, PatientInput(label: "sub-t", flair: file, mprage: patient.mprage))
    #expect(found[.insideSign]?.passed == false)
    #expect(found[.finiteDifferences]?.passed == true)
  }
}
