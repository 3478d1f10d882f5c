public import Checkpoints
import Dispatch
public import Networks

/// Normal noise that is a pure function of (seed, sample, channel, voxel), so that any framework can draw the same
/// numbers.
///
/// With spatial shape (n₀, n₁, n₂), voxel (i₀, i₁, i₂) has the number v = i₀ + n₀·(i₁ + n₁·i₂): the **first** axis is
/// fastest, although tensors keep the last axis fastest in memory. Voxels 4q … 4q+3 share one Philox4x32-10 block with
/// key = seed (low word, high word) and counter (q, channel, sample, 0). Its words r become u = (r + 0.5)·2⁻³², and two
/// Box–Muller pairs √(−2 ln u₀)·(cos 2πu₁, sin 2πu₁), √(−2 ln u₂)·(cos 2πu₃, sin 2πu₃), computed in double precision,
/// each times σ and rounded to single precision.
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
    var (minimum, maximum) = (flair[0], flair[0])
    // The sum is finite only if all its terms are; it costs nothing beside the comparison.
    var allFinite = true
    for value in flair {
      minimum = min(minimum, value)
      maximum = max(maximum, value)
      allFinite = allFinite && value.isFinite
    }
    guard allFinite else { throw .imageNotFinite }
    return factor * (Double(maximum) - Double(minimum))
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
}

/// Draws the noise of a plane line by line along the first axis, and writes it row by row along the last.
private struct NoiseLines {
  let noise: GaussianNoise
  let sample: Int
  let spatial: [Int]
  let box: VoxelBox

  /// Lines drawn before they are written: rows of this many floats fill a cache line.
  private static let tile = 16

  func add(channel: Int, secondIndex: Int, source: UnsafePointer<Float>, destination: UnsafeMutablePointer<Float>) {
    let (n0, n1, n2) = (spatial[0], spatial[1], spatial[2])
    let (from, to) = (box.lower[0], box.upper[0])
    // The blocks of a line may begin up to three voxels before it and end up to three after it.
    let stride = (to - from + 6) / 4 * 4 + 4
    withUnsafeTemporaryAllocation(of: Float.self, capacity: stride * NoiseLines.tile) { drawn in
      withUnsafeTemporaryAllocation(of: Int.self, capacity: NoiseLines.tile) { begins in
        for start in Swift.stride(from: box.lower[2], to: box.upper[2], by: NoiseLines.tile) {
          let width = min(NoiseLines.tile, box.upper[2] - start)
          for column in 0..<width {
            let line = n0 * (secondIndex + n1 * (start + column))
            let blocks = (line + from) >> 2..<(line + to + 3) >> 2
            noise.draw(blocks: blocks, channel: channel, sample: sample, into: drawn.baseAddress! + column * stride)
            begins[column] = column * stride + line + from - 4 * blocks.lowerBound
          }
          for i0 in from..<to {
            let row = n2 * (secondIndex + n1 * (i0 + n0 * channel)) + start
            for column in 0..<width {
              destination[row + column] = source[row + column] + drawn[begins[column] + i0 - from]
            }
          }
        }
      }
    }
  }
}

extension GaussianNoise {
  /// The noise of voxels 4 · lowerBound … 4 · upperBound − 1, rounded to single precision.
  func draw(blocks: Range<Int>, channel: Int, sample: Int, into values: UnsafeMutablePointer<Float>) {
    let philox = Philox4x32(seed: seed)
    let capacity = 64
    withUnsafeTemporaryAllocation(of: UInt32.self, capacity: 4 * capacity) { words in
      // Words 0 and 2 of every block give radii, words 1 and 3 angles.
      let radii = words.baseAddress!
      let angles = radii + 2 * capacity
      for start in stride(from: blocks.lowerBound, to: blocks.upperBound, by: capacity) {
        let count = min(capacity, blocks.upperBound - start)
        for block in 0..<count {
          let r = philox.words(UInt32(truncatingIfNeeded: start + block), UInt32(channel), UInt32(sample), 0)
          radii[2 * block] = r.0
          angles[2 * block] = r.1
          radii[2 * block + 1] = r.2
          angles[2 * block + 1] = r.3
        }
        BoxMuller.fill(
          values + 4 * (start - blocks.lowerBound), first: radii, second: angles, pairs: 2 * count, sigma: sigma)
      }
    }
  }
}
