import Checkpoints
import Foundation
public import Networks

/// A stored input with the logits and the gradient that the network's origin computed for it, to check an installation
/// or an imported model. The scripts in `tools/parity` write such files.
public struct ModelProbe: Sendable {
  /// How far this program is from the stored result.
  public struct Deviation: Sendable {
    /// Largest difference of a logit, relative to the range of the stored logits.
    public let logits: Double
    /// ‖difference‖₂ / ‖stored‖₂ of d(Σ cotangent · logits)/d(input).
    public let gradient: Double
    /// Windows run for the logits.
    public let windows: Int

    /// Largest values that rounding explains for the architecture.
    public let tolerance: Double

    public var isWithinTolerance: Bool { logits <= tolerance && gradient <= tolerance }

    /// What is wrong, for people; nil where nothing is.
    public var problem: String? {
      if isWithinTolerance { return nil }
      if logits <= tolerance {
        return
          "the logits agree with the probe, its gradient differs by \(gradient) where \(tolerance) is allowed; the "
          + "gradient of a ReLU jumps where rounding moves a value across zero, which a cotangent that is not zero at "
          + "many voxels meets: make the probe with tools/parity/make_probe.py, whose cotangent is not zero in a few "
          + "small cubes only"
      }
      return
        "logits differ from the probe by \(logits) of their range and the gradient by \(gradient), where \(tolerance) "
        + "is allowed: not the network that the probe was made with"
    }
  }

  let input: Tensor
  let logits: Tensor
  let cotangent: Tensor
  let gradient: Tensor

  /// Reads the tensors `input`, `logits`, `cotangent` and `gradient`, each [C, D, H, W].
  ///
  /// - Parameter order: of the model's channels; a probe of the network's origin has them as it was trained.
  /// - Throws: `CheckpointError` when one is missing or the shapes do not belong together.
  public init(path: String, order: ChannelOrder = .unchanged) throws {
    let file = try SafeTensors(path: path)
    func tensor(_ name: String) throws -> Tensor {
      guard let tensor = file.tensor(name), tensor.shape.count == 4 else {
        throw CheckpointError.malformed(
          file: path,
          reason: "a probe holds \"input\", \"logits\", \"cotangent\", \"gradient\" of four axes; \(name) is not there")
      }
      return tensor
    }
    let isAsTrained = file.metadata[Self.channelsKey] == nil
    func ofImage(_ name: String) throws -> Tensor {
      let tensor = try tensor(name)
      return isAsTrained ? order.asRun(tensor, axis: 0) : tensor
    }
    (input, logits) = (try ofImage("input"), try tensor("logits"))
    (cotangent, gradient) = (try tensor("cotangent"), try ofImage("gradient"))
    guard input.values.count > 0, input.shape == gradient.shape, logits.shape == cotangent.shape,
      input.shape.dropFirst() == logits.shape.dropFirst()
    else { throw CheckpointError.malformed(file: path, reason: "the tensors of the probe do not have the same voxels") }
  }

  /// What a probe says of itself whose channels are those of the model folder, not those of the training.
  private static let channelsKey = "channels"

  /// Writes a probe of the network's origin with its channels as the network is run.
  static func write(_ probe: SafeTensors, in order: ChannelOrder, to url: URL) throws {
    var tensors: [String: Tensor] = [:]
    for name in probe.names { tensors[name] = probe.tensor(name)! }
    for name in ["input", "gradient"] { tensors[name] = tensors[name].map { order.asRun($0, axis: 0) } }
    try SafeTensors.write(
      tensors, to: url, metadata: probe.metadata.merging([channelsKey: order.channels.joined(separator: ", ")]) { $1 })
  }

  /// Runs the model on the probe.
  public func verify(_ model: SlidingWindow, tolerance: Double = 1e-4) throws -> Deviation {
    guard model.function.inputChannels == input.shape[0] else {
      throw NetworkError.input(
        found: "the probe has an input of \(input.shape[0]) channels, the model of \(model.function.inputChannels)",
        expected: "a probe of this model")
    }
    guard model.function.outputChannels == logits.shape[0] else {
      throw NetworkError.input(
        found: "the probe has logits of \(logits.shape[0]) classes, the model of \(model.function.outputChannels)",
        expected: "a probe of this model")
    }
    let found = try model.logits(input)
    let spatialShape = Array(input.shape.dropFirst())
    let count = spatialShape.reduce(1, *)
    let targets = (0..<logits.shape[0]).map { k in
      LogitTarget(
        voxels: Array(0..<count), weights: Array(cotangent.values[k * count..<(k + 1) * count]),
        classWeights: (0..<logits.shape[0]).map { $0 == k ? 1 : 0 })
    }
    var sum = Array(repeating: Double(0), count: input.values.count)
    let whole = VoxelBox(shape: spatialShape)
    try model.visitGradients(of: targets, at: input) { _, box, gradient in
      for c in 0..<input.shape[0] {
        whole.visitRows(sharedWith: box) { here, inBox, length in
          for k in 0..<length { sum[c * count + here + k] += Double(gradient[c * box.voxelCount + inBox + k]) }
        }
      }
    }
    return Deviation(
      logits: Self.largestDifference(found.values, logits.values),
      gradient: Self.relativeDistance(sum, gradient.values), windows: model.windowCount(spatialShape: spatialShape),
      tolerance: tolerance)
  }

  private static func largestDifference(_ found: [Float], _ stored: [Float]) -> Double {
    let range = Double(stored.max() ?? 0) - Double(stored.min() ?? 0)
    // A comparison that is false for NaN, so that NaN is not taken for agreement.
    let largest = zip(found, stored).reduce(0.0) { worst, pair in
      let difference = abs(Double(pair.0) - Double(pair.1))
      return difference <= worst ? worst : difference
    }
    return largest == 0 ? 0 : largest / range
  }

  private static func relativeDistance(_ found: [Double], _ stored: [Float]) -> Double {
    var (difference, size) = (0.0, 0.0)
    for (a, b) in zip(found, stored) {
      difference += (a - Double(b)) * (a - Double(b))
      size += Double(b) * Double(b)
    }
    return difference == 0 ? 0 : (difference / size).squareRoot()
  }
}

extension Model {
  /// Compares the model with a stored probe; see ``ModelProbe``.
  ///
  /// - Parameter path: Nil for the one in the model folder.
  /// - Throws: ``ModelError/missing(file:what:remedy:)`` for a folder without one.
  public func verify(probe path: String? = nil, threads: Int? = nil) throws -> ModelProbe.Deviation {
    guard path != nil || FileManager.default.fileExists(atPath: probeURL.path) else {
      throw ModelError.missing(
        file: folder.path,
        what: "no probe.safetensors in it to compare with; make one from the network in PyTorch with "
          + "tools/parity/make_probe.py", remedy: .nameProbe)
    }
    return try ModelProbe(path: path ?? probeURL.path, order: description.channelOrder).verify(
      makeSlidingWindow(threads: threads), tolerance: type(of: description.architecture).probeTolerance)
  }
}
