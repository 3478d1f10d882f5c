/// The normalisation layer of a block, as PyTorch parametrises it.
public enum Normalisation: Hashable, Sendable {
  case batch(affine: Bool, epsilon: Double)
  case instance(affine: Bool, epsilon: Double)
}

/// The activation layer of a block.
public enum ActivationKind: Hashable, Sendable {
  /// One learned slope per layer.
  case prelu
  case relu
  case leakyReLU(negativeSlope: Double)
}
