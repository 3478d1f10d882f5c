import Checkpoints
import Networks

/// The convolutional toy as a function of one window.
final class ConvolutionalWindow: WindowFunction {
  private let toy: ConvolutionalToy
  let inputChannels = 2
  let outputChannels = 2

  init(_ toy: ConvolutionalToy) { self.toy = toy }

  private func window(_ shape: [Int], _ fill: (UnsafeMutableBufferPointer<Float>) throws -> Void) throws -> Tensor {
    var image = Tensor(shape: [inputChannels] + shape)
    try image.values.withUnsafeMutableBufferPointer { try fill($0) }
    return image
  }

  func forward(
    spatialShape: [Int], fill: (UnsafeMutableBufferPointer<Float>) throws -> Void,
    read: (UnsafeBufferPointer<Float>) throws -> Void
  ) throws { try toy.logits(try window(spatialShape, fill)).values.withUnsafeBufferPointer(read) }

  func visitGradients(
    count: Int, spatialShape: [Int], fill: (UnsafeMutableBufferPointer<Float>) throws -> Void,
    logits: (UnsafeBufferPointer<Float>) throws -> Void,
    cotangent: (Int, UnsafeMutableBufferPointer<Float>) throws -> Void,
    read: (Int, UnsafeBufferPointer<Float>) throws -> Void
  ) throws {
    let hidden = toy.first.forward(try window(spatialShape, fill).values.map(Double.init), spatialShape)
    for number in 0..<count {
      var target = [Float](repeating: 0, count: outputChannels * spatialShape.reduce(1, *))
      try target.withUnsafeMutableBufferPointer { try cotangent(number, $0) }
      var inner = toy.second.inputGradient(target.map(Double.init), spatialShape)
      for index in inner.indices where hidden[index] <= 0 { inner[index] = 0 }
      let gradient = toy.first.inputGradient(inner, spatialShape).map { Float($0) }
      try gradient.withUnsafeBufferPointer { try read(number, $0) }
    }
  }
}

/// A sound model whose gradient has a planted fault; its logits and values are right.
final class FaultyModel<Base: DifferentiableModel>: DifferentiableModel {
  enum Fault {
    case flippedSign
    /// The first piece of every call is forgotten.
    case droppedPiece
    /// Windows that do not begin at the border are forgotten.
    case droppedLaterWindows
    case everySecondCallHalved
    /// The image is handed out as its own gradient.
    case imageAsGradient
  }

  private let base: Base
  private let fault: Fault
  private var calls = 0

  init(_ base: Base, _ fault: Fault) {
    self.base = base
    self.fault = fault
  }

  func logits(_ input: Tensor) throws -> Tensor { try base.logits(input) }
  func value(of target: LogitTarget, at input: Tensor) throws -> Double { try base.value(of: target, at: input) }
  func support(of target: LogitTarget, spatialShape: [Int]) -> VoxelBox {
    base.support(of: target, spatialShape: spatialShape)
  }

  func visitGradients(
    of targets: [LogitTarget], at input: Tensor,
    _ visit: (_ target: Int, _ box: VoxelBox, _ gradient: UnsafeBufferPointer<Float>) throws -> Void
  ) throws {
    calls += 1
    var pieces = 0
    let spatial = Array(input.shape.dropFirst())
    try base.visitGradients(of: targets, at: input) { target, box, gradient in
      pieces += 1
      var values = Array(gradient)
      switch fault {
      case .flippedSign: values = values.map { -$0 }
      case .droppedPiece: if pieces == 1 { return }
      case .droppedLaterWindows: if box.lower[0] > 0 { return }
      case .everySecondCallHalved: if calls % 2 == 0 { values = values.map { $0 / 2 } }
      case .imageAsGradient:
        if pieces > 1 { return }
        values = []
        for c in 0..<input.shape[0] {
          for d in box.lower[0]..<box.upper[0] {
            for h in box.lower[1]..<box.upper[1] {
              let row = ((c * spatial[0] + d) * spatial[1] + h) * spatial[2]
              values += input.values[(row + box.lower[2])..<(row + box.upper[2])]
            }
          }
        }
      }
      try values.withUnsafeBufferPointer { try visit(target, box, $0) }
    }
  }
}
