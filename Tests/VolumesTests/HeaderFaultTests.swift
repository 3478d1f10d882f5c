import Testing

@testable import Volumes

/// Every fault of a header is found, named and judged.
@Suite struct HeaderFaultTests {
  /// Headers a program or a person got wrong, and the field the message is about.
  @Test func everyFaultIsNamed() throws {
    typealias Edit = (inout NIfTIHeader) -> Void
    let faults: [(String, String, Edit)] = [
      ("dim", "dim[0] is -1", { $0.set(.dim, 0, to: -1) }), ("dim", "dim[0] is 8", { $0.set(.dim, 0, to: 8) }),
      ("dim", "2 dimensions (6 x 5)", { $0.set(.dim, 0, to: 2) }), ("dim", "single slice", { $0.set(.dim, 3, to: 1) }),
      ("dim", "6 x -5 x 4", { $0.set(.dim, 2, to: -5) }), ("dim", "6 x 0 x 4", { $0.set(.dim, 2, to: 0) }),
      (
        "dim", "several volumes (6 x 5 x 4 x 2)",
        {
          $0.set(.dim, 0, to: 4)
          $0.set(.dim, 4, to: 2)
        }
      ), ("dim", "32767 x 32767 x 32767", { header in for axis in 1...3 { header.set(.dim, axis, to: 32767) } }),
      ("datatype", "complex64", { $0.set(.datatype, to: 32) }), ("datatype", "rgb24", { $0.set(.datatype, to: 128) }),
      ("datatype", "float128", { $0.set(.datatype, to: 1536) }), ("datatype", "code 77", { $0.set(.datatype, to: 77) }),
      ("vox_offset", "vox_offset is 12", { $0.set(.voxOffset, to: 12) }),
      ("vox_offset", "vox_offset is -352", { $0.set(.voxOffset, to: -352) }),
      ("vox_offset", "vox_offset is nan", { $0.set(.voxOffset, to: Double.nan) }),
      ("vox_offset", "vox_offset is inf", { $0.set(.voxOffset, to: Double.infinity) }),
      ("vox_offset", "vox_offset is 352.5", { $0.set(.voxOffset, to: 352.5) }),
      ("scl_inter", "scl_inter is nan", { $0.set(.sclInter, to: Double.nan) }),
      ("srow_x", "NaN or infinity", { $0.set(.srowX, 1, to: Double.nan) }),
      ("srow_x", "length 0", { header in for field in HeaderField.srows { header.set(field, 2, to: 0) } }),
      (
        "srow_x", "in one plane",
        { header in for field in HeaderField.srows { header.set(field, 1, to: 2 * header.number(field, 0)) } }
      ), ("srow_x", "kilometres", { $0.set(.srowX, 3, to: 1e12) }),
      // Of an x axis of 1 mm: 40 mm, a micron taken for a millimetre, and hardly anything.
      (
        "srow_x", "the voxels of the sform are 40 x 2 x 0.5 mm, expected edges of 0.05 to 20 mm",
        { $0.scale(0, by: 40) }
      ), ("srow_x", "0.001 x 2 x 0.5 mm", { $0.scale(0, by: 0.001) }),
      ("srow_x", "e-20 x 2 x 0.5 mm", { $0.scale(0, by: 1e-20) }),
      ("srow_x", "0.04 x 2 x 0.5 mm", { $0.scale(0, by: 0.04) }),
      ("srow_x", "1 x 2 x 20.5 mm", { $0.scale(2, by: 41) }),
      ("srow_x", "1000 x 2000 x 500 mm (from m)", { $0.set(.xyztUnits, to: 1) }),
      ("srow_x", "0.001 x 0.002 x", { $0.set(.xyztUnits, to: 3) }),
      (
        "quatern_b", "longer than 1",
        {
          $0.set(.sformCode, to: 0)
          $0.set(.quaternC, to: 3)
        }
      ),
      (
        "pixdim", "not finite",
        {
          $0.set(.sformCode, to: 0)
          $0.set(.pixdim, 2, to: Double.infinity)
        }
      ),
    ]
    for (field, words, edit) in faults {
      guard case .headerRefused(_, let problems)? = try HostileFileTests.refusal(HostileFileTests.bytes(edit)) else {
        Issue.record("\(words): the header was not refused")
        continue
      }
      let error = try #require(problems.first { $0.severity == .error && $0.message.contains(words) }, "\(problems)")
      #expect(error.field == field)
    }
  }

  @Test func everyFaultIsCollectedBeforeTheFileIsRefused() throws {
    let bytes = try HostileFileTests.bytes {
      $0.set(.dim, 0, to: 2)
      $0.set(.datatype, to: 32)
      $0.set(.srowX, 0, to: Double.nan)
      $0.set(.sizeofHdr, to: 0)
    }
    let problems = try Fixtures.withFile(bytes) { try NIfTI.inspect($0) }.problems
    #expect(problems.filter { $0.severity == .error }.map(\.field) == ["dim", "datatype", "srow_x"])
    #expect(problems.contains { $0.severity == .warning && $0.field == "sizeof_hdr" })
  }

