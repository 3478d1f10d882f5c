import Checkpoints
import Foundation
import Networks

@testable import Saliency

/// Reads a fixture beside this file.
func fixture<Content: Decodable>(_ name: String, as type: Content.Type) throws -> Content {
  let folder = URL(fileURLWithPath: #filePath).deletingLastPathComponent().appendingPathComponent("Fixtures")
  return try JSONDecoder().decode(type, from: Data(contentsOf: folder.appendingPathComponent(name)))
}

/// Numbers for tests that need some: −1 to 1, the same every time.
func testNumbers(_ count: Int, seed: UInt64) -> [Float] {
  let philox = Philox4x32(seed: seed)
  return (0..<count).map { Float(philox.words(UInt32($0), 0, 0, 99).0) * 0x1p-31 - 1 }
}

func relativeL2(_ found: [Float], _ expected: [Float]) -> Double {
  precondition(found.count == expected.count)
  let difference = zip(found, expected).reduce(0.0) { $0 + pow(Double($1.0) - Double($1.1), 2) }
  return (difference / expected.reduce(0.0) { $0 + Double($1) * Double($1) }).squareRoot()
}

/// A map spread over the whole grid.
func whole(_ map: SaliencyMap) -> Tensor { spread(map) { map.value(channel: $0, at: $1) } }

/// The standard errors of a map over the whole grid.
func wholeErrors(_ map: SaliencyMap) -> Tensor { spread(map) { Float(map.standardError(channel: $0, at: $1)!) } }

private func spread(_ map: SaliencyMap, _ value: (Int, [Int]) -> Float) -> Tensor {
  let (channels, shape) = (map.values.shape[0], map.spatialShape)
  return Tensor(
    shape: [channels] + shape,
    values: (0..<channels).flatMap { channel in (0..<shape.reduce(1, *)).map { value(channel, map.position($0)) } })
}

extension SaliencyMap {
  /// Per channel, one value per voxel of the region; nil for a single sample.
  var errorsInside: [[Double]]? {
    guard standardError(channel: 0, at: [0, 0, 0]) != nil else { return nil }
    return (0..<values.shape[0]).map { channel in
      region.voxels.map { standardError(channel: channel, at: position($0))! }
    }
  }
}
