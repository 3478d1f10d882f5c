/// The mean of the logits of several networks, each seen through several mirrorings of the window.
///
/// Mirroring turns the window around along some axes, and the logits back. This is the test-time augmentation and the
/// fold ensemble of nnU-Net v2, which averages logits; as every member has the same tiles, the mean may be taken window
/// by window. The gradient passes through every member. Source: nnunetv2 2.8, `inference/predict_from_raw_data.py`.
public final class WindowEnsemble: WindowFunction {
  public let members: [any WindowFunction]
  /// Sets of spatial axes (0 = D, 1 = H, 2 = W) along which a window is turned; the empty set is the window itself.
  public let mirrorings: [[Int]]

  public var inputChannels: Int { members[0].inputChannels }
  public var outputChannels: Int { members[0].outputChannels }

  /// - Parameter mirrorAxes: every combination of these axes is a mirroring; none for the window as it is.
  public init(_ members: [any WindowFunction], mirrorAxes: [Int]) {
    precondition(!members.isEmpty && Set(mirrorAxes).isSubset(of: [0, 1, 2]))
    precondition(members.allSatisfy { $0.inputChannels == members[0].inputChannels })
    precondition(members.allSatisfy { $0.outputChannels == members[0].outputChannels })
    self.members = members
    mirrorings = Set(mirrorAxes).sorted().reduce([[]]) { sets, axis in sets + sets.map { $0 + [axis] } }
  }

  private var share: Float { 1 / Float(members.count * mirrorings.count) }

  public func forward(
    spatialShape: [Int], fill: (UnsafeMutableBufferPointer<Float>) throws -> Void,
    read: (UnsafeBufferPointer<Float>) throws -> Void
  ) throws {
    let count = spatialShape.reduce(1, *)
    var sum = [Float](repeating: 0, count: outputChannels * count)
    var turned = sum
    try sum.withUnsafeMutableBufferPointer { sum in
      try turned.withUnsafeMutableBufferPointer { turned in
        for member in members {
          for axes in mirrorings {
            try member.forward(spatialShape: spatialShape) {
              try fill($0)
              Mirror.reverse($0, channels: inputChannels, spatialShape, axes)
            } read: { logits in
              _ = turned.update(fromContentsOf: logits)
              Mirror.reverse(turned, channels: outputChannels, spatialShape, axes)
              for index in sum.indices { sum[index] += turned[index] }
            }
          }
        }
        let share = share
        for index in sum.indices { sum[index] *= share }
      }
    }
    try sum.withUnsafeBufferPointer(read)
  }

  public func visitGradients(
    count: Int, spatialShape: [Int], fill: (UnsafeMutableBufferPointer<Float>) throws -> Void,
    logits: (UnsafeBufferPointer<Float>) throws -> Void,
    cotangent: (_ number: Int, _ target: UnsafeMutableBufferPointer<Float>) throws -> Void,
    read: (_ number: Int, _ gradient: UnsafeBufferPointer<Float>) throws -> Void
  ) throws {
    let share = share
    var turned = [Float](repeating: 0, count: inputChannels * spatialShape.reduce(1, *))
    var sum = [Float](repeating: 0, count: outputChannels * spatialShape.reduce(1, *))
    var given = 0
    for member in members {
      for axes in mirrorings {
        try member.visitGradients(count: count, spatialShape: spatialShape) {
          try fill($0)
          Mirror.reverse($0, channels: inputChannels, spatialShape, axes)
        } logits: { values in
          var values = Array(values)
          values.withUnsafeMutableBufferPointer { Mirror.reverse($0, channels: outputChannels, spatialShape, axes) }
          for index in sum.indices { sum[index] += share * values[index] }
          given += 1
        } cotangent: { number, target in
          try cotangent(number, target)
          for index in target.indices { target[index] *= share }
          Mirror.reverse(target, channels: outputChannels, spatialShape, axes)
        } read: { number, gradient in
          if axes.isEmpty { return try read(number, gradient) }
          try turned.withUnsafeMutableBufferPointer { turned in
            _ = turned.update(fromContentsOf: gradient)
            Mirror.reverse(turned, channels: inputChannels, spatialShape, axes)
            try read(number, UnsafeBufferPointer(turned))
          }
        }
      }
    }
    if given == members.count * mirrorings.count { try sum.withUnsafeBufferPointer(logits) }
  }
}

/// Turning [C, D, H, W] around along spatial axes.
enum Mirror {
  /// Reverses the order of voxels along each of `axes`, in place.
  static func reverse(_ values: UnsafeMutableBufferPointer<Float>, channels: Int, _ shape: [Int], _ axes: [Int]) {
    for axis in axes {
      let outer = channels * shape[..<axis].reduce(1, *)
      let (count, inner) = (shape[axis], shape[(axis + 1)...].reduce(1, *))
      for o in 0..<outer {
        for i in 0..<(count / 2) {
          let (a, b) = ((o * count + i) * inner, (o * count + count - 1 - i) * inner)
          for x in 0..<inner { values.swapAt(a + x, b + x) }
        }
      }
    }
  }
}
