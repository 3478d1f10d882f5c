/// The voxels of a target with their coordinates, to find those that lie in a window.
struct PlacedTarget {
  struct Voxel: Hashable {
    /// Position in the target's list.
    let entry: Int
    /// Linear index in the window, last axis fastest.
    let inWindow: Int
  }

  private let coordinates: [(Int, Int, Int)]
  private let lower: [Int]
  private let upper: [Int]

  init(_ target: LogitTarget, volume: [Int]) {
    let count = volume.reduce(1, *)
    coordinates = target.voxels.map { index in
      precondition((0..<count).contains(index), "a target voxel outside of the volume")
      return (index / (volume[1] * volume[2]), index / volume[2] % volume[1], index % volume[2])
    }
    lower = [coordinates.map(\.0).min() ?? 0, coordinates.map(\.1).min() ?? 0, coordinates.map(\.2).min() ?? 0]
    upper = [coordinates.map(\.0).max() ?? -1, coordinates.map(\.1).max() ?? -1, coordinates.map(\.2).max() ?? -1]
  }

  func voxels(in start: [Int], window: [Int]) -> [Voxel] {
    guard (0..<3).allSatisfy({ lower[$0] < start[$0] + window[$0] && upper[$0] >= start[$0] }) else { return [] }
    var result: [Voxel] = []
    for (entry, (i, j, k)) in coordinates.enumerated() {
      let (a, b, c) = (i - start[0], j - start[1], k - start[2])
      if a >= 0, b >= 0, c >= 0, a < window[0], b < window[1], c < window[2] {
        result.append(Voxel(entry: entry, inWindow: (a * window[1] + b) * window[2] + c))
      }
    }
    return result
  }
}
