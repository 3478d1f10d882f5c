import Foundation
import Testing

@testable import Volumes

/// Files are read, written and cropped as nibabel does it.
@Suite struct NibabelTests {
  struct Variant: Decodable {
    let name: String
    let file: Data
    let shape: [Int]
    let affine: [[Double]]
    let orientation: String
    let voxels: [UInt32]
  }

  struct Variants: Decodable { let variants: [Variant] }

  @Test func everyVariantIsReadAsNibabelReadsIt() throws {
    let variants = try Fixtures.load("variants.json", as: Variants.self).variants
    #expect(variants.count > 170)
    for variant in variants {
      // The name is misleading on purpose: gzip is told by content.
      let image = try Fixtures.withFile(variant.file) { try NIfTIFile.read($0) }
      #expect(image.volume.shape == GridShape(variant.shape), "\(variant.name)")
      // Bit for bit, but for the sign of a zero: nibabel does not add an intercept of 0, which would drop it.
      let differing = zip(image.volume.voxels, variant.voxels).filter {
        $0.bitPattern != $1 && $0 != Float(bitPattern: $1)
      }
      #expect(differing.isEmpty && image.volume.voxels.count == variant.voxels.count, "\(variant.name)")
      #expect(image.volume.orientation.code == variant.orientation, "\(variant.name)")
      let expected = Affine(rows: variant.affine)
      if image.header.geometrySource == .qform {
        // nibabel turns the quaternion into a matrix with 80-bit numbers: a few roundings of Double apart.
        #expect(image.volume.affine.relativeDifference(from: expected) < 8 * Double.ulpOfOne, "\(variant.name)")
      } else {
        #expect(image.volume.affine == expected, "\(variant.name)")
      }
      let bad = variant.voxels.filter { !Float(bitPattern: $0).isFinite }.count
      #expect(image.nonFiniteCount == bad, "\(variant.name)")
    }
  }

  @Test func nonFiniteVoxelsAreRefusedByName() throws {
    let variants = try Fixtures.load("variants.json", as: Variants.self).variants
    let variant = try #require(variants.first { $0.name == "NaN and infinity" })
    try Fixtures.withFile(variant.file, name: "flair.nii.gz") { path in
      let image = try NIfTIFile.read(path)
      #expect(throws: VolumeError.nonFiniteVoxels(path: path, count: 3, voxelCount: 24)) { try image.requireFinite() }
    }
  }

  struct Result: Decodable {
    let name: String
    let source: Data
    let datatype: String
    let channels: Int
    let intent: Int
    let values: [Int]
    let result: Data
  }

  struct Results: Decodable { let results: [Result] }

  @Test func resultsCarryTheGeometryAndNothingElseByteForByte() throws {
    let results = try Fixtures.load("results.json", as: Results.self).results
    #expect(results.count == 36)
    for result in results {
      #expect(result.source.range(of: Data("JANE".utf8)) != nil)
      let written = try Fixtures.withTemporaryFolder { folder in
        try result.source.write(to: URL(fileURLWithPath: folder + "/source.nii"))
        let source = try NIfTIFile.read(folder + "/source.nii")
        let intent = try #require(NIfTIIntent(rawValue: result.intent))
        let path = folder + "/result.nii"
        func write<E: NIfTIElement>(_ values: [E]) throws {
          if result.channels == 2 {
            let half = values.count / 2
            let channels = [values[..<half], values[half...]].map {
              Volume(shape: source.volume.shape, affine: source.volume.affine, voxels: Array($0))
            }
            return try NIfTIWriter.write(channels: channels, like: source.header, intent: intent, to: path)
          }
          let volume = Volume(shape: source.volume.shape, affine: source.volume.affine, voxels: values)
          try NIfTIWriter.write(volume, like: source.header, intent: intent, to: path)
        }
        switch result.datatype {
        case "u1": try write(result.values.map(UInt8.init))
        case "i2": try write(result.values.map(Int16.init))
        case "u2": try write(result.values.map(UInt16.init))
        case "i4": try write(result.values.map(Int32.init))
        default: try write(result.values.map(Float.init))
        }
        return try Data(contentsOf: URL(fileURLWithPath: path))
      }
      #expect(written == result.result, "\(result.name)")
    }
  }

  struct Crop: Decodable {
    let name: String
    let file: Data
    let affine: [[Double]]
    let voxels: [Float]
  }

  struct Crops: Decodable {
    let lower: [Int]
    let upper: [Int]
    let crops: [Crop]
  }

  @Test func aBoxStaysWhereItWas() throws {
    let fixture = try Fixtures.load("crops.json", as: Crops.self)
    let (lower, upper) = (fixture.lower, fixture.upper)
    let box = GridBox(lower: VoxelIndex(lower[0], lower[1], lower[2]), upper: VoxelIndex(upper[0], upper[1], upper[2]))
    for crop in fixture.crops {
      let image = try Fixtures.withFile(crop.file) { try NIfTIFile.read($0) }
      let part = image.volume.cropped(to: box)
      let expected = Affine(rows: crop.affine)
      #expect(part.voxels == crop.voxels, "\(crop.name)")
      #expect(part.affine.relativeDifference(from: expected) < 16 * Double.ulpOfOne, "\(crop.name)")
      // Two equal channels, written and read again: the header keeps the corner in its own precision.
      let channels = try Fixtures.withTemporaryFolder { folder in
        let path = folder + "/map.nii.gz"
        try NIfTIWriter.write(
          channels: [part, part.map { -$0 }], like: image.header.cropped(to: box), intent: .estimate, to: path)
        return try NIfTIFile.readChannels(path)
      }
      let precision = image.header.version == .one ? Double(Float.ulpOfOne) : 16 * Double.ulpOfOne
      #expect(channels.volumes.map(\.voxels) == [crop.voxels, crop.voxels.map { -$0 }], "\(crop.name)")
      #expect(channels.volumes[0].shape == box.shape)
      #expect(channels.volumes[0].affine.relativeDifference(from: expected) < precision, "\(crop.name)")
      let qform = image.header.formCode(.qformCode) > 0 ? channels.header.qform : nil
      if let qform { #expect(GridComparison(box.shape, qform, box.shape, expected).isSame, "\(crop.name)") }
    }
  }
}