  @Test func doubtfulHeadersAreReadWithAWarning() throws {
    typealias Edit = (inout NIfTIHeader) -> Void
    let doubts: [(String, Edit)] = [
      ("sizeof_hdr", { $0.set(.sizeofHdr, to: 0) }), ("bitpix", { $0.set(.bitpix, to: 8) }),
      ("vox_offset", { $0.set(.voxOffset, to: 0) }), ("scl_slope", { $0.set(.sclSlope, to: Double.nan) }),
      ("xyzt_units", { $0.set(.xyztUnits, to: 0) }), ("xyzt_units", { $0.set(.xyztUnits, to: 5) }),
      ("qform_code", { $0.set(.qoffsetX, to: 40) }), ("qform_code", { $0.set(.qformCode, to: 9) }),
      ("pixdim", { $0.set(.pixdim, 1, to: -1) }), ("pixdim", { $0.set(.pixdim, 3, to: 9) }),
      (
        "sform_code",
        {
          $0.set(.sformCode, to: 0)
          $0.set(.qformCode, to: 0)
        }
      ),
    ]
    for (field, edit) in doubts {
      let image = try Fixtures.withFile(try HostileFileTests.bytes(edit)) { try NIfTIFile.read($0) }
      #expect(image.problems.map(\.field).contains(field), "\(field): \(image.problems)")
      #expect(image.problems.allSatisfy { $0.severity == .warning })
    }
  }

  @Test func unitsOfSpaceBecomeMillimetres() throws {
    for (code, factor) in [(1, 1000.0), (2, 1), (3, 0.001)] {
      let bytes = try HostileFileTests.bytes { header in
        header.set(.xyztUnits, to: code | 8)
        for field in HeaderField.srows {
          for column in 0..<4 { header.set(field, column, to: header.number(field, column) / factor) }
        }
        for axis in 1...3 { header.set(.pixdim, axis, to: header.number(.pixdim, axis) / factor) }
      }
      let image = try Fixtures.withFile(bytes) { try NIfTIFile.read($0) }
      // Rounded to single precision when the sound file was made, and once more here.
      #expect(image.volume.affine.relativeDifference(from: obliqueAffine) < 2 * Double(Float.ulpOfOne))
      #expect(image.problems.filter { $0.field == "xyzt_units" }.map(\.severity) == (code == 2 ? [] : [.doubtful]))
    }
  }

  @Test func edgesOnTheLimitAreRead() throws {
    for (axis, factor) in [(0, 20.0), (1, 10), (2, 0.1), (0, 0.0501)] {
      let bytes = try HostileFileTests.bytes { $0.scale(axis, by: factor) }
      #expect(try HostileFileTests.refusal(bytes) == nil, "axis \(axis) times \(factor)")
    }
  }

  /// A place of the voxels that is no multiple of 16 is followed where the file ends with the last voxel, and said
  /// aloud; where bytes are left over, the place is wrong.
  @Test(arguments: [(353, 0), (360, 0), (353, 1), (360, 24), (367, 1), (356, 4)])
  func anUnusualPlaceOfTheVoxelsIsDoubted(offset: Int, surplus: Int) throws {
    var header = Array(try HostileFileTests.bytes { $0.set(.voxOffset, to: offset) }[..<348])
    let voxels = try HostileFileTests.bytes("a.nii")[352...]
    header += Array(repeating: 0, count: offset - 348)
    let bytes = header + voxels + Array(repeating: UInt8(7), count: surplus)
    guard surplus == 0 else {
      guard case .headerRefused(_, let problems)? = try HostileFileTests.refusal(bytes) else {
        Issue.record("not refused")
        return
      }
      #expect(problems.contains { $0.field == "vox_offset" && $0.message.contains("bytes follow the last voxel") })
      return
    }
    let image = try Fixtures.withFile(bytes) { try NIfTIFile.read($0) }
    #expect(image.problems.map(\.severity) == [.doubtful] && image.problems[0].message.contains("\(offset)"))
    #expect(image.volume.voxels == (0..<120).map { Float($0) * 0.25 })
  }

  @Test func extensionsAreNoReasonForDoubt() throws {
    var header = Array(try HostileFileTests.bytes { $0.set(.voxOffset, to: 368) }[..<348])
    header += [1, 0, 0, 0] + Array(repeating: 0, count: 16)
    let bytes = try header + HostileFileTests.bytes("a.nii")[352...] + [1, 2, 3]
    #expect(try Fixtures.withFile(bytes) { try NIfTIFile.read($0) }.problems.isEmpty)
  }
}

extension NIfTIHeader {
  /// Makes an axis of the sform longer.
  fileprivate mutating func scale(_ axis: Int, by factor: Double) {
    for field in HeaderField.srows { set(field, axis, to: factor * number(field, axis)) }
  }
}

extension HeaderField { fileprivate static let srows: [HeaderField] = [.srowX, .srowY, .srowZ] }
