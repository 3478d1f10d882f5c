import CZlib
import Foundation
import SharedFixtures
import Testing

@testable import Volumes

/// Damaged images, each to be read or refused (``Fuzz``).
@Suite("Damaged images", .serialized) struct FuzzTests {
  /// Small images of every kind that is read: both versions, both byte orders, scaled, 4D, with an extension.
  static func images() throws -> [[UInt8]] {
    try withTemporaryFolder { folder in
      let path = folder.appendingPathComponent("image.nii").path
      let affine = Affine(rows: [[0.9, 0.1, 0, -3], [-0.1, 0.9, 0, 4], [0, 0, 1.2, 5]])
      let shape = GridShape(5, 4, 3)
      let values = (0..<shape.voxelCount).map { Float($0 % 7) }
      var found: [[UInt8]] = []
      for version in [NIfTIVersion.one, .two] {
        for isBigEndian in [false, true] {
          var header = NIfTIHeader(version: version, isBigEndian: isBigEndian)
          let model = NIfTIHeader(shape: shape, affine: affine)
          for (index, value) in [3, 5, 4, 3, 1, 1, 1, 1].enumerated() { header.set(.dim, index, to: value) }
          for index in 0..<4 { header.set(.pixdim, index, to: model.number(.pixdim, index)) }
          header.set(.xyztUnits, to: 2)
          header.setSform(affine, code: 1)
          try NIfTIWriter.write(Volume(shape: shape, affine: affine, voxels: values), like: header, to: path)
          found.append(Array(try Data(contentsOf: URL(fileURLWithPath: path))))
        }
      }
      let mask = Volume<UInt8>(shape: shape, affine: affine, voxels: values.map { $0 > 3 ? 1 : 0 })
      try NIfTIWriter.write(mask, to: path)
      found.append(Array(try Data(contentsOf: URL(fileURLWithPath: path))))
      try NIfTIWriter.write(channels: [mask, mask], to: path)
      found.append(Array(try Data(contentsOf: URL(fileURLWithPath: path))))
      // A comment of 16 bytes between header and voxels.
      var extended = found[4]
      extended.replaceSubrange(108..<112, with: [0, 0, 0xB8, 0x43])
      extended.replaceSubrange(348..<352, with: [1, 0, 0, 0])
      extended.insert(contentsOf: [16, 0, 0, 0, 6, 0, 0, 0] + Array("comment\0".utf8), at: 352)
      return found + [extended]
    }
  }

  static func read(_ path: String) throws {
    var refusal: (any Error)?
    for reading in [
      { _ = try NIfTI.inspect(path).problems }, { _ = try NIfTIFreeText.texts(in: path) },
      { _ = try NIfTIFile.readChannels(path).volumes.count },
    ] as [() throws -> Void] { do { try reading() } catch { refusal = error } }
    let image = try NIfTIFile.read(path)
    try image.requireFinite()
    _ = (image.volume.affine.spacingMillimetres, Orientation(image.volume.affine))
    if let refusal { throw refusal }
  }

  /// Level 1, so that damage in the middle of a stream still reaches what it holds.
  static func compressed(_ bytes: [UInt8]) -> [UInt8] {
    var stream = z_stream()
    deflateInit2_(&stream, 1, Z_DEFLATED, 31, 8, Z_DEFAULT_STRATEGY, ZLIB_VERSION, Int32(MemoryLayout<z_stream>.size))
    defer { deflateEnd(&stream) }
    var (source, target) = (bytes, [UInt8](repeating: 0, count: bytes.count + 1024))
    let count = source.withUnsafeMutableBufferPointer { source in
      target.withUnsafeMutableBufferPointer { target -> Int in
        (stream.next_in, stream.avail_in) = (source.baseAddress, UInt32(source.count))
        (stream.next_out, stream.avail_out) = (target.baseAddress, UInt32(target.count))
        _ = deflate(&stream, Z_FINISH)
        return target.count - Int(stream.avail_out)
      }
    }
    return Array(target.prefix(count))
  }

  @Test("Each is read or refused") func damagedImages() throws {
    let images = try Self.images()
    let tokens = ["n+1\0", "n+2\0", "ni1\0", "\u{0}\u{0}\u{80}\u{7F}"].map { Array($0.utf8) } + [[0x7F, 0xC0, 0, 0]]
    for reader in [
      FuzzReader(name: "NIfTI", corpus: images, tokens: tokens, ending: "nii", read: Self.read),
      FuzzReader(
        name: "gzip", corpus: images.map(Self.compressed),
        tokens: [[0x1F, 0x8B, 8], [0x1F, 0x8B, 8, 0xFF], [0, 0, 0xFF, 0xFF]], ending: "nii.gz", read: Self.read),
      FuzzReader(
        name: "NIfTI.gz", corpus: images, tokens: tokens, file: Self.compressed, ending: "nii.gz", read: Self.read),
    ] { try Fuzz.run(reader) { $0 is VolumeError } }
  }
}
