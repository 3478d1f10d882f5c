import CKernels

/// Runs a network on windows: compiled once per window shape, then one forward pass and any number of gradients.
///
/// Not safe for use by several threads at once; the work inside is shared among ``threads``.
public final class Executor {
  public let network: Network
  /// Threads that share the work of each pass.
  public let threads: Int
  /// How many times a plan was compiled. Windows of one shape need one.
  public private(set) var compiledPlanCount = 0

  /// The layer whose values and gradients ``visitLayer(count:spatialShape:fill:cotangent:read:)`` gives; nil: none.
  public let layer: String?

  private let graph: Graph
  /// The node that gradients are taken with respect to.
  private let source: Int
  private let stream: OneDNNStream
  private let block: Int
  private var plans: [Plan] = []
  /// Plans kept for other shapes; the one used longest ago is dropped first.
  private static let planLimit = 3

  /// - Parameters:
  ///   - threads: Nil for all cores that the process may use.
  ///   - layer: name of a module whose values are wanted, as in the network's origin; it is not folded into its
  ///     neighbours, and
  ///     gradients are taken with respect to it instead of the input.
  /// - Throws: ``NetworkError/noLayer(name:convolutions:)``.
  public convenience init(_ network: Network, threads: Int? = nil, layer: String? = nil) throws {
    try self.init(network, threads: threads, folding: true, block: OneDNN.channelBlock, layer: layer)
  }

  init(_ network: Network, threads: Int?, folding: Bool, block: Int, layer: String? = nil) throws {
    self.network = network
    self.threads = max(1, threads ?? Int(lqc_processors()))
    self.block = block
    self.layer = layer
    let tapped = try layer.map { try network.graph.node(ofLayer: $0) }
    let (graph, source) = folding ? network.graph.folded(keeping: tapped) : (network.graph, tapped)
    self.graph = graph
    self.source = source ?? 0
    lqc_set_threads(Int32(self.threads))
    stream = try OneDNNStream()
  }

  /// The plan for a window of this spatial shape, compiled at its first use.
  ///
  /// - Throws: ``NetworkError/input(found:expected:)`` when the network cannot take the shape.
  func plan(for spatialShape: [Int]) throws -> Plan {
    lqc_set_threads(Int32(threads))
    if let index = plans.firstIndex(where: { $0.spatialShape == spatialShape }) {
      if index != plans.count - 1 { plans.append(plans.remove(at: index)) }
      return plans[plans.count - 1]
    }
    try requireDivisible(spatialShape)
    if plans.count == Self.planLimit { plans.removeFirst() }
    let plan = try Plan(graph, source: source, spatialShape: spatialShape, stream: stream, block: block)
    compiledPlanCount += 1
    plans.append(plan)
    return plan
  }

  private func requireDivisible(_ spatialShape: [Int]) throws {
    guard zip(spatialShape, network.divisors).allSatisfy({ $0 > 0 && $0 % $1 == 0 }) else {
      func text(_ shape: [Int]) -> String { shape.map(String.init).joined(separator: " × ") }
      throw NetworkError.input(
        found: "a window of \(text(spatialShape)) voxels, which does not fit the network",
        expected: "each axis divisible by the product of its strides, \(text(network.divisors))")
    }
  }

  /// Bytes of memory that the plan for a window of this shape takes, found without allocating it.
  ///
  /// - Parameter limit: the work of finding out is left when one value alone takes more; the bytes of that value are
  ///   returned then.
  /// - Throws: ``NetworkError/input(found:expected:)`` when the network cannot take the shape.
  public func workingBytes(spatialShape: [Int], limit: Int = .max) throws -> Int {
    try requireDivisible(spatialShape)
    let largest = try graph.shapes(spatialShape: spatialShape).map { $0.reduce(4, *) }.max() ?? 0
    guard largest <= limit else { return largest }
    return try PlanDraft(graph, source: source, spatialShape: spatialShape, stream: stream, block: block).workingBytes
  }
}

extension Executor: WindowFunction {
  public var inputChannels: Int { network.inputChannels }
  public var outputChannels: Int { network.outputChannels }

