import Archive
import AuditTrail
import DICOM
import Digests
import ErrorScore
import Foundation
import Lesions
import Reports
import Results
import Software
import Statistics
import Volumes

/// The objects of one stored patient in the study of the source series.
struct PatientObjects {
  /// An object, and how the file is compared with what it should hold.
  struct Object {
    let fileName: String
    let dataSet: DataSet
    let check: (DataSet) throws(DICOMError) -> Void
  }

  let patient: StoredPatient
  let findings: StoredFindings
  let review: AppliedReview?
  let source: SourceSeries
  /// Nil where the results are on a grid of their own.
  let mapping: GridMapping?
  /// Readers' names and comments stay away from objects under a pseudonym.
  let isPseudonymous: Bool

  private var grid: ResultsGrid { ResultsGrid(shape: findings.shape, affine: findings.affine) }

  /// Without a probability map nothing is known but the tool.
  private var algorithm: SegmentationContent.Algorithm {
    let results = patient.results
    if let model = results.model { return .init(name: model.name, version: model.version) }
    return .init(name: results.external?.tool ?? "unknown", version: "unknown")
  }

  private var context: ObjectContext {
    ObjectContext(
      source: source, equipment: .init(name: Software.name, version: Software.version),
      moment: Self.moment(review?.time ?? patient.finished.time), disclaimer: Software.disclaimer,
      content: [patient.reportID, review.map { "\($0.maskDigest) \($0.time)" } ?? "", mapping == nil ? "own grid" : ""])
  }

  /// In the time of this machine, as the other objects of a study are.
  static func moment(_ time: String) -> ObjectContext.Moment {
    let date = ISO8601DateFormatter().date(from: time) ?? Date(timeIntervalSince1970: 0)
    let formatter = DateFormatter()
    formatter.locale = Locale(identifier: "en_US_POSIX")
    formatter.dateFormat = "yyyyMMdd"
    let day = formatter.string(from: date)
    formatter.dateFormat = "HHmmss"
    return .init(date: day, time: formatter.string(from: date))
  }

  /// - Parameters:
  ///   - pdf: bytes of the printed report; nil where there is none.
  ///   - images: that pictures are drawn of; nil for none.
  /// - Throws: ``DICOMError``, ``ReportsError``.
  func objects(pdf: [UInt8]?, images: PatientImages?) throws -> [Object] {
    let context = context
    let tracking = trackingUIDs(context)
    let segments = findings.findings.compactMap { segment($0, tracking) }
    let numbers = Dictionary(uniqueKeysWithValues: zip(segments.map(\.label), 1...))
    let measured = MeasurementContent(
      groups: patient.results.findings.map { group($0, tracking, segment: numbers[$0.id.description]) },
      algorithm: algorithm)
    var objects: [Object] = []
    if !segments.isEmpty { objects.append(try segmentation(segments, context)) }
    let source = source
    objects.append(
      Object(
        fileName: "measurements.dcm",
        dataSet: MeasurementObject(measured, context, hasSegmentation: !segments.isEmpty).dataSet
      ) { file throws(DICOMError) in try MeasurementCheck.require(file, holds: measured, of: source) })
    if let pdf {
      objects.append(
        Object(
          fileName: "report.dcm", dataSet: DocumentObject(pdf: pdf, title: "\(Software.name) report", context).dataSet
        ) { file throws(DICOMError) in try DocumentObject.require(file, holds: pdf) })
    }
    let keys = keyImages
    if !keys.isEmpty {
      objects.append(
        Object(fileName: "key-images.dcm", dataSet: KeyObjects(images: keys, words: keyWords, context).dataSet) {
          file throws(DICOMError) in try KeyObjects.require(file, names: keys, of: source)
        })
    }
    if let images { objects += try pictures(images, context) }
    return objects
  }

  /// The panels of the flagged findings, in the order of the work list.
  private func pictures(_ images: PatientImages, _ context: ObjectContext) throws -> [Object] {
    let ids = flagged
    let captures = try FindingCapture.draw(ids, of: patient.results, images: images, statement: Software.disclaimer)
    return zip(ids, captures).enumerated().map { index, pair in
      let (id, capture) = pair
      let picture = CaptureObject.Picture(width: capture.width, height: capture.height, pixels: capture.pixels)
      return Object(
        fileName: "picture-\(id).dcm",
        dataSet: CaptureObject(picture, label: "\(id)", number: index + 1, context).dataSet
      ) { file throws(DICOMError) in try CaptureObject.require(file, shows: picture) }
    }
  }

  // MARK: - Segmentation

