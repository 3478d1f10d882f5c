import CPeak
import Checkpoints
import Foundation
import Models
import Networks
import Saliency

/// Times one window of a model. With a number of rounds it prints a table; without, it answers one line on standard output
/// for each line on standard input, so that another program can take turns with it: "forward" and "gradient" with seconds,
/// "memory" with the largest resident size so far and "idle" with that before the first pass (MB), "operations" with the
/// arithmetic of a forward pass (GFLOP), "peak" with what the processor can do at most (GFLOP/s).
@main struct NetworkBenchmark {
  let executor: Executor
  let window: [Int]
  let idleMegabytes: Double

  static func main() throws {
    let arguments = CommandLine.arguments
    guard (3...4).contains(arguments.count), let threads = Int(arguments[2]) else {
      FileHandle.standardError.write(Data("usage: network-benchmark MODEL_FOLDER THREADS [ROUNDS]\n".utf8))
      exit(2)
    }
    let model = try ModelFolder.load(arguments[1])
    let benchmark = NetworkBenchmark(
      executor: try Executor(model.networks[0], threads: threads), window: model.description.window,
      idleMegabytes: try residentMegabytes("VmRSS:"))
    _ = try benchmark.forward()
    _ = try benchmark.gradient()
    if arguments.count == 4, let rounds = Int(arguments[3]), rounds > 0 {
      print("model \(arguments[1]), window \(benchmark.window), \(threads) threads, median of \(rounds)")
      try benchmark.table(rounds: rounds)
    } else {
      try benchmark.answer()
    }
  }

  func table(rounds: Int) throws {
    var (forwards, gradients): ([Double], [Double]) = ([], [])
    for _ in 0..<rounds {
      forwards.append(try forward())
      gradients.append(try gradient())
    }
    print(String(format: "forward             %.4f s", Self.median(forwards)))
    print(String(format: "input gradient      %.4f s", Self.median(gradients)))
    let voxel = try (0..<3).map { _ in try signedMaximumVoxel() }
    print(String(format: "signed-max, a voxel %.4f s", Self.median(voxel)))
    print(String(format: "peak resident size  %.0f MB", try Self.residentMegabytes("VmHWM:")))
    print("plans compiled      \(executor.compiledPlanCount)")
    let steps = try executor.profile(spatialShape: window, rounds: rounds)
    func gradientSeconds(_ steps: [(label: String, isGradient: Bool, seconds: Double)]) -> Double {
      steps.filter(\.isGradient).reduce(0) { $0 + $1.seconds }
    }
    let repeated = gradientSeconds(try executor.profile(spatialShape: window, rounds: rounds, repeats: 8))
    print(
      String(
        format: "gradient steps      %.4f s, each 8 times in a row %.4f s per run", gradientSeconds(steps), repeated))
    for step in steps {
      print(String(format: "%8.2f ms  %@%@", step.seconds * 1e3, step.isGradient ? "gradient: " : "", step.label))
    }
  }

  func answer() throws {
    while let line = readLine() {
      let number =
        switch line {
        case "forward": try forward()
        case "gradient": try gradient()
        case "idle": idleMegabytes
        case "operations": Double(try executor.network.floatingPointOperations(spatialShape: window)) * 1e-9
        case "peak": lqc_measured_peak(Int32(executor.threads))
        default: try Self.residentMegabytes("VmHWM:")
        }
      FileHandle.standardOutput.write(Data("\(number)\n".utf8))
    }
  }

  /// Seconds of one forward pass.
  func forward() throws -> Double {
    try Self.seconds {
      try executor.forward(spatialShape: window) { image in
        for i in image.indices { image[i] = Float(i &* 7919 % 1000) / 250 - 2 }
      } read: { _ in
      }
    }
  }

  /// Seconds of one input gradient for a cotangent without zeros.
  func gradient() throws -> Double {
    try Self.seconds {
      try executor.gradient { cotangent in
        for i in cotangent.indices { cotangent[i] = Float(i &* 104_729 % 1000) / 500 - 1 }
      } read: { _ in
      }
    }
  }

  /// Seconds that one more voxel of a lesion costs a signed maximum in one window and one draw: its gradient, and the comparison.
  func signedMaximumVoxel() throws -> Double {
    let image = Tensor(
      shape: [executor.network.inputChannels] + window,
      values: (0..<executor.network.inputChannels * window.reduce(1, *)).map { Float($0 &* 7919 % 1000) / 250 - 2 })
    let model = SlidingWindow(executor, window: window, overlap: 0, importance: .gaussian)
    let method = SmoothGrad(settings: try SmoothGradSettings(samples: 1, noiseFactor: 0, aggregation: .signedMax))
    let middle = window.reduce(1, *) / 2 + window[2] / 2
    let weights = (0..<executor.network.outputChannels).map { Float($0 == 1 ? 1 : 0) }
    let (few, many) = (2, 18)
    let times = try [few, many].map { count in
      try Self.seconds {
        _ = try method.maps(
          of: [SaliencyRegion(voxels: Array(middle..<middle + count))], classWeights: weights, model: model, at: image)
      }
    }
    return (times[1] - times[0]) / Double(many - few)
  }

  private static func seconds(_ work: () throws -> Void) rethrows -> Double {
    let duration = try ContinuousClock().measure(work).components
    return Double(duration.seconds) + Double(duration.attoseconds) * 1e-18
  }

  /// The resident size of this process in MB: VmRSS now, VmHWM the largest so far.
  private static func residentMegabytes(_ field: String) throws -> Double {
    let status = try String(contentsOfFile: "/proc/self/status", encoding: .utf8)
    let line = status.split(separator: "\n").first { $0.hasPrefix(field) } ?? ""
    return (line.split(whereSeparator: \.isWhitespace).dropFirst().first.flatMap { Double($0) } ?? .nan) / 1000
  }

  private static func median(_ values: [Double]) -> Double { values.sorted()[values.count / 2] }
}
