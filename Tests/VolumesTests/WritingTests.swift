import Foundation
import Testing

@testable import Volumes

@Suite struct WritingTests {
  static func volume() -> Volume<Float> {
    let shape = GridShape(9, 8, 7)
    return Volume(shape: shape, affine: obliqueAffine, voxels: (0..<shape.voxelCount).map { Float($0 % 13) })
  }

  @Test func theSameInputGivesTheSameBytes() throws {
    try Fixtures.withTemporaryFolder { folder in
      try NIfTIWriter.write(Self.volume(), to: folder + "/first.nii.gz")
      try NIfTIWriter.write(Self.volume(), to: folder + "/second.nii.gz")
      let first = try Data(contentsOf: URL(fileURLWithPath: folder + "/first.nii.gz"))
      #expect(try first == Data(contentsOf: URL(fileURLWithPath: folder + "/second.nii.gz")))
      // RFC 1952: magic, deflate, no flags (so no name), time 0.
      #expect(Array(first[..<8]) == [0x1F, 0x8B, 8, 0, 0, 0, 0, 0])
    }
  }

  @Test func whatWasThereIsReplacedAndNothingIsLeftBeside() throws {
    try Fixtures.withTemporaryFolder { folder in
      let path = folder + "/mask.nii"
      try Data("old".utf8).write(to: URL(fileURLWithPath: path))
      try NIfTIWriter.write(Self.volume(), to: path)
      #expect(try NIfTIFile.read(path).volume.voxels == Self.volume().voxels)
      #expect(try FileManager.default.contentsOfDirectory(atPath: folder) == ["mask.nii"])
    }
  }

  /// A file that is dropped before it is finished, as by an error, leaves neither itself nor its temporary.
  @Test func anUnfinishedFileLeavesNoTrace() throws {
    try Fixtures.withTemporaryFolder { folder in
      do {
        var writer = try ByteWriter(path: folder + "/half.nii.gz", isCompressed: true)
        try writer.write([UInt8](repeating: 1, count: 1 << 20))
        let during = try FileManager.default.contentsOfDirectory(atPath: folder)
        #expect(during.count == 1 && during[0].hasPrefix(".half.nii.gz.partial-"))
      }
      #expect(try FileManager.default.contentsOfDirectory(atPath: folder) == [])
    }
  }

  @Test func unwritablePlacesAreNamed() throws {
    try Fixtures.withTemporaryFolder { folder in
      let missing = folder + "/no/such/folder/mask.nii.gz"
      #expect(throws: VolumeError.unwritable(path: missing, reason: "no such file or directory")) {
        try NIfTIWriter.write(Self.volume(), to: missing)
      }
      // The destination is a folder: the rename fails, and the temporary goes.
      try FileManager.default.createDirectory(atPath: folder + "/mask.nii.gz", withIntermediateDirectories: false)
      #expect(throws: VolumeError.unwritable(path: folder + "/mask.nii.gz", reason: "is a directory")) {
        try NIfTIWriter.write(Self.volume(), to: folder + "/mask.nii.gz")
      }
      #expect(try FileManager.default.contentsOfDirectory(atPath: folder) == ["mask.nii.gz"])
    }
  }

  /// Without an input header, sform and qform both place the volume, whatever its handedness and turn.
  @Test func aVolumeFromNowhereIsPlacedByBothForms() throws {
    for axes in [[1.0, 1, 1], [-1, 1, 1], [-1, -1, 1], [1, -1, -1], [-1, 1, -1], [-1, -1, -1]] {
      let affine = Affine(rows: obliqueAffine.rows.map { [$0[0] * axes[0], $0[1] * axes[1], $0[2] * axes[2], $0[3]] })
      let header = NIfTIHeader(shape: GridShape(200, 200, 200), affine: affine)
      let qform = try #require(header.qform)
      #expect(GridComparison(GridShape(200, 200, 200), affine, GridShape(200, 200, 200), header.sform).isSame)
      #expect(GridComparison(GridShape(200, 200, 200), affine, GridShape(200, 200, 200), qform).isSame)
      #expect(header.result(datatype: .int16, intent: .none).examine(expecting: .oneVolume).problems == [])
    }
    // A sheared grid has no quaternion.
    let sheared = Affine(rows: [[1, 0.2, 0, 0], [0, 1, 0, 0], [0, 0, 1, 0]])
    #expect(NIfTIHeader(shape: GridShape(5, 5, 5), affine: sheared).formCode(.qformCode) == 0)
  }
}
