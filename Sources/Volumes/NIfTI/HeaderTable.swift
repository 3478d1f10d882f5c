/// The NIfTI-1 and NIfTI-2 headers as one table: what every field means and where each version keeps it.
///
/// Reader and writer both go through this table, so they cannot disagree. Sources: nifti1.h and nifti2.h of the NIfTI
/// Data Format Working Group. A `nil` slot: that version has no such field.
enum HeaderTable {
  struct Row: Sendable {
    let field: HeaderField
    let version1: HeaderSlot?
    let version2: HeaderSlot?
    let meaning: String

    init(_ field: HeaderField, _ version1: HeaderSlot?, _ version2: HeaderSlot?, _ meaning: String) {
      self.field = field
      self.version1 = version1
      self.version2 = version2
      self.meaning = meaning
    }
  }

  typealias S = HeaderSlot

  static let rows: [Row] = [
    Row(.sizeofHdr, S(.int32, 1, at: 0), S(.int32, 1, at: 0), "348 or 540: tells version and byte order"),
    Row(.magic, S(.text, 4, at: 344), S(.text, 8, at: 4), "n+1 / n+2: one file; ni1 / ni2: .hdr and .img pair"),
    Row(.dimInfo, S(.uint8, 1, at: 39), S(.uint8, 1, at: 524), "MRI frequency, phase and slice axes"),
    Row(.dim, S(.int16, 8, at: 40), S(.int64, 8, at: 16), "number of dimensions, then the size of each"),
    Row(.intentP1, S(.float32, 1, at: 56), S(.float64, 1, at: 80), "first intent parameter"),
    Row(.intentP2, S(.float32, 1, at: 60), S(.float64, 1, at: 88), "second intent parameter"),
    Row(.intentP3, S(.float32, 1, at: 64), S(.float64, 1, at: 96), "third intent parameter"),
    Row(.intentCode, S(.int16, 1, at: 68), S(.int32, 1, at: 504), "what the values stand for"),
    Row(.datatype, S(.int16, 1, at: 70), S(.int16, 1, at: 12), "how a voxel is stored"),
    Row(.bitpix, S(.int16, 1, at: 72), S(.int16, 1, at: 14), "bits per voxel"),
    Row(.sliceStart, S(.int16, 1, at: 74), S(.int64, 1, at: 224), "first slice of the acquisition"),
    Row(.pixdim, S(.float32, 8, at: 76), S(.float64, 8, at: 104), "qfac, then the spacing along each axis"),
    Row(.voxOffset, S(.float32, 1, at: 108), S(.int64, 1, at: 168), "byte where the voxels begin"),
    Row(.sclSlope, S(.float32, 1, at: 112), S(.float64, 1, at: 176), "value = stored * slope + inter; 0: unscaled"),
    Row(.sclInter, S(.float32, 1, at: 116), S(.float64, 1, at: 184), "see scl_slope"),
    Row(.sliceEnd, S(.int16, 1, at: 120), S(.int64, 1, at: 232), "last slice of the acquisition"),
    Row(.sliceCode, S(.uint8, 1, at: 122), S(.int32, 1, at: 496), "order of the slices in time"),
    Row(.xyztUnits, S(.uint8, 1, at: 123), S(.int32, 1, at: 500), "units of space (bits 0-2) and time (bits 3-5)"),
    Row(.calMax, S(.float32, 1, at: 124), S(.float64, 1, at: 192), "brightest value to display"),
    Row(.calMin, S(.float32, 1, at: 128), S(.float64, 1, at: 200), "darkest value to display"),
    Row(.sliceDuration, S(.float32, 1, at: 132), S(.float64, 1, at: 208), "time for one slice"),
    Row(.toffset, S(.float32, 1, at: 136), S(.float64, 1, at: 216), "shift of the time axis"),
    Row(.descrip, S(.text, 80, at: 148), S(.text, 80, at: 240), "free text: may identify a person"),
    Row(.auxFile, S(.text, 24, at: 228), S(.text, 24, at: 320), "name of another file: may identify a person"),
    Row(.qformCode, S(.int16, 1, at: 252), S(.int32, 1, at: 344), "space the quaternion leads to; 0: none"),
    Row(.sformCode, S(.int16, 1, at: 254), S(.int32, 1, at: 348), "space the affine leads to; 0: none"),
    Row(.quaternB, S(.float32, 1, at: 256), S(.float64, 1, at: 352), "rotation quaternion, i"),
    Row(.quaternC, S(.float32, 1, at: 260), S(.float64, 1, at: 360), "rotation quaternion, j"),
    Row(.quaternD, S(.float32, 1, at: 264), S(.float64, 1, at: 368), "rotation quaternion, k"),
    Row(.qoffsetX, S(.float32, 1, at: 268), S(.float64, 1, at: 376), "x of the first voxel by the quaternion"),
    Row(.qoffsetY, S(.float32, 1, at: 272), S(.float64, 1, at: 384), "y of the first voxel by the quaternion"),
    Row(.qoffsetZ, S(.float32, 1, at: 276), S(.float64, 1, at: 392), "z of the first voxel by the quaternion"),
    Row(.srowX, S(.float32, 4, at: 280), S(.float64, 4, at: 400), "x row of the affine"),
    Row(.srowY, S(.float32, 4, at: 296), S(.float64, 4, at: 432), "y row of the affine"),
    Row(.srowZ, S(.float32, 4, at: 312), S(.float64, 4, at: 464), "z row of the affine"),
    Row(.intentName, S(.text, 16, at: 328), S(.text, 16, at: 508), "free text: may identify a person"),
    Row(.dataType, S(.text, 10, at: 4), nil, "left over from Analyze 7.5"),
    Row(.dbName, S(.text, 18, at: 14), nil, "free text left over from Analyze 7.5: may identify a person"),
    Row(.extents, S(.int32, 1, at: 32), nil, "left over from Analyze 7.5"),
    Row(.sessionError, S(.int16, 1, at: 36), nil, "left over from Analyze 7.5"),
    Row(.regular, S(.text, 1, at: 38), nil, "left over from Analyze 7.5"),
    Row(.glmax, S(.int32, 1, at: 140), nil, "left over from Analyze 7.5"),
    Row(.glmin, S(.int32, 1, at: 144), nil, "left over from Analyze 7.5"),
    Row(.unused, nil, S(.text, 15, at: 525), "padding"),
  ]

  private static let slots1 = Dictionary(uniqueKeysWithValues: rows.map { ($0.field, $0.version1) })
  private static let slots2 = Dictionary(uniqueKeysWithValues: rows.map { ($0.field, $0.version2) })

  /// Where `version` keeps `field`; `nil` when it has no such field.
  static func slot(_ field: HeaderField, in version: NIfTIVersion) -> HeaderSlot? {
    (version == .one ? slots1[field] : slots2[field]) ?? nil
  }
}

/// The two NIfTI formats in use.
public enum NIfTIVersion: Int, Sendable {
  case one = 1
  case two = 2

  /// Bytes of the header proper.
  var headerByteCount: Int { self == .one ? 348 : 540 }

  /// First byte at which voxels may lie in a single file: after the header and four bytes that announce extensions.
  var smallestVoxelOffset: Int { headerByteCount + 4 }

  var singleFileMagic: [UInt8] { self == .one ? Array("n+1\0".utf8) : Array("n+2\0".utf8) + [0x0D, 0x0A, 0x1A, 0x0A] }

  var pairMagic: [UInt8] { self == .one ? Array("ni1\0".utf8) : Array("ni2\0".utf8) + [0x0D, 0x0A, 0x1A, 0x0A] }
}
