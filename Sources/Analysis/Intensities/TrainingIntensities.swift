import Digests
import Files
package import Foundation
import JSON
import Results
import Software

/// What the intensities of a network's training patients were like: `intensities.json` in the model folder.
///
/// Holds no name, path or date, and no image: the lowest and highest of every quantile among the patients.
package struct TrainingIntensities: Codable, Equatable {
  package static let fileName = "intensities.json"
  package static let currentSchema = 1
  /// With fewer patients the range says nothing about the next one.
  package static let fewestPatients = 5
  /// A quantile outside the range by more than this share of the range's width, or this many standard deviations where
  /// that is more, is unlike the training data. The second keeps a few very even patients from making everybody
  /// strange.
  package static let marginShare = 0.5
  package static let marginDeviations = 0.1

  package struct Channel: Codable, Equatable {
    let role: String
    /// At the levels of the file, in standard deviations from the mean.
    let lowest: [Double]
    let highest: [Double]
  }

  package let schemaVersion: Int
  package let software: String
  package let patients: Int
  package let syntheticPatients: Int
  package let levels: [Double]
  package let channels: [Channel]

  /// - Parameter profiles: of every patient, by role.
  package init(profiles: [[(role: String, profile: IntensityProfile)]], syntheticPatients: Int) {
    schemaVersion = Self.currentSchema
    software = "\(Software.name) \(Software.version)"
    patients = profiles.count
    self.syntheticPatients = syntheticPatients
    levels = IntensityProfile.levels
    channels = profiles[0].map(\.role).enumerated().map { index, role in
      let all = profiles.map { $0[index].profile.quantiles }
      func bound(_ pick: ([Double]) -> Double?) -> [Double] {
        IntensityProfile.levels.indices.map { level in pick(all.map { $0[level] })! }
      }
      return Channel(role: role, lowest: bound { $0.min() }, highest: bound { $0.max() })
    }
  }

  /// The quantile that lies farthest outside the range of the training patients.
  package struct Departure {
    let level: Double
    let value: Double
    let lowest: Double
    let highest: Double
  }

  func knows(_ role: String) -> Bool { channels.contains { $0.role == role } }

  /// - Returns: nil where no quantile lies outside, or the channel is not known.
  func departure(_ role: String, _ profile: IntensityProfile) -> Departure? {
    guard let channel = channels.first(where: { $0.role == role }) else { return nil }
    var farthest: (excess: Double, departure: Departure)?
    for (index, value) in profile.quantiles.enumerated() {
      let (lowest, highest) = (channel.lowest[index], channel.highest[index])
      let margin = max(Self.marginDeviations, Self.marginShare * (highest - lowest))
      let excess = max(lowest - value, value - highest) / margin
      guard excess > 1, excess > farthest?.excess ?? 0 else { continue }
      farthest = (excess, Departure(level: levels[index], value: value, lowest: lowest, highest: highest))
    }
    return farthest?.departure
  }
}

extension TrainingIntensities {
  package typealias File = (url: URL, intensities: TrainingIntensities, sha256: String)

  /// The file of a model folder with its digest, where there is one.
  ///
  /// - Throws: ``Fault`` for a file that cannot be used.
  package static func find(in folder: URL) throws -> File? {
    let file: URL
    do throws(FileError) { file = try ContainedPath(fileName: fileName).place(in: folder, for: .reading) } catch {
      throw Fault(error, .model)
    }
    guard FileManager.default.fileExists(atPath: file.path) else { return nil }
    guard let bytes = try? SmallFile.read(file, .record), let read = try? JSONParser.decode(Self.self, from: bytes)
    else { throw Fault(.model, file.path, found: "is no file of training intensities", remedy: .makeIntensities) }
    guard read.schemaVersion == currentSchema, read.levels == IntensityProfile.levels,
      read.channels.allSatisfy({ $0.lowest.count == read.levels.count && $0.highest.count == read.levels.count })
    else {
      throw Fault(
        .model, file.path, found: "was made by another version (\(read.software.prefix(40)))", remedy: .makeIntensities)
    }
    return (file, read, Digest.sha256(bytes))
  }
}
