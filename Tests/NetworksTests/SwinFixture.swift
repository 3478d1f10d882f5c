import Foundation
import SharedFixtures

@testable import Checkpoints
@testable import Networks

/// One case of tools/fixtures/make_swin_fixtures.py: what is stored, and what follows from names.
struct SwinFixture {
  let configuration: SwinUNETRConfiguration
  let tensors: [String: Tensor]
  /// Every `step`-th number.
  let logits: [Float]
  let gradient: [Float]
  /// How far PyTorch's own gradient in single precision is from the one in double.
  var singlePrecision: Double { Double(description.singlePrecisionPyTorch)! }
  private let description: Description

  private struct Description: Decodable {
    let window: [Int]
    let volume: [Int]
    let overlap: Double
    let importance: String
    let image: String
    let step: Int
    let cube: Int
    let cubes: [[Int]]
    let singlePrecisionPyTorch: String
  }

  init(_ name: String) throws {
    let file = fixtures.appendingPathComponent("swin/\(name).json")
    let data = try Data(contentsOf: file)
    description = try JSONDecoder().decode(Description.self, from: data)
    guard case .object(let members) = try parsed(String(decoding: data, as: UTF8.self)),
      let parameters = members.first(where: { $0.key == "parameters" })?.value
    else { throw CocoaError(.coderReadCorrupt) }
    configuration = try SwinUNETRConfiguration.read(parameters, file: file.path, path: "parameters")
    tensors = try hashedTensors(describedIn: file)
    let stored = try SafeTensors(path: fixtures.appendingPathComponent("swin/\(name).safetensors").path)
    (logits, gradient) = (stored.tensor("logits")!.values, stored.tensor("gradient")!.values)
  }

  /// Logits and gradient at the stored places.
  func run(
    threads: Int, block: Int = OneDNN.channelBlock, changing change: (inout SwinUNETRConfiguration) -> Void = { _ in }
  ) throws -> (logits: [Float], gradient: [Float]) {
    var configuration = configuration
    change(&configuration)
    let network = try withTemporaryFolder { folder in
      let path = folder.appendingPathComponent("weights.safetensors")
      try SafeTensors.write(tensors, to: path)
      return try configuration.network(weights: try SafeTensors(path: path.path))
    }
    let executor = try Executor(network, threads: threads, folding: true, block: block)
    let window = SlidingWindow(
      executor, window: description.window, overlap: description.overlap,
      importance: Importance(rawValue: description.importance)!)
    let volume = description.volume
    let count = volume.reduce(1, *)
    let image = Tensor(
      shape: [configuration.inputChannels] + volume,
      values: hashedNumbers(description.image, count: configuration.inputChannels * count, half: 1.7))

    let logits = try window.logits(image).values
    let cotangent = hashedNumbers("cotangent", count: configuration.outputChannels * count)
    let voxels = cotangentVoxels.sorted()
    let targets = (0..<configuration.outputChannels).map { k in
      LogitTarget(
        voxels: voxels, weights: voxels.map { cotangent[k * count + $0] },
        classWeights: (0..<configuration.outputChannels).map { $0 == k ? 1 : 0 })
    }
    var gradient = Array(repeating: Float(0), count: image.values.count)
    try window.visitGradients(of: targets, at: image) { _, box, values in
      var next = 0
      for c in 0..<configuration.inputChannels {
        for i in box.lower[0]..<box.upper[0] {
          for j in box.lower[1]..<box.upper[1] {
            for k in box.lower[2]..<box.upper[2] {
              gradient[((c * volume[0] + i) * volume[1] + j) * volume[2] + k] += values[next]
              next += 1
            }
          }
        }
      }
    }
    func sampled(_ values: [Float]) -> [Float] {
      stride(from: 0, to: values.count, by: description.step).map { values[$0] }
    }
    return (sampled(logits), sampled(gradient))
  }

  /// Linear indices inside of the cubes.
  private var cotangentVoxels: Set<Int> {
    let (volume, cube) = (description.volume, description.cube)
    var voxels: Set<Int> = []
    for corner in description.cubes {
      for i in 0..<cube * cube * cube {
        let (d, h, w) = (corner[0] + i / (cube * cube), corner[1] + i / cube % cube, corner[2] + i % cube)
        voxels.insert((d * volume[1] + h) * volume[2] + w)
      }
    }
    return voxels
  }
}
