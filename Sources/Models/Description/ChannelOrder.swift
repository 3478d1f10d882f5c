import Checkpoints
import Foundation
import Networks

/// The contrasts of a network in the order in which it was trained, and as it is run: FLAIR, then T1w, or FLAIR alone.
///
/// A network trained on T1w first is run like any other, because the input channels of its first convolutions are
/// exchanged when it is imported.
public struct ChannelOrder: Hashable, Sendable {
  public let trained: [String]
  /// As it is run.
  public let channels: [String]

  /// Any network whose channels are in the order of their training.
  public static let unchanged = ChannelOrder(trained: [], channels: [])

  private init(trained: [String], channels: [String]) { (self.trained, self.channels) = (trained, channels) }

  /// Nil for contrasts that no network is run with.
  init?(trained: [String]) {
    guard let known = ModelDescription.knownChannels.first(where: { $0.sorted() == trained.sorted() }) else {
      return nil
    }
    self.init(trained: trained, channels: known)
  }

  /// - Parameter origin: where the channels are stated.
  /// - Throws: ``ModelError/statement(origin:problem:)``.
  init(trained: [String], origin: String) throws {
    guard let order = ChannelOrder(trained: trained) else {
      throw ModelError.statement(
        origin: origin,
        problem: "is \(trained.isEmpty ? "missing" : trained.map { "\(PrintableName($0))" }.joined(separator: " ")); "
          + "networks with the channels FLAIR T1w, T1w FLAIR, or FLAIR alone, are run")
    }
    self = order
  }

  public var isExchanged: Bool { trained != channels }

  /// For every channel as it is run its number in the training.
  var sources: [Int] { channels.map { trained.firstIndex(of: $0)! } }

  /// What is noted of a network whose channels were exchanged.
  var provenance: [(key: String, value: String)] {
    isExchanged ? [(Self.provenanceKey, trained.joined(separator: ", "))] : []
  }

  static let provenanceKey = "trainedChannels"

  /// A tensor whose channels lie along an axis, in the order of the training → as the network is run.
  func asRun(_ tensor: Tensor, axis: Int) -> Tensor {
    guard isExchanged, tensor.shape.count > axis, tensor.shape[axis] == channels.count else { return tensor }
    let inner = tensor.shape.dropFirst(axis + 1).reduce(1, *)
    var values: [Float] = []
    values.reserveCapacity(tensor.values.count)
    for outer in 0..<tensor.shape.prefix(axis).reduce(1, *) {
      for source in sources {
        let start = (outer * channels.count + source) * inner
        values.append(contentsOf: tensor.values[start..<start + inner])
      }
    }
    return Tensor(shape: tensor.shape, values: values)
  }

  /// Exchanges the input channels of the convolutions that read the image, in a weight file.
  ///
  /// - Parameters:
  ///   - network: made from the file.
  ///   - origin: where the architecture is stated, for messages.
  /// - Throws: ``ModelError/unsupported(file:found:expected:remedy:)`` where something else than a convolution reads
  ///   the image, `CheckpointError`.
  func exchange(inputsOf network: Network, in url: URL, statedIn origin: String) throws {
    guard isExchanged else { return }
    guard let first = network.imageTensors else {
      throw ModelError.unsupported(
        file: origin,
        found: "the channels cannot be exchanged: something else than a convolution reads the image, such as a "
          + "residual connection", expected: "a network trained on \(channels.joined(separator: ", "))")
    }
    let file = try SafeTensors(path: url.path)
    var tensors: [String: Tensor] = [:]
    for name in file.names {
      let tensor = file.tensor(name)!
      // A tensor may be there under a second name.
      let isFirst = first.contains { name == $0 || file.holdsSame(name, $0) }
      tensors[name] = isFirst ? asRun(tensor, axis: 1) : tensor
    }
    try SafeTensors.write(tensors, to: url, metadata: file.metadata)
  }
}

extension ModelDescription {
  /// How the channels were exchanged when the model was imported.
  public var channelOrder: ChannelOrder {
    let trained = provenance.first { $0.key == ChannelOrder.provenanceKey }?.value
    return trained.flatMap { ChannelOrder(trained: $0.components(separatedBy: ", ")) } ?? ChannelOrder(
      trained: channels)!
  }
}
