/// Every check of a header, all run before anyone judges.
extension NIfTIHeader {
  /// What the voxels behind a header are meant to be.
  enum Expectation {
    case oneVolume
    /// 3D, or 4D with a channel per step of the last axis.
    case channels
  }

  /// No more voxels than this are read, all channels together: 268 million, a whole head at 0.4 mm; 1 GB of floats.
  static let largestVoxelCount = 1 << 28

  /// Extensions that take more room than this are not believed.
  static let largestVoxelOffset = 1 << 26

  /// Extensions come in units of this many bytes, so that voxels begin at a multiple of it.
  static let offsetUnit = 16

  /// The shape of one volume, or `nil` when the dimensions are at fault.
  public var shape: GridShape? {
    var problems: [HeaderProblem] = []
    return examineDimensions(.channels, &problems)?.shape
  }

  /// The affine in mm, RAS+, or `nil` when it is at fault.
  public var affine: Affine? {
    var problems: [HeaderProblem] = []
    return examineGeometry(&problems)
  }

  public var datatype: NIfTIDatatype? { integer(.datatype).flatMap(NIfTIDatatype.init) }

  /// Collects every problem; the plan is there exactly when none is an error.
  func examine(expecting expectation: Expectation) -> (plan: VoxelPlan?, problems: [HeaderProblem]) {
    var problems: [HeaderProblem] = []
    examineSize(&problems)
    let dimensions = examineDimensions(expectation, &problems)
    let datatype = examineDatatype(&problems)
    let offset = examineOffset(&problems)
    let affine = examineGeometry(&problems)
    let scaling = examineScaling(&problems)
    guard let dimensions, let datatype, let offset, let affine, !problems.contains(where: { $0.severity == .error })
    else { return (nil, problems) }
    let plan = VoxelPlan(
      shape: dimensions.shape, affine: affine, channelCount: dimensions.channelCount, datatype: datatype,
      isBigEndian: isBigEndian, offset: offset, scaling: scaling)
    return (plan, problems)
  }

  private func examineSize(_ problems: inout [HeaderProblem]) {
    let size = integer(.sizeofHdr) ?? 0
    if size != version.headerByteCount {
      problems.append(
        HeaderProblem(.warning, .sizeofHdr, "sizeof_hdr is \(size), expected \(version.headerByteCount); ignored"))
    }
  }

  private func examineDimensions(_ expectation: Expectation, _ problems: inout [HeaderProblem]) -> (
    shape: GridShape, channelCount: Int
  )? {
    func refuse(_ message: String) -> (GridShape, Int)? {
      problems.append(HeaderProblem(.error, .dim, message))
      return nil
    }
    let rank = integer(.dim, 0) ?? 0
    guard (1...7).contains(rank) else {
      return refuse("dim[0] is \(rank), expected 3 or 4 dimensions; the header is damaged")
    }
    let sizes = (1...rank).map { integer(.dim, $0) ?? 0 }
    let listed = sizes.map(String.init).joined(separator: " x ")
    guard sizes.allSatisfy({ $0 > 0 }) else {
      return refuse("the dimensions are \(listed), expected positive sizes; the header is damaged")
    }
    guard rank >= 3 else { return refuse("the image has \(rank) dimensions (\(listed)), expected a 3D volume") }
    let trailing = sizes[3...]
    switch expectation {
    case .oneVolume:
      guard trailing.allSatisfy({ $0 == 1 }) else {
        return refuse("the image holds several volumes (\(listed)), expected one; extract the one that is meant")
      }
      guard sizes[..<3].allSatisfy({ $0 > 1 }) else {
        return refuse("the image is a single slice (\(listed)), expected a 3D volume")
      }
    case .channels:
      guard trailing.dropFirst().allSatisfy({ $0 == 1 }) else {
        return refuse("the image has more than 4 dimensions (\(listed)), expected 3D or 4D")
      }
    }
    var total = 1
    for size in sizes {
      let (product, overflow) = total.multipliedReportingOverflow(by: size)
      guard !overflow, product <= Self.largestVoxelCount else {
        return refuse("the image has \(listed) voxels, more than the \(Self.largestVoxelCount) that are read")
      }
      total = product
    }
    return (GridShape(sizes[0], sizes[1], sizes[2]), trailing.first ?? 1)
  }

  private func examineDatatype(_ problems: inout [HeaderProblem]) -> NIfTIDatatype? {
    let code = integer(.datatype) ?? 0
    guard let datatype = NIfTIDatatype(rawValue: code) else {
      let name = NIfTIDatatype.unsupportedName(code: code) ?? "code \(code)"
      problems.append(
        HeaderProblem(
          .error, .datatype,
          "the datatype is \(name), expected integers of 8 to 64 bits, float32 or float64; convert the image"))
      return nil
    }
    let bits = integer(.bitpix) ?? 0
    if bits != 8 * datatype.byteCount {
      problems.append(
        HeaderProblem(
          .warning, .bitpix, "bitpix is \(bits), expected \(8 * datatype.byteCount) for \(datatype); ignored"))
    }
    return datatype
  }

  private func examineOffset(_ problems: inout [HeaderProblem]) -> Int? {
    let smallest = version.smallestVoxelOffset
    let stored = number(.voxOffset)
    if stored == 0 {
      problems.append(
        HeaderProblem(.warning, .voxOffset, "vox_offset is 0; the voxels are taken to begin at \(smallest)"))
      return smallest
    }
    guard let offset = integer(.voxOffset), Double(offset) == stored,
      (smallest...Self.largestVoxelOffset).contains(offset)
    else {
      problems.append(
        HeaderProblem(
          .error, .voxOffset,
          "vox_offset is \(stored), expected \(smallest) to \(Self.largestVoxelOffset); the header is damaged"))
      return nil
    }
    if !offset.isMultiple(of: Self.offsetUnit) {
      problems.append(
        HeaderProblem(
          .doubtful, .voxOffset,
          "vox_offset is \(offset), no multiple of \(Self.offsetUnit); followed: the file ends with the last voxel"))
    }
    return offset
  }

  /// Slope 0, NaN or infinite: the values are as stored, as the standard and nibabel have it.
  private func examineScaling(_ problems: inout [HeaderProblem]) -> VoxelPlan.Scaling? {
    let (slope, intercept) = (number(.sclSlope), number(.sclInter))
    guard slope != 0, slope.isFinite else {
      if !slope.isFinite {
        problems.append(HeaderProblem(.warning, .sclSlope, "scl_slope is \(slope); the values are read unscaled"))
      }
      return nil
    }
    guard intercept.isFinite else {
      problems.append(
        HeaderProblem(
          .error, .sclInter, "scl_inter is \(intercept) beside a slope of \(slope), expected a finite value"))
      return nil
    }
    return slope == 1 && intercept == 0 ? nil : VoxelPlan.Scaling(slope: slope, intercept: intercept)
  }
}
