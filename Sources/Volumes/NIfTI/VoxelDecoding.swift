/// How to turn the bytes of a file into voxels; exists only for a header without errors.
struct VoxelPlan: Equatable, Sendable {
  let shape: GridShape
  /// In mm, RAS+.
  let affine: Affine
  /// Volumes stored one after the other (the last axis); 1 for a plain image.
  let channelCount: Int
  let datatype: NIfTIDatatype
  let isBigEndian: Bool
  /// First byte of the first voxel.
  let offset: Int
  /// `value = stored * slope + intercept`; `nil`: as stored.
  let scaling: Scaling?

  struct Scaling: Equatable, Sendable {
    let slope: Double
    let intercept: Double
  }

  /// What one step of whole numbers is worth once they are scaled.
  var storageStep: Double? { datatype.isInteger ? scaling.map { abs($0.slope) } : nil }

  var byteCount: Int { shape.voxelCount * channelCount * datatype.byteCount }
}

/// Turning stored voxels into `Float`, in blocks that stay in the cache.
enum VoxelDecoding {
  private static let blockByteCount = 1 << 18

  /// One volume's voxels. Scaling runs in double precision and is rounded once, as nibabel's `get_fdata` rounded to
  /// float32.
  static func decode(_ plan: VoxelPlan, from reader: inout ByteReader) throws -> [Float] {
    let count = plan.shape.voxelCount
    if plan.datatype == .float32 && plan.scaling == nil && !plan.isBigEndian {
      return try [Float](unsafeUninitializedCapacity: count) { floats, initialized in
        try fill(UnsafeMutableRawBufferPointer(floats), plan, from: &reader)
        initialized = count
      }
    }
    let size = plan.datatype.byteCount
    let block = UnsafeMutableRawBufferPointer.allocate(byteCount: blockByteCount, alignment: 64)
    defer { block.deallocate() }
    return try [Float](unsafeUninitializedCapacity: count) { floats, initialized in
      var done = 0
      while done < count {
        let now = min(block.count / size, count - done)
        let bytes = UnsafeMutableRawBufferPointer(rebasing: block[..<(now * size)])
        try fill(bytes, plan, from: &reader)
        convert(UnsafeRawBufferPointer(bytes), plan, to: floats.baseAddress! + done)
        done += now
      }
      initialized = count
    }
  }

  /// Values that are NaN or infinite.
  static func nonFiniteCount(_ voxels: [Float]) -> Int {
    voxels.withUnsafeBufferPointer { values in
      var count = 0
      for value in values { count &+= value.bitPattern & 0x7F80_0000 == 0x7F80_0000 ? 1 : 0 }
      return count
    }
  }

  private static func fill(_ target: UnsafeMutableRawBufferPointer, _ plan: VoxelPlan, from reader: inout ByteReader)
    throws(VolumeError)
  {
    let found = try reader.read(into: target)
    if found < target.count {
      throw .truncated(
        path: reader.path, neededBytes: plan.offset + plan.byteCount, foundBytes: reader.deliveredByteCount)
    }
  }

  private static func convert(_ bytes: UnsafeRawBufferPointer, _ plan: VoxelPlan, to out: UnsafeMutablePointer<Float>) {
    let big = plan.isBigEndian
    switch plan.datatype {
    case .uint8: convert(bytes, UInt8.self, plan, out) { Double($0) }
    case .int8: convert(bytes, Int8.self, plan, out) { Double($0) }
    case .uint16: convert(bytes, UInt16.self, plan, out) { Double(big ? $0.byteSwapped : $0) }
    case .int16: convert(bytes, Int16.self, plan, out) { Double(big ? $0.byteSwapped : $0) }
    case .uint32: convert(bytes, UInt32.self, plan, out) { Double(big ? $0.byteSwapped : $0) }
    case .int32: convert(bytes, Int32.self, plan, out) { Double(big ? $0.byteSwapped : $0) }
    case .uint64: convert(bytes, UInt64.self, plan, out) { Double(big ? $0.byteSwapped : $0) }
    case .int64: convert(bytes, Int64.self, plan, out) { Double(big ? $0.byteSwapped : $0) }
    case .float32: convert(bytes, UInt32.self, plan, out) { Double(Float(bitPattern: big ? $0.byteSwapped : $0)) }
    case .float64: convert(bytes, UInt64.self, plan, out) { Double(bitPattern: big ? $0.byteSwapped : $0) }
    }
  }

  @inline(__always) private static func convert<Raw>(
    _ bytes: UnsafeRawBufferPointer, _ type: Raw.Type, _ plan: VoxelPlan, _ out: UnsafeMutablePointer<Float>,
    _ value: (Raw) -> Double
  ) {
    let raw = bytes.assumingMemoryBound(to: Raw.self)
    if let scaling = plan.scaling {
      let (slope, intercept) = (scaling.slope, scaling.intercept)
      for n in 0..<raw.count { out[n] = Float(value(raw[n]) * slope + intercept) }
    } else {
      for n in 0..<raw.count { out[n] = Float(value(raw[n])) }
    }
  }
}
