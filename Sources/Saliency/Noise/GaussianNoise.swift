import Dispatch
public import Networks

#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#elseif canImport(Darwin)
  import Darwin
#endif

/// Normal noise that is a pure function of (seed, sample, channel, voxel), so that any framework can draw the same numbers.
///
/// With spatial shape (n₀, n₁, n₂), voxel (i₀, i₁, i₂) has the number v = i₀ + n₀·(i₁ + n₁·i₂): the **first** axis is fastest,
/// although tensors keep the last axis fastest in memory. Voxels 4q … 4q+3 share one Philox4x32-10 block with key = seed
/// (low word, high word) and counter (q, channel, sample, 0). Its words r become u = (r + 0.5)·2⁻³², and two Box–Muller
/// pairs √(−2 ln u₀)·(cos 2πu₁, sin 2πu₁), √(−2 ln u₂)·(cos 2πu₃, sin 2πu₃), computed in double precision, each times σ and rounded to
/// single precision.
public struct GaussianNoise: Hashable, Sendable {
  public let seed: UInt64
  /// Standard deviation in units of the image, in double precision.
  public let sigma: Double

  public init(seed: UInt64, sigma: Double) {
    precondition(sigma >= 0 && sigma.isFinite, "a standard deviation is finite and not negative")
    self.seed = seed
    self.sigma = sigma
  }

  /// σ = factor · (max − min) of channel 0 (FLAIR) over the whole volume, zeros included.
  public static func sigma(factor: Double, of image: Tensor) throws(SaliencyError) -> Double {
    guard image.shape.count == 4, image.shape.allSatisfy({ $0 > 0 }) else { throw .notAnImage(shape: image.shape) }
    let flair = image.values.prefix(image.shape[1...].reduce(1, *))
    var (lowest, highest) = (flair[0], flair[0])
    // The sum is finite only if all its terms are; it costs nothing beside the comparison.
    var allFinite = true
    for value in flair {
      lowest = min(lowest, value)
      highest = max(highest, value)
      allFinite = allFinite && value.isFinite
    }
    guard allFinite else { throw .imageNotFinite }
    return factor * (Double(highest) - Double(lowest))
  }

  /// Writes image + noise of one sample into `noisy`, inside a box; the rest of `noisy` is left as it is.
  ///
  /// - Parameters:
  ///   - sample: 0 … N − 1.
  ///   - image: `[C, D, H, W]`.
  ///   - noisy: of the same shape.
  ///   - box: of the spatial axes; noise is needed only where a gradient can depend on it.
  ///   - threads: does not change the result.
  public func add(sample: Int, to image: Tensor, into noisy: inout Tensor, within box: VoxelBox, threads: Int) {
    precondition(image.shape.count == 4 && noisy.shape == image.shape, "noise is added to [C, D, H, W]")
    let (channels, spatial) = (image.shape[0], Array(image.shape[1...]))
    precondition(zip(box.upper, spatial).allSatisfy { $0 <= $1 } && box.lower.allSatisfy { $0 >= 0 })
    precondition(spatial.reduce(1, *) <= 1 << 34, "the counter of the noise has 32 bits")
    guard box.voxelCount > 0 else { return }
    image.values.withUnsafeBufferPointer { source in
      noisy.values.withUnsafeMutableBufferPointer { destination in
        // Planes of constant (channel, second axis) are disjoint in memory, so threads never write the same element.
        nonisolated(unsafe) let source = source.baseAddress!
        nonisolated(unsafe) let destination = destination.baseAddress!
        let planes = channels * box.shape[1]
        let workers = max(1, min(threads, planes))
        DispatchQueue.concurrentPerform(iterations: workers) { worker in
          let lines = NoiseLines(noise: self, sample: sample, spatial: spatial, box: box)
          for plane in stride(from: worker, to: planes, by: workers) {
            lines.add(
              channel: plane / box.shape[1], secondIndex: box.lower[1] + plane % box.shape[1], source: source,
              destination: destination)
          }
        }
      }
    }
  }

  /// The four values of block `q`, times σ, rounded to single precision.
  @inline(__always)
  func block(_ philox: Philox4x32, q: Int, channel: Int, sample: Int) -> (Float, Float, Float, Float) {
    let r = philox.words(UInt32(truncatingIfNeeded: q), UInt32(channel), UInt32(sample), 0)
    let (a, b) = normalPair(r.0, r.1)
    let (c, d) = normalPair(r.2, r.3)
    return (Float(a * sigma), Float(b * sigma), Float(c * sigma), Float(d * sigma))
  }

  @inline(__always)
  private func normalPair(_ first: UInt32, _ second: UInt32) -> (Double, Double) {
    let scale = 0x1p-32
    let radius = (-2 * log((Double(first) + 0.5) * scale)).squareRoot()
    let angle = 2 * Double.pi * ((Double(second) + 0.5) * scale)
    return (radius * cos(angle), radius * sin(angle))
  }
}

/// Draws the noise of a plane line by line along the first axis, and writes it row by row along the last.
private struct NoiseLines {
  let noise: GaussianNoise
  let sample: Int
  let spatial: [Int]
  let box: VoxelBox

  /// Lines drawn before they are written: rows of this many floats fill a cache line.
  private static let tile = 16

  func add(
    channel: Int, secondIndex: Int, source: UnsafePointer<Float>, destination: UnsafeMutablePointer<Float>
  ) {
    let philox = Philox4x32(seed: noise.seed)
    let (n0, n1, n2) = (spatial[0], spatial[1], spatial[2])
    let (from, to) = (box.lower[0], box.upper[0])
    withUnsafeTemporaryAllocation(of: Float.self, capacity: (to - from) * NoiseLines.tile) { drawn in
      for start in stride(from: box.lower[2], to: box.upper[2], by: NoiseLines.tile) {
        let width = min(NoiseLines.tile, box.upper[2] - start)
        for column in 0..<width {
          let line = n0 * (secondIndex + n1 * (start + column))
          var q = (line + from) >> 2
          while 4 * q < line + to {
            let values = noise.block(philox, q: q, channel: channel, sample: sample)
            // A block may begin in the line before or end in the line after this one.
            let i0 = 4 * q - line - from
            if i0 >= 0 { drawn[i0 * NoiseLines.tile + column] = values.0 }
            if i0 + 1 >= 0 && i0 + 1 < to - from { drawn[(i0 + 1) * NoiseLines.tile + column] = values.1 }
            if i0 + 2 >= 0 && i0 + 2 < to - from { drawn[(i0 + 2) * NoiseLines.tile + column] = values.2 }
            if i0 + 3 < to - from { drawn[(i0 + 3) * NoiseLines.tile + column] = values.3 }
            q += 1
          }
        }
        for i0 in from..<to {
          let row = n2 * (secondIndex + n1 * (i0 + n0 * channel)) + start
          for column in 0..<width {
            destination[row + column] = source[row + column] + drawn[(i0 - from) * NoiseLines.tile + column]
          }
        }
      }
    }
  }
}
