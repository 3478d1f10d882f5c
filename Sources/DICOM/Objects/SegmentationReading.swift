public import Volumes

/// A binary segmentation as it is read from a data set: each segment's voxels, in mm.
public struct SegmentationReading: Sendable {
  public struct Segment: Sendable {
    public let number: Int
    public let label: String
    public let trackingID: String?
    public let trackingUID: String?
    /// Centres of the voxels that are set, mm, RAS+.
    public internal(set) var points: [WorldPoint]
  }

  public let frameOfReferenceUID: String
  public let studyUID: String
  public let patientID: String?
  public let segments: [Segment]
  /// Volume of a voxel, mm³.
  public let voxelMillimetres3: Double

  /// - Parameter dataSet: with its pixels.
  /// - Throws: ``DICOMError/object(kind:fault:)``.
  public init(_ dataSet: DataSet) throws(DICOMError) {
    func refused(_ fault: String) -> DICOMError { .object(kind: "segmentation", fault: fault) }
    guard dataSet.text(.sopClassUID) == SOPClass.segmentation else { throw refused("its SOP class is another") }
    guard dataSet.text(.segmentationType) == "BINARY", dataSet.integer(.bitsAllocated) == 1 else {
      throw refused("it is not binary")
    }
    guard let rows = dataSet.integer(.rows), let columns = dataSet.integer(.columns), rows > 0, columns > 0,
      let pixels = dataSet.bytes(.pixelBytes), case let groups = dataSet.items(.perFrameFunctionalGroupsSequence),
      !groups.isEmpty, groups.count == dataSet.integer(.numberOfFrames),
      let bits = Self.product(groups.count, rows, columns), pixels.count >= (bits + 7) / 8
    else { throw refused("it has fewer pixels or frames than it announces") }
    guard let uid = dataSet.text(.frameOfReferenceUID) else { throw refused("it has no frame of reference") }
    let shared = dataSet.items(.sharedFunctionalGroupsSequence).first ?? DataSet()
    var points: [Int: [WorldPoint]] = [:]
    var volume = 0.0
    for (n, group) in groups.enumerated() {
      func numbers(_ sequence: Attribute, _ name: Attribute) -> [Double] {
        (group.items(sequence).first ?? shared.items(sequence).first)?.numbers(name) ?? []
      }
      let position = numbers(.planePositionSequence, .imagePositionPatient)
      guard position.count == 3,
        let geometry = FrameGeometry(
          orientation: numbers(.planeOrientationSequence, .imageOrientationPatient),
          pixelSpacing: numbers(.pixelMeasuresSequence, .pixelSpacing)),
        let number = group.items(.segmentIdentificationSequence).first?.integer(.referencedSegmentNumber)
      else { throw refused("frame \(n + 1) has no usable place, or belongs to no segment") }
      let thickness =
        numbers(.pixelMeasuresSequence, .spacingBetweenSlices).first ?? numbers(.pixelMeasuresSequence, .sliceThickness)
        .first ?? 0
      volume = geometry.pixelSpacing[0] * geometry.pixelSpacing[1] * thickness
      let affine = geometry.affine(first: position, step: geometry.normal)
      for bit in n * rows * columns..<(n + 1) * rows * columns where pixels[bit / 8] >> UInt8(bit % 8) & 1 == 1 {
        let pixel = bit - n * rows * columns
        points[number, default: []].append(affine.world(VoxelIndex(pixel % columns, pixel / columns, 0)))
      }
    }
    segments = dataSet.items(.segmentSequence).compactMap { item in
      item.integer(.segmentNumber).map { number in
        Segment(
          number: number, label: item.text(.segmentLabel) ?? "", trackingID: item.text(.trackingID),
          trackingUID: item.text(.trackingUID), points: points[number] ?? [])
      }
    }
    guard Set(segments.map(\.number)).count == segments.count, Set(points.keys).isSubset(of: segments.map(\.number))
    else { throw refused("its frames and segments do not agree") }
    frameOfReferenceUID = uid
    studyUID = dataSet.text(.studyInstanceUID) ?? ""
    patientID = dataSet.text(.patientID)
    voxelMillimetres3 = volume
  }

  /// Nil where it is beyond what an integer holds.
  private static func product(_ a: Int, _ b: Int, _ c: Int) -> Int? {
    let (ab, first) = a.multipliedReportingOverflow(by: b)
    let (abc, second) = ab.multipliedReportingOverflow(by: c)
    return first || second ? nil : abc
  }
}

extension SegmentationReading.Segment {
  /// The voxels of a grid that the points are the centres of, ascending.
  ///
  /// - Parameter toleranceMillimetres: how far a point may lie from the centre.
  /// - Returns: nil where a point lies outside the grid or between its voxels.
  public func voxels(on grid: ResultsGrid, toleranceMillimetres: Double) -> [Int]? {
    let inverse = grid.affine.inverse
    var found: [Int] = []
    for point in points {
      let place = inverse.world(point.x, point.y, point.z)
      let rounded = [place.x, place.y, place.z].map { $0.rounded() }
      guard rounded.allSatisfy({ abs($0) < 1e6 }) else { return nil }
      let voxel = VoxelIndex(Int(rounded[0]), Int(rounded[1]), Int(rounded[2]))
      let centre = grid.affine.world(voxel)
      let off = [centre.x - point.x, centre.y - point.y, centre.z - point.z]
      guard grid.shape.contains(voxel), dot(off, off).squareRoot() <= toleranceMillimetres else { return nil }
      found.append(grid.shape.linearIndex(voxel))
    }
    return found.sorted()
  }
}