  private func segmentation(_ segments: [SegmentationContent.Segment], _ context: ObjectContext) throws(DICOMError)
    -> Object
  {
    let content =
      mapping == nil
      ? try SegmentationContent(resampled: grid, segments: segments, algorithm: algorithm)
      : SegmentationContent(on: source, segments: segments, algorithm: algorithm)
    let kept = Dictionary(uniqueKeysWithValues: findings.findings.map { ($0.id.description, $0.voxels) })
    let expected = segments.map {
      SegmentationCheck.Expected(label: $0.label, trackingUID: $0.trackingUID, voxels: kept[$0.label] ?? [])
    }
    let (grid, source) = (grid, source)
    return Object(fileName: "segmentation.dcm", dataSet: SegmentationObject(content, context).dataSet) {
      file throws(DICOMError) in try SegmentationCheck.require(file, holds: expected, on: grid, of: source)
    }
  }

  private func voxels(_ finding: Finding) -> [Int] { mapping?.voxels(finding.voxels) ?? finding.voxels }

  private func trackingUIDs(_ context: ObjectContext) -> [FindingID: String] {
    Dictionary(
      uniqueKeysWithValues: findings.findings.map {
        ($0.id, context.trackingUID(kind: $0.id.kind.rawValue, voxels: voxels($0)))
      })
  }

  /// Nil for a finding that readers rejected: it stands in the measurements alone.
  private func segment(_ finding: Finding, _ tracking: [FindingID: String]) -> SegmentationContent.Segment? {
    let outcome = review?.outcomes[finding.id]
    if outcome?.isLesion == false { return nil }
    return SegmentationContent.Segment(
      label: finding.id.description, isCandidate: finding.id.kind == .candidate && outcome?.isInMask != true,
      trackingUID: tracking[finding.id] ?? "", voxels: voxels(finding))
  }

  // MARK: - Measurements

  private func group(_ record: FindingRecord, _ tracking: [FindingID: String], segment: Int?)
    -> MeasurementContent.Group
  {
    let results = patient.results
    let outcome = review?.outcomes[record.id]
    let entry = results.reviewOrder.first { $0.finding == record.id }
    var group = MeasurementContent.Group(
      label: record.id.description, isCandidate: record.kind == .candidate && outcome?.isInMask != true,
      trackingUID: tracking[record.id] ?? "", volumeMillimetres3: record.measurements.volumeMillimetres3,
      diameterMillimetres: record.measurements.maximumDiameterMillimetres)
    group.segment = segment
    group.meanProbability = record.measurements.probability?.mean
    group.errorScore = entry.flatMap(results.statedErrorScore)
    group.reviewOrder = entry?.position
    group.location = record.location == .notAssessed ? nil : Wording.location(record.location)
    if let inside = record.saliency?.flair.inside {
      group.saliency = .init(
        maximum: (inside.maximum.value, inside.maximum.worldMillimetres),
        minimum: (inside.minimum.value, inside.minimum.worldMillimetres))
    }
    if let outcome {
      group.decisions = outcome.decisions.map { decision in
        .init(
          reader: shownName(of: decision.reader), verdict: decision.verdict.rawValue,
          reasons: decision.reasons.map(\.rawValue), comment: isPseudonymous ? "" : decision.comment)
      }
      group.outcome = outcome.isLesion.map { $0 ? .lesion : .notALesion } ?? .undecided
    }
    return group
  }

  /// Under a pseudonym readers are numbered in order of name.
  private func shownName(of reader: String) -> String {
    guard isPseudonymous else { return reader }
    let readers = Set((review?.outcomes.values.map { $0 } ?? []).flatMap(\.decisions).map(\.reader)).sorted()
    return "Reader \((readers.firstIndex(of: reader) ?? 0) + 1)"
  }

  // MARK: - Key images

  /// Findings of the work list down to the review cut-off, or the first ones where there is none.
  private var flagged: [FindingID] {
    let results = patient.results
    return results.reviewOrder.prefix(PrintedFindings.count(results)).map(\.finding).filter {
      review?.outcomes[$0]?.isLesion != false
    }
  }

  private var keyWords: String {
    patient.results.calibration?.cutoff == nil
      ? "Images that hold the first \(PrintedFindings.countWithoutCutoff) findings of the review order, uncalibrated."
      : "Images that hold the findings above the review cut-off."
  }

  /// The source's images in which a flagged finding has a voxel, ascending.
  private var keyImages: [Int] {
    let toSource = source.affine.inverse.composed(with: findings.affine)
    let ids = Set(flagged)
    let images = findings.findings.filter { ids.contains($0.id) }.flatMap(\.voxels).map { voxel in
      Int(saturating: toSource.world(findings.shape.voxel(at: voxel)).z.rounded())
    }
    return Set(images).filter { (0..<source.shape.nk).contains($0) }.sorted()
  }
}
