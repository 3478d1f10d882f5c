import Foundation
import Volumes

let packageRoot = URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
  .deletingLastPathComponent()

/// Reads a fixture of this target.
func fixture<Content: Decodable>(_ name: String, as type: Content.Type) throws -> Content {
  let file = packageRoot.appendingPathComponent("Tests/LesionsTests/Fixtures/\(name)")
  return try JSONDecoder().decode(type, from: Data(contentsOf: file))
}

/// A mask written as a string of 0 and 1, axis 0 fastest.
func mask(_ digits: String, _ shape: [Int], affine: Affine = .scaling(1, 1, 1)) -> Volume<UInt8> {
  Volume(
    shape: GridShape(shape[0], shape[1], shape[2]), affine: affine,
    voxels: digits.utf8.map { $0 == UInt8(ascii: "1") ? 1 : 0 })
}

/// Size, lowest and highest index and sum of the indices of a component, as the fixtures record it.
func summary(_ voxels: [Int]) -> [Int] { [voxels.count, voxels[0], voxels[voxels.count - 1], voxels.reduce(0, +)] }
