import Statistics

/// How windows follow each other along an axis.
public enum Tiling: String, Hashable, Sendable, CaseIterable {
  /// ⌊window · (1 − overlap)⌋ apart, the last one moved back to end at the border: MONAI's `SlidingWindowInferer`
  /// (1.6).
  case monai
  /// As few as are at most window · (1 − overlap) apart, spread evenly: `compute_steps_for_sliding_window` of nnunetv2
  /// 2.8.
  case nnunet

  /// First voxels of the windows over `extent` voxels, `extent` ≥ `window`.
  func starts(extent: Int, window: Int, overlap: Double) -> [Int] {
    guard extent > window else { return [0] }
    switch self {
    case .monai:
      let step = max(Int(saturating: Double(window) * (1 - overlap)), 1)
      return Array(stride(from: 0, to: extent - window, by: step)) + [extent - window]
    case .nnunet:
      let farthest = max(Double(window) * (1 - overlap), 1)
      let steps = Int(saturating: (Double(extent - window) / farthest).rounded(.up))
      let step = Double(extent - window) / Double(steps)
      return (0...steps).map { Int(saturating: (step * Double($0)).rounded(.toNearestOrEven)) }
    }
  }
}

/// Where windows stand over a volume, batch 1.
///
/// A volume smaller than the window is padded on both sides, the odd voxel behind.
struct WindowGrid: Hashable, Sendable {
  let volume: [Int]
  let window: [Int]
  /// First voxel of every window in the coordinates of the volume (negative inside the padding), last axis fastest.
  let starts: [[Int]]

  init(volume: [Int], window: [Int], overlap: Double, tiling: Tiling = .monai) {
    self.volume = volume
    self.window = window
    let before = zip(window, volume).map { max($0 - $1, 0) / 2 }
    let axes = (0..<3).map { axis in
      tiling.starts(extent: max(volume[axis], window[axis]), window: window[axis], overlap: overlap).map {
        $0 - before[axis]
      }
    }
    starts = axes[0].flatMap { i in axes[1].flatMap { j in axes[2].map { k in [i, j, k] } } }
  }

  /// The part of a window that lies inside the volume.
  func inside(_ start: [Int]) -> VoxelBox {
    VoxelBox(lower: start, shape: window).intersection(VoxelBox(shape: volume))
  }

  /// Visits the rows along the last axis that window and volume share: their first index in the window, in the volume,
  /// and their length.
  @inline(__always) func forEachRow(_ start: [Int], _ body: (_ inWindow: Int, _ inVolume: Int, _ count: Int) -> Void) {
    VoxelBox(lower: start, shape: window).visitRows(sharedWith: VoxelBox(shape: volume), body)
  }
}

/// The voxels of a target with their coordinates, to find those that lie in a window.
struct PlacedTarget {
  struct Voxel: Hashable {
    /// Position in the target's list.
    let entry: Int
    /// Linear index in the window, last axis fastest.
    let inWindow: Int
  }

  private let positions: [(Int, Int, Int)]
  private let bounds: VoxelBox

  init(_ target: LogitTarget, volume: [Int]) {
    let count = volume.reduce(1, *)
    positions = target.voxels.map { index in
      precondition((0..<count).contains(index), "a target voxel outside of the volume")
      return (index / (volume[1] * volume[2]), index / volume[2] % volume[1], index % volume[2])
    }
    let axes = [positions.map(\.0), positions.map(\.1), positions.map(\.2)]
    bounds = VoxelBox(lower: axes.map { $0.min() ?? 0 }, upper: axes.map { $0.max().map { $0 + 1 } ?? 0 })
  }

  func voxels(in start: [Int], window: [Int]) -> [Voxel] {
    let box = VoxelBox(lower: start, shape: window)
    guard !box.intersection(bounds).isEmpty else { return [] }
    return positions.enumerated().compactMap { entry, position in
      box.index(ofVoxel: position.0, position.1, position.2).map { Voxel(entry: entry, inWindow: $0) }
    }
  }
}
