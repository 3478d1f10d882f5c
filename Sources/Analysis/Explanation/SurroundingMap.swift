import Checkpoints
import ErrorScore
import Lesions
import Results
import Saliency

/// A saliency map read at the voxels of a finding and around it.
///
/// Distances are those of the patient's grid; where the network's is another, each voxel has the value of the nearest
/// one there.
struct SurroundingMap {
  let profile: RadialProfile
  let sampleAgreement: Double?

  /// - Parameter surroundings: on the patient's grid.
  init(_ map: SaliencyMap, _ surroundings: Surroundings, network: NetworkGrid) {
    var (distances, flair, mprage): ([Float], [Float], [Float]) = ([], [], [])
    var (means, errors): ([Double], [Double]) = ([], [])
    let hasTwo = map.values.shape[0] > 1
    for (voxel, distance) in zip(surroundings.voxels, surroundings.distances) {
      guard let position = network.networkPosition(ofPatient: voxel), map.isKnown(at: position) else { continue }
      let value = map.value(channel: 0, at: position)
      distances.append(distance)
      flair.append(value)
      if hasTwo { mprage.append(map.value(channel: 1, at: position)) }
      if distance <= 5, let error = map.standardError(channel: 0, at: position) {
        means.append(Double(value))
        errors.append(error)
      }
    }
    profile = RadialProfile(distances: distances, flair: flair, mprage: hasTwo ? mprage : nil)
    sampleAgreement = SampleAgreement.value(means: means, standardErrors: errors, samples: map.samples)
  }
}

extension SaliencyRecord {
  /// Takes in what the map is like around the finding.
  mutating func add(_ around: SurroundingMap, peaks: PeakFeatures) {
    var values = FeatureValues()
    values[.mapMinimum] = peaks.channels.first.map { Double($0.minimumAnywhere.value) }
    values[.zeroCrossingMillimetres] = around.profile.zeroCrossingMillimetres
    values[.sampleAgreement] = around.sampleAgreement
    values[.mprageRim] = peaks.channels.dropFirst().first?.meanInRim
    features = values
    radialProfile = around.profile.bins
  }
}
