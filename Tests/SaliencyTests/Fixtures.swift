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
func whole(_ map: SaliencyMap) -> Tensor {
  let shape = map.spatialShape
  var tensor = Tensor(shape: [map.values.shape[0]] + shape)
  for channel in 0..<map.values.shape[0] {
    for voxel in 0..<shape.reduce(1, *) {
      tensor.values[channel * shape.reduce(1, *) + voxel] = map.value(channel: channel, at: map.position(voxel))
    }
  }
  return tensor
}