  public func forward(
    spatialShape: [Int], fill: (UnsafeMutableBufferPointer<Float>) throws -> Void,
    read: (UnsafeBufferPointer<Float>) throws -> Void
  ) throws {
    let plan = try plan(for: spatialShape)
    try fill(plan.input)
    try plan.forward()
    try read(UnsafeBufferPointer(plan.output))
  }

  public func visitGradients(
    count: Int, spatialShape: [Int], fill: (UnsafeMutableBufferPointer<Float>) throws -> Void,
    logits: (UnsafeBufferPointer<Float>) throws -> Void,
    cotangent: (_ number: Int, _ target: UnsafeMutableBufferPointer<Float>) throws -> Void,
    read: (_ number: Int, _ gradient: UnsafeBufferPointer<Float>) throws -> Void
  ) throws {
    try forward(spatialShape: spatialShape, fill: fill, read: logits)
    for number in 0..<count { try gradient(fill: { try cotangent(number, $0) }, read: { try read(number, $0) }) }
  }

  public func reach(of target: VoxelBox, spatialShape: [Int]) -> VoxelBox {
    // A shape that no plan can be made for is refused by the passes themselves.
    (try? plan(for: spatialShape).reach(of: target)) ?? VoxelBox(shape: spatialShape)
  }

  /// d(Σ cotangent · logits)/d(window) at the window of the last forward pass; may be called again with other
  /// cotangents.
  public func gradient(
    fill: (UnsafeMutableBufferPointer<Float>) throws -> Void, read: (UnsafeBufferPointer<Float>) throws -> Void
  ) throws {
    guard let plan = plans.last else { preconditionFailure("a gradient follows a forward pass") }
    lqc_set_threads(Int32(threads))
    precondition(layer == nil, "the gradients of this executor are those of a layer")
    try fill(plan.cotangent)
    try plan.gradient()
    try read(UnsafeBufferPointer(plan.sourceGradient))
  }
}

extension Executor: LayerFunction {
  public func visitLayer(
    count: Int, spatialShape: [Int], fill: (UnsafeMutableBufferPointer<Float>) throws -> Void,
    cotangent: (_ number: Int, _ target: UnsafeMutableBufferPointer<Float>) throws -> Void,
    read: (_ number: Int, _ layer: LayerValues) throws -> Void
  ) throws {
    precondition(layer != nil, "no layer of this executor is tapped")
    try forward(spatialShape: spatialShape, fill: fill, read: { _ in })
    let plan = try plan(for: spatialShape)
    for number in 0..<count {
      try cotangent(number, plan.cotangent)
      try plan.gradient()
      try read(
        number,
        LayerValues(
          channels: plan.sourceShape[0], spatialShape: Array(plan.sourceShape.dropFirst()),
          values: UnsafeBufferPointer(plan.source), gradient: UnsafeBufferPointer(plan.sourceGradient)))
    }
  }
}

extension Executor {
  /// Seconds that each step of a forward pass and of a gradient takes, the fastest of `rounds`, for the work on its
  /// speed. Wall time: nothing else should run.
  ///
  /// - Parameter repeats: how often each step runs before the next one does; the time is that of one run. With several,
  ///   weights and what the forward pass saved are met again while they are in the cache, as in a batch of cotangents
  ///   that goes through the network step by step.
  public func profile(spatialShape: [Int], rounds: Int, repeats: Int = 1) throws -> [(
    label: String, isGradient: Bool, seconds: Double
  )] {
    let plan = try plan(for: spatialShape)
    for i in plan.input.indices { plan.input[i] = Float(i &* 7919 % 1000) / 250 - 2 }
    for i in plan.cotangent.indices { plan.cotangent[i] = Float(i &* 104_729 % 1000) / 500 - 1 }
    let steps = plan.forwardSteps + plan.gradientSteps
    var fastest = Array(repeating: Double.infinity, count: steps.count)
    for _ in 0..<rounds {
      for (index, step) in steps.enumerated() {
        let time = try ContinuousClock().measure { for _ in 0..<repeats { try step.run() } }
        fastest[index] = min(fastest[index], time / .seconds(repeats))
      }
    }
    return steps.indices.map {
      (label: steps[$0].label, isGradient: $0 >= plan.forwardSteps.count, seconds: fastest[$0])
    }
  }
}
