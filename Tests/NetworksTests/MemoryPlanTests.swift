import Foundation
import Models
import SharedFixtures
import Testing

@testable import Checkpoints
@testable import Networks

@Suite("Memory") struct MemoryPlanTests {
  @Test("Plans are released with their executor") func release() throws {
    let folder = URL(fileURLWithPath: #filePath).appendingPathComponent("../../../sample-data/models/unet").standardized
    weak var executor: Executor?
    weak var plan: Plan?
    weak var memory: Arena?
    weak var local: LocalPlan?
    do {
      let model = try ModelFolder.load(folder.path)
      let window = try model.makeSlidingWindow(threads: 1)
      let made = try #require(window.function as? Executor)
      executor = made
      let image = Tensor(shape: [2, 96, 96, 96])
      _ = try window.logits(image)
      plan = try made.plan(for: [96, 96, 96])
      memory = plan?.arena
      let target = LogitTarget(voxels: [48 * 96 * 96 + 48 * 96 + 48], classWeights: [0, 1])
      try window.visitGradients(of: [target], at: image) { _, _, _ in }
      local = try plan?.localPlan(target: [1, 1, 1])
      #expect(memory != nil && local != nil)
    }
    #expect(executor == nil && plan == nil && memory == nil && local == nil)
  }

  @Test("Buffers that live at the same time never overlap") func disjoint() {
    var numbers = SeededNumbers(21)
    for _ in 0..<200 {
      var plan = MemoryPlan()
      var lives: [ClosedRange<Int>] = []
      for _ in 0..<Int.random(in: 1...30, using: &numbers) {
        let buffer = plan.buffer(count: Int.random(in: 1...500, using: &numbers))
        let start = Int.random(in: 0..<40, using: &numbers)
        let end = start + Int.random(in: 0..<10, using: &numbers)
        plan.use(buffer, at: end)
        plan.use(buffer, at: start)
        lives.append(start...end)
      }
      let (starts, total) = plan.placed()
      for a in lives.indices {
        #expect(starts[a] % 16 == 0 && starts[a] + plan.sizes[a] <= total)
        for b in lives.indices where b > a && lives[a].overlaps(lives[b]) {
          #expect(starts[a] + plan.sizes[a] <= starts[b] || starts[b] + plan.sizes[b] <= starts[a])
        }
      }
    }
  }

  @Test("Memory is used again after a buffer's life, and kept for the gradient") func reuse() {
    var plan = MemoryPlan()
    let (a, b, c) = (plan.buffer(count: 160), plan.buffer(count: 160), plan.buffer(count: 160))
    for (buffer, steps) in [(a, [0, 1]), (b, [2, 5]), (c, [6, 7])] { for step in steps { plan.use(buffer, at: step) } }
    #expect(plan.placed().total == 160)
    // The gradient begins at step 4: b is read there and must outlive c, so that it can be read again.
    plan.keep(across: 4, until: 7)
    #expect(plan.placed().total == 320)
  }

  @Test("The paper's configuration at 96³ needs far less than a gigabyte") func paper() throws {
    try withTemporaryFolder { folder in
      var numbers = SeededNumbers(8)
      var tensors: [String: Tensor] = [:]
      func add(_ name: String, _ shape: [Int], _ range: ClosedRange<Float>) {
        tensors[name] = Tensor(shape: shape, values: numbers.floats(shape.reduce(1, *), in: range))
      }
      let channels = [2, 32, 64, 128, 256, 512]
      func block(_ prefix: String, _ shape: [Int], outputs: Int, hasNorm: Bool) {
        add("\(prefix).conv.weight", shape, -0.05...0.05)
        add("\(prefix).conv.bias", [outputs], -0.1...0.1)
        guard hasNorm else { return }
        for (name, range) in [
          ("weight", Float(0.5)...1.5), ("bias", -0.1...0.1), ("running_mean", -0.1...0.1), ("running_var", 0.5...1.5),
        ] { add("\(prefix).adn.N.\(name)", [outputs], range) }
        add("\(prefix).adn.A.weight", [1], 0.1...0.3)
      }
      var prefix = "model"
      for level in 1...4 {
        block("\(prefix).0", [channels[level], channels[level - 1], 3, 3, 3], outputs: channels[level], hasNorm: true)
        let joined = level == 4 ? 768 : 2 * channels[level]
        let outputs = max(channels[level - 1], 2)
        block("\(prefix).2", [joined, outputs, 3, 3, 3], outputs: outputs, hasNorm: level > 1)
        prefix += ".1.submodule"
      }
      block(prefix, [512, 256, 3, 3, 3], outputs: 512, hasNorm: true)
      let url = folder.appendingPathComponent("weights.safetensors")
      try SafeTensors.write(tensors, to: url)

      var configuration = UNetConfiguration(
        inputChannels: 2, outputChannels: 2, channels: [32, 64, 128, 256, 512],
        strides: Array(repeating: [2, 2, 2], count: 4))
      configuration.normalisation = .batch(affine: true, epsilon: 1e-5)
      let network = try UNet.network(configuration, weights: try SafeTensors(path: url.path))
      // What MONAI 1.6.1 counts for this configuration.
      #expect(network.parameterCount == 7_916_170)
      let executor = try Executor(network, threads: 2)
      let plan = try executor.plan(for: [96, 96, 96])
      #expect(plan.workingBytes < 250_000_000)

      // 13 convolutions' worth of work, forward and gradient, run without error and give finite numbers.
      for i in plan.input.indices { plan.input[i] = Float(i % 11) - 5 }
      try plan.forward()
      #expect(plan.output.allSatisfy(\.isFinite) && plan.output.contains { $0 != plan.output[0] })
      plan.cotangent.update(repeating: 1)
      try plan.gradient()
      #expect(plan.sourceGradient.allSatisfy(\.isFinite) && plan.sourceGradient.contains { $0 != 0 })
    }
  }

  @Test("The paper's DynUNet at 96³ keeps what the gradient needs and little more") func paperDynUNet() throws {
    try withTemporaryFolder { folder in
      var numbers = SeededNumbers(8)
      var tensors: [String: Tensor] = [:]
      func add(_ name: String, _ shape: [Int], _ range: ClosedRange<Float> = -0.1...0.1) {
        tensors[name] = Tensor(shape: shape, values: numbers.floats(shape.reduce(1, *), in: range))
      }
      func block(_ name: String, _ inputs: Int, _ outputs: Int, isResidual: Bool) {
        for (number, inputs, kernel) in [(1, inputs, 3), (2, outputs, 3)] + (isResidual ? [(3, inputs, 1)] : []) {
          add("\(name).conv\(number).conv.weight", [outputs, inputs, kernel, kernel, kernel])
          add("\(name).norm\(number).weight", [outputs], 0.5...1.5)
          add("\(name).norm\(number).bias", [outputs])
        }
      }
      block("input_block", 2, 16, isResidual: true)
      block("downsamples.0", 16, 32, isResidual: true)
      block("bottleneck", 32, 64, isResidual: true)
      for (index, channels) in [32, 16].enumerated() {
        add("upsamples.\(index).transp_conv.conv.weight", [2 * channels, channels, 2, 2, 2])
        block("upsamples.\(index).conv_block", 2 * channels, channels, isResidual: false)
      }
      add("output_block.conv.conv.weight", [2, 16, 1, 1, 1])
      add("output_block.conv.conv.bias", [2])
      let url = folder.appendingPathComponent("weights.safetensors")
      try SafeTensors.write(tensors, to: url)

      var configuration = DynUNetConfiguration(
        inputChannels: 2, outputChannels: 2, kernels: Array(repeating: [3, 3, 3], count: 3),
        strides: [[1, 1, 1], [2, 2, 2], [2, 2, 2]], filters: [16, 32, 64])
      configuration.isResidual = true
      let network = try configuration.network(weights: try SafeTensors(path: url.path))
      // What MONAI 1.6.1 counts for this configuration.
      #expect(network.parameterCount == 342_786)
      let plan = try Executor(network, threads: 2).plan(for: [96, 96, 96])
      // A value of 16 channels takes 56.6 MB. Kept: five of them and their like at lower resolutions; at the widest
      // point of the gradient five more.
      #expect(plan.workingBytes < 640_000_000)
    }
  }
}
