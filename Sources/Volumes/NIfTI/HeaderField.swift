/// A field of the NIfTI header, under the name the standard gives it.
enum HeaderField: String, CaseIterable, Sendable {
  case sizeofHdr = "sizeof_hdr"
  case magic
  case dimInfo = "dim_info"
  case dim
  case intentP1 = "intent_p1"
  case intentP2 = "intent_p2"
  case intentP3 = "intent_p3"
  case intentCode = "intent_code"
  case datatype
  case bitpix
  case sliceStart = "slice_start"
  case pixdim
  case voxOffset = "vox_offset"
  case sclSlope = "scl_slope"
  case sclInter = "scl_inter"
  case sliceEnd = "slice_end"
  case sliceCode = "slice_code"
  case xyztUnits = "xyzt_units"
  case calMax = "cal_max"
  case calMin = "cal_min"
  case sliceDuration = "slice_duration"
  case toffset
  case descrip
  case auxFile = "aux_file"
  case qformCode = "qform_code"
  case sformCode = "sform_code"
  case quaternB = "quatern_b"
  case quaternC = "quatern_c"
  case quaternD = "quatern_d"
  case qoffsetX = "qoffset_x"
  case qoffsetY = "qoffset_y"
  case qoffsetZ = "qoffset_z"
  case srowX = "srow_x"
  case srowY = "srow_y"
  case srowZ = "srow_z"
  case intentName = "intent_name"
  case dataType = "data_type"
  case dbName = "db_name"
  case extents
  case sessionError = "session_error"
  case regular
  case glmax
  case glmin
  case unused = "unused_str"
}

/// How one element of a header field is stored.
enum HeaderScalar: Sendable {
  case uint8, int16, int32, int64, float32, float64, text

  var byteCount: Int {
    switch self {
    case .uint8, .text: 1
    case .int16: 2
    case .int32, .float32: 4
    case .int64, .float64: 8
    }
  }
}

/// Where a field lies in the header of one NIfTI version: `count` elements of `type` from byte `offset` on.
struct HeaderSlot: Equatable, Sendable {
  let type: HeaderScalar
  let count: Int
  let offset: Int

  init(_ type: HeaderScalar, _ count: Int, at offset: Int) {
    self.type = type
    self.count = count
    self.offset = offset
  }

  var bytes: Range<Int> { offset..<(offset + count * type.byteCount) }
}

extension HeaderProblem {
  init(_ severity: Severity, _ field: HeaderField, _ message: String) {
    self.init(severity: severity, field: field.rawValue, message: message)
  }
}
