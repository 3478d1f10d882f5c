import Volumes

/// Reads a measurement report back before it leaves.
public enum MeasurementCheck {
  /// Decimal strings have 16 characters.
  private static let relativeTolerance = 1e-9

  /// - Parameter dataSet: as it was read from the file.
  /// - Throws: ``DICOMError/object(kind:fault:)`` that names the first difference.
  public static func require(_ dataSet: DataSet, holds content: MeasurementContent, of source: SourceSeries)
    throws(DICOMError)
  {
    func refuse(_ fault: String) -> DICOMError { .object(kind: "measurement report", fault: fault) }
    guard dataSet.text(.studyInstanceUID) == source.studyUID, dataSet.text(.patientID) == source.header.text(.patientID)
    else { throw refuse("it belongs to another study or patient") }
    guard dataSet.text(.verificationFlag) == "UNVERIFIED" else { throw refuse("it is marked as verified") }
    let groups = dataSet.content(.measurements).first?.content(.measurementGroup) ?? []
    guard groups.count == content.groups.count else {
      throw refuse("it has \(groups.count) measurement groups, not \(content.groups.count)")
    }
    for (group, wanted) in zip(groups, content.groups) {
      guard group.content(.trackingIdentifier).first?.text(.textValue) == wanted.label,
        group.content(.trackingUID).first?.text(.uid) == wanted.trackingUID
      else { throw refuse("\(wanted.label) has no tracking identifier, or another one") }
      let segment = group.content(.referencedSegment).first?.items(.referencedSOPSequence).first?.integer(
        .referencedSegmentNumber)
      guard segment == wanted.segment else { throw refuse("\(wanted.label) refers to another segment") }
      let numbers: [(Code, Double?, Code)] = [
        (.volume, wanted.volumeMillimetres3, .cubicMillimetre), (.diameter, wanted.diameterMillimetres, .millimetre),
        (.meanProbability, wanted.meanProbability, .noUnits), (.errorScore, wanted.errorScore, .noUnits),
        (.reviewOrder, wanted.reviewOrder.map(Double.init), .noUnits),
        (.saliencyMaximum, wanted.saliency?.maximum.value, .logitPerDeviation),
        (.saliencyMinimum, wanted.saliency?.minimum.value, .logitPerDeviation),
      ]
      for (name, value, unit) in numbers {
        guard holds(group, name, value, unit) else { throw refuse("'\(name.meaning)' of \(wanted.label) is another") }
      }
      try requirePlaces(group, wanted, source)
    }
  }

  private static func holds(_ group: DataSet, _ name: Code, _ value: Double?, _ unit: Code) -> Bool {
    let found = group.content(name)
    guard let value else { return found.isEmpty }
    guard found.count == 1, let measured = found[0].items(.measuredValueSequence).first,
      let number = measured.numbers(.numericValue).first,
      Code(measured.items(.measurementUnitsCodeSequence).first)?.isSame(as: unit) == true
    else { return false }
    return abs(number - value) <= relativeTolerance * abs(value)
  }

  private static func requirePlaces(_ group: DataSet, _ wanted: MeasurementContent.Group, _ source: SourceSeries)
    throws(DICOMError)
  {
    guard let saliency = wanted.saliency else { return }
    for (name, place) in [(Code.saliencyMaximum, saliency.maximum.place), (.saliencyMinimum, saliency.minimum.place)] {
      let point = group.content(name).first?.items(.contentSequence).first { $0.text(.valueType) == "SCOORD3D" }
      let found = point?.numbers(.graphicData) ?? []
      guard found.count == 3, point?.text(.referencedFrameOfReferenceUID) == source.frameOfReferenceUID,
        zip(found, [-place.x, -place.y, place.z]).allSatisfy({ abs($0 - $1) < 1e-3 })
      else {
        throw .object(kind: "measurement report", fault: "the place of '\(name.meaning)' of \(wanted.label) is another")
      }
    }
  }
}
