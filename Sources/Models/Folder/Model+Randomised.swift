import Checkpoints
import Foundation
import Networks
import Statistics

extension Model {
  /// The same architecture with the values of learned tensors shuffled, each tensor within itself, from the output
  /// towards the input: what a saliency map must not survive.
  ///
  /// Running statistics of normalisations stay. Source: Adebayo et al., *Sanity Checks for Saliency Maps*, NeurIPS 2018
  /// (cascading randomisation); a shuffle keeps the scale of every layer, which new random numbers would not.
  ///
  /// - Parameters:
  ///   - share: of the learned tensors, counted from the output; 1 for all of them, at least one is shuffled.
  ///   - seed: the same seed and share give the same network; a larger share shuffles what a smaller one does, alike.
  public func randomised(share: Double, seed: UInt64) throws -> Model {
    precondition(share > 0 && share <= 1, "a share of the tensors")
    let shuffled = try zip(networks, weightURLs).map { network, url in
      let count = max(1, Int(saturating: (Double(network.learnedTensors.count) * share).rounded()))
      let names = Array(network.learnedTensors.suffix(count))
      let weights = try SafeTensors(path: url.path).changing(names) { name, values in
        Self.shuffled(values, seed: seed, name: name)
      }
      return try description.architecture.network(weights: weights)
    }
    return Model(folder: folder, description: description, networks: shuffled)
  }

  /// Fisher and Yates with SplitMix64 (Steele, Lea, Flood, OOPSLA 2014), started from the seed and the tensor's name.
  static func shuffled(_ values: [Float], seed: UInt64, name: String) -> [Float] {
    var random = SplitMix64(
      state: name.utf8.reduce(seed &+ 0xCBF2_9CE4_8422_2325) { ($0 ^ UInt64($1)) &* 0x100_0000_01B3 })
    var result = values
    for last in stride(from: values.count - 1, to: 0, by: -1) { result.swapAt(last, random.next(below: last + 1)) }
    return result
  }
}
