import Volumes

/// Puts the images of one series together, or says why they are no volume.
enum SeriesBuilder {
  /// Distances between images may differ by the larger of the two: in mm, and as a fraction of the distance.
  static let smallestTolerance = 0.01
  static let toleranceOfDistance = 0.01

  /// Images of which a series is made.
  static let imageClasses: Set<String> = [SOPClass.mr, SOPClass.enhancedMR, SOPClass.legacyConvertedMR]

  struct Refusal: Error, Equatable { let fault: String }

  /// - Parameter files: data sets of the series' files.
  static func series(_ files: [DataSet]) throws(Refusal) -> SourceSeries {
    var images: [(frame: SourceSeries.Frame, geometry: FrameGeometry)] = []
    var size: [Int]?
    for file in files {
      guard let rows = file.integer(.rows), let columns = file.integer(.columns), rows > 0, columns > 0 else {
        throw Refusal(fault: "an image says nothing of its rows and columns")
      }
      guard size == nil || size == [columns, rows] else { throw Refusal(fault: "its images are of different sizes") }
      size = [columns, rows]
      images += try frames(of: file)
    }
    guard let size, let first = images.first, let header = files.first else { throw Refusal(fault: "it is empty") }
    for name in [Attribute.studyInstanceUID, .seriesInstanceUID, .frameOfReferenceUID] {
      guard UID.isValid(header.text(name) ?? ""), files.allSatisfy({ $0.text(name) == header.text(name) }) else {
        throw Refusal(fault: "\(name.tag) is no UID, or not that of all images")
      }
    }
    guard images.allSatisfy({ $0.geometry.isLike(first.geometry) }) else {
      throw Refusal(fault: "its images have different orientations or pixel spacings")
    }
    guard images.count > 1 else { throw Refusal(fault: "it has one image") }
    let normal = first.geometry.normal
    let sorted = images.sorted { dot($0.frame.position, normal) < dot($1.frame.position, normal) }.map(\.frame)
    let step = try regularStep(sorted.map(\.position), normal)
    var kept = header
    for tag in header.tags where tag.group >= 0x5200 || tag.isPrivate { kept[tag] = nil }
    return SourceSeries(
      header: kept, frames: sorted, shape: GridShape(size[0], size[1], sorted.count),
      affine: first.geometry.affine(first: sorted[0].position, step: step))
  }

  private static func frames(of file: DataSet) throws(Refusal) -> [(SourceSeries.Frame, FrameGeometry)] {
    guard let sopClass = file.text(.sopClassUID), let instance = file.text(.sopInstanceUID), UID.isValid(instance)
    else { throw Refusal(fault: "an image has no valid SOP Instance UID") }
    let shared = file.items(.sharedFunctionalGroupsSequence).first
    let groups = file.items(.perFrameFunctionalGroupsSequence)
    let sources: [(number: Int?, groups: [DataSet])] =
      groups.isEmpty ? [(nil, [])] : groups.enumerated().map { ($0 + 1, [$1] + (shared.map { [$0] } ?? [])) }
    var found: [(SourceSeries.Frame, FrameGeometry)] = []
    for (number, groups) in sources {
      func numbers(_ group: Attribute, _ name: Attribute) -> [Double] {
        if number == nil { return file.numbers(name) }
        return groups.lazy.compactMap { $0.items(group).first?.numbers(name) }.first { !$0.isEmpty } ?? []
      }
      let position = numbers(.planePositionSequence, .imagePositionPatient)
      guard position.count == 3, position.allSatisfy({ abs($0) < 1e5 }),
        let geometry = FrameGeometry(
          orientation: numbers(.planeOrientationSequence, .imageOrientationPatient),
          pixelSpacing: numbers(.pixelMeasuresSequence, .pixelSpacing))
      else { throw Refusal(fault: "an image has no usable position, orientation or pixel spacing") }
      found.append((.init(sopClass: sopClass, sopInstance: instance, number: number, position: position), geometry))
    }
    return found
  }

  /// The vector from each image to the next, LPS+.
  private static func regularStep(_ positions: [[Double]], _ normal: [Double]) throws(Refusal) -> [Double] {
    let count = Double(positions.count - 1)
    let step = (0..<3).map { (positions[positions.count - 1][$0] - positions[0][$0]) / count }
    let distance = dot(step, normal)
    let tolerance = max(smallestTolerance, toleranceOfDistance * distance)
    guard distance > smallestTolerance else { throw Refusal(fault: "its images lie at one place") }
    for (n, position) in positions.enumerated() {
      let off = (0..<3).map { position[$0] - positions[0][$0] - step[$0] * Double(n) }
      guard dot(off, off).squareRoot() <= tolerance else {
        throw Refusal(fault: "its images are not evenly spaced: one is missing, repeated or shifted at image \(n + 1)")
      }
    }
    guard dot(step, step) - distance * distance <= tolerance * tolerance else {
      throw Refusal(fault: "its images are shifted against each other (gantry tilt)")
    }
    return step
  }
}
