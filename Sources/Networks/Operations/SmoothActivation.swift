import CKernels

/// A function of single numbers whose derivative changes without jumps (ELU with α other than 1 has one at 0).
enum SmoothFunction: Hashable, Sendable {
  /// x where x > 0, else α · (eˣ − 1).
  case elu(alpha: Double)
  /// x · Φ(x) with the normal distribution function Φ: PyTorch's exact GELU.
  case gelu
  /// x / 2 · (1 + tanh(√(2/π) · (x + 0.044715 · x³))): PyTorch's approximate GELU.
  case geluTanh
  /// x / (1 + e^(−scale · x)): SiLU with a scale of 1.
  case swish(scale: Double)
  /// x · tanh(log(1 + eˣ)).
  case mish
}

/// y = f(x) for every number by itself; all of these are 0 at 0, so that channels which fill up a block stay 0.
struct SmoothActivation: Operation, LocalGradient {
  static let kind = "activation"

  let function: SmoothFunction

  init(_ function: SmoothFunction) { self.function = function }

  func outputLayout(_ inputs: [ChannelLayout], channels: Int, block: Int) -> ChannelLayout { inputs[0] }

  func forward(_ node: ForwardNode) {
    let (output, builder, function) = (node.output, node.builder, function)
    let input = builder.stored(node.inputs[0], as: output.channels)
    builder.emit("\(node.name) activation", touching: [input, output]) { arena in
      let (source, target, count) = (arena.address(input), arena.address(output), output.count)
      guard let eltwise = OneDNNEltwise.Function(function) else { return { lqc_gelu(source, nil, target, count) } }
      return try OneDNNEltwise(eltwise, count: count, source: source, destination: target, builder.scratch).run
    }
  }

  /// dx = dy · f'(x).
  func gradient(_ node: GradientNode) {
    let (builder, cotangent) = (node.builder, node.cotangent())
    let input = builder.stored(node.inputs[0], as: node.output.channels)
    let target = cotangent.isOwned ? cotangent.region : builder.region(like: cotangent.region)
    emitGradient("\(node.name) gradient", at: input, of: cotangent.region, to: target, builder)
    node.contribute(target, to: 0)
  }

  // MARK: Local gradient

  var localFunction: SmoothActivation? { self }

  /// target = cotangent · f'(values); the target may be the cotangent. All three are stored alike.
  func emitGradient(_ label: String, at values: Region, of cotangent: Region, to target: Region, _ builder: PlanBuilder)
  {
    let function = function
    builder.emit(label, touching: [values, cotangent, target]) { arena in
      let (x, dy, result) = (arena.address(values), arena.address(cotangent), arena.address(target))
      let count = target.count
      guard let eltwise = OneDNNEltwise.Function(function) else { return { lqc_gelu(x, dy, result, count) } }
      return try OneDNNEltwise(eltwise, count: count, values: x, cotangent: dy, gradient: result, builder.scratch).run
    }
  }
}

extension OneDNNEltwise.Function {
  /// Nil for the exact GELU: the kernel of the transformers' is as fast.
  init?(_ function: SmoothFunction) {
    switch function {
    case .elu(let alpha): self = .elu(alpha: Float(alpha))
    case .gelu: return nil
    case .geluTanh: self = .geluTanh
    case .swish(let scale): self = .swish(scale: Float(scale))
    case .mish: self = .mish
    }
  }
}
