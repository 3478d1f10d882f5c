import Foundation
import Testing

@testable import Checkpoints
@testable import Networks

/// The channel blocks that this machine can run: 1 everywhere, 8 with AVX2, 16 with AVX-512.
let channelBlocks = [1, 8, 16].filter { $0 <= OneDNN.channelBlock }

/// Builds a graph of one input and whatever `build` adds.
func makeExecutor(
  inputChannels: Int, outputChannels: Int, block: Int = OneDNN.channelBlock, folding: Bool = true, threads: Int = 2,
  _ build: (inout Graph) -> Void
) throws -> Executor {
  var graph = Graph(inputChannels: inputChannels)
  build(&graph)
  let network = Network(graph: graph, outputChannels: outputChannels, divisors: [1, 1, 1], parameterCount: 0)
  return try Executor(network, threads: threads, folding: folding, block: block)
}

extension Executor {
  /// The logits of one window.
  func output(_ input: Tensor) throws -> [Float] {
    var result: [Float] = []
    try forward(spatialShape: Array(input.shape.dropFirst())) {
      _ = $0.update(fromContentsOf: input.values)
    } read: {
      result = Array($0)
    }
    return result
  }

  /// The gradient for a cotangent at the window of the last ``output(_:)``.
  func pullback(_ cotangent: [Float]) throws -> [Float] {
    var result: [Float] = []
    try gradient {
      _ = $0.update(fromContentsOf: cotangent)
    } read: {
      result = Array($0)
    }
    return result
  }
}

func dot(_ a: [Float], _ b: [Float]) -> Double { zip(a, b).reduce(0) { $0 + Double($1.0) * Double($1.1) } }

/// Largest difference relative to the range of the expected values; infinite for NaN.
func deviation(_ found: [Float], _ expected: [Float]) -> Double {
  guard found.count == expected.count, let high = expected.max(), let low = expected.min() else { return .infinity }
  let largest = zip(found, expected).map { abs(Double($0.0) - Double($0.1)) }.reduce(0) { $1 <= $0 ? $0 : $1 }
  return largest == 0 ? 0 : largest / (Double(high) - Double(low))
}

/// ‖found − expected‖₂ / ‖expected‖₂.
func relativeDistance(_ found: [Float], _ expected: [Float]) -> Double {
  guard found.count == expected.count else { return .infinity }
  let difference = zip(found, expected).reduce(0.0) { $0 + pow(Double($1.0) - Double($1.1), 2) }
  return difference == 0 ? 0 : (difference / dot(expected, expected)).squareRoot()
}
