import CZlib
import Foundation

/// The volumes that a page's viewer reads: `<script type="application/octet-stream;base64">`, zlib inside base64.
///
/// Looked at are the size, which leaves no room for anything behind the voxels, and the corners of whole images: a
/// brain does not fill the corners of its box, a head or an image without a mask does. Voxels are not read as text.
enum VolumeData {
  static let type = "application/octet-stream;base64"
  /// Bytes that a volume may have.
  private static let mostBytes = 1 << 30
  /// Of each side, what belongs to a corner; and the fraction of voxels there that may hold tissue.
  private static let corner = 12
  /// Smaller images are too coarse for a face, and their brains may well fill a box.
  private static let fewestVoxels = 500_000
  private static let mostTissue = 0.05

  static func leaks(in text: String, _ attributes: [(name: String, value: String)]) -> ReportLint.Found {
    let name = attributes.value("id") ?? "a volume"
    func unread(_ reason: String) -> ReportLint.Found { [(.unread, "\(name) \(reason)")] }
    let shape = (attributes.value("data-shape") ?? "").split(separator: " ").compactMap { Int($0) }
    guard shape.count == 3, shape.allSatisfy({ (1...65_536).contains($0) }),
      let bytesPerVoxel = attributes.value("data-bytes-per-voxel").flatMap({ Int($0) }), (1...4).contains(bytesPerVoxel)
    else { return unread("does not say its shape") }
    let count = shape.reduce(bytesPerVoxel, *)
    guard count <= mostBytes else { return unread("is larger than a volume of the brain") }
    guard let packed = Data(base64Encoded: text) else { return unread("is not base64") }
    guard let bytes = inflated([UInt8](packed), count: count) else {
      return unread("does not hold the voxels of its shape and nothing else")
    }
    guard ["volume-flair", "volume-mprage"].contains(name), count >= fewestVoxels else { return [] }
    return isFilledAtCorners(bytes, shape) ? [(.head, "\(name) is not empty at its corners")] : []
  }

  /// The content of a zlib stream that has exactly so many bytes and ends with its last; nil otherwise.
  private static func inflated(_ packed: [UInt8], count: Int) -> [UInt8]? {
    // A byte more, so that a longer stream is seen to be longer.
    var output = [UInt8](repeating: 0, count: count + 1)
    var size = uLong(output.count)
    var used = uLong(packed.count)
    guard uncompress2(&output, &size, packed, &used) == Z_OK, Int(size) == count, Int(used) == packed.count else {
      return nil
    }
    output.removeLast()
    return output
  }

  /// - Parameter stored: differences along rows, axis 0 fastest.
  private static func isFilledAtCorners(_ stored: [UInt8], _ shape: [Int]) -> Bool {
    func isAtEnd(_ at: Int, _ axis: Int) -> Bool {
      let margin = max(1, shape[axis] / corner)
      return at < margin || at >= shape[axis] - margin
    }
    var (tissue, all) = (0, 0)
    for k in 0..<shape[2] where isAtEnd(k, 2) {
      for j in 0..<shape[1] where isAtEnd(j, 1) {
        var value: UInt8 = 0
        for i in 0..<shape[0] {
          value &+= stored[i + shape[0] * (j + shape[1] * k)]
          guard isAtEnd(i, 0) else { continue }
          all += 1
          if value != 0 { tissue += 1 }
        }
      }
    }
    return Double(tissue) > mostTissue * Double(all)
  }
}
