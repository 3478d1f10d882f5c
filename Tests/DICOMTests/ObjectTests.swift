import Testing
import Volumes

@testable import DICOM

@Suite struct SegmentationTests {
  private struct Made {
    let source: SourceSeries
    var object: DataSet
    let expected: [SegmentationCheck.Expected]

    func fault() -> String? {
      do {
        try SegmentationCheck.require(object, holds: expected, on: Phantom.grid, of: source)
        return nil
      } catch { return error.description }
    }
  }

  private func made() throws -> Made {
    let source = try Phantom.series()
    let mapping = try #require(GridMapping(from: Phantom.grid, to: source))
    let context = Phantom.context(source)
    let segments = Phantom.findings.map { finding in
      let voxels = mapping.voxels(finding.voxels)
      return SegmentationContent.Segment(
        label: finding.label, isCandidate: finding.label.hasPrefix("C"),
        trackingUID: context.trackingUID(kind: "lesion", voxels: voxels), voxels: voxels)
    }
    let content = SegmentationContent(on: source, segments: segments, algorithm: .init(name: "net", version: "3"))
    let expected = zip(Phantom.findings, segments).map {
      SegmentationCheck.Expected(label: $0.label, trackingUID: $1.trackingUID, voxels: $0.voxels)
    }
    return Made(source: source, object: SegmentationObject(content, context).dataSet, expected: expected)
  }

  @Test func comesBackAsTheFindings() throws { #expect(try made().fault() == nil) }

  /// Frames of 35 pixels share bytes: L001 has planes 0 and 1, L002 planes 2 and 4, C001 plane 5.
  @Test func bitsFollowEachOtherWithoutAGap() throws {
    let object = try made().object
    let bytes = try #require(object.bytes(.pixelBytes))
    #expect(object.integer(.numberOfFrames) == 5)
    #expect(bytes.count == 22)
    let set = (0..<bytes.count * 8).filter { bytes[$0 / 8] >> UInt8($0 % 8) & 1 == 1 }
    // Row 0 of the grid is row 6 of the image: (0,6) → 30, (1,6) → 31, (0,5) → 25.
    #expect(set == [25, 30, 31, 35 + 30, 70 + 8, 70 + 9, 105 + 4, 140 + 17])
  }

  @Test func framesNameSegmentPlaceAndImage() throws {
    let made = try made()
    let groups = made.object.items(.perFrameFunctionalGroupsSequence)
    #expect(
      groups.map { $0.items(.segmentIdentificationSequence)[0].integer(.referencedSegmentNumber) } == [1, 1, 2, 2, 3])
    #expect(
      groups.map { $0.items(.frameContentSequence)[0].numbers(.dimensionIndexValues) } == [
        [1, 1], [1, 2], [2, 3], [2, 4], [3, 5],
      ])
    let images = groups.map {
      $0.items(.derivationImageSequence)[0].items(.sourceImageSequence)[0].text(.referencedSOPInstanceUID)
    }
    #expect(images == ["1.2.3.1", "1.2.3.2", "1.2.3.3", "1.2.3.5", "1.2.3.6"])
    for (group, image) in zip(groups, [0, 1, 2, 4, 5]) {
      let position = group.items(.planePositionSequence)[0].numbers(.imagePositionPatient)
      #expect(zip(position, Phantom.position(Double(image))).allSatisfy { abs($0 - $1) < 1e-9 })
    }
    let referenced = made.object.items(.referencedSeriesSequence)[0].items(.referencedInstanceSequence)
    #expect(referenced.compactMap { $0.text(.referencedSOPInstanceUID) } == images)
  }

  @Test func mirroredFramesAreCaught() throws {
    let whole = try made()
    let bytes = try #require(whole.object.bytes(.pixelBytes))
    let mirrors: [(String, (Int, Int) -> (Int, Int))] = [
      ("columns", { (4 - $0, $1) }), ("rows", { ($0, 6 - $1) }), ("both", { (4 - $0, 6 - $1) }),
    ]
    for (name, mirror) in mirrors {
      var mirrored = [UInt8](repeating: 0, count: bytes.count)
      for frame in 0..<5 {
        for pixel in 0..<35 where bytes[(frame * 35 + pixel) / 8] >> UInt8((frame * 35 + pixel) % 8) & 1 == 1 {
          let (column, row) = mirror(pixel % 5, pixel / 5)
          let bit = frame * 35 + row * 5 + column
          mirrored[bit / 8] |= 1 << UInt8(bit % 8)
        }
      }
      var made = whole
      made.object.set(.pixelBytes, bytes: mirrored)
      #expect(made.fault()?.contains("L001 lies elsewhere") == true, "\(name)")
    }
  }

  @Test func framesInReverseOrderAreCaught() throws {
    var made = try made()
    let groups = made.object.items(.perFrameFunctionalGroupsSequence)
    var swapped = groups
    swapped[0].set(.planePositionSequence, items: groups[1].items(.planePositionSequence))
    swapped[1].set(.planePositionSequence, items: groups[0].items(.planePositionSequence))
    made.object.set(.perFrameFunctionalGroupsSequence, items: swapped)
    #expect(made.fault()?.contains("L001 lies elsewhere") == true)
  }

  @Test func anotherFrameOfReferenceIsCaught() throws {
    var made = try made()
    made.object.set(.frameOfReferenceUID, "1.2.99")
    #expect(made.fault()?.contains("frame of reference") == true)
  }

  @Test func aLostTrackingIdentifierIsCaught() throws {
    for attribute in [Attribute.trackingID, .trackingUID] {
      var made = try made()
      var segments = made.object.items(.segmentSequence)
      segments[1].remove(attribute)
      made.object.set(.segmentSequence, items: segments)
      #expect(made.fault()?.contains("L002 has no tracking identifier") == true)
    }
  }

  @Test func anotherPatientIsCaught() throws {
    var made = try made()
    made.object.set(.patientID, "PID-0043")
    #expect(made.fault()?.contains("another study or patient") == true)
  }

  @Test func lyingCountsAreRefused() throws {
    var made = try made()
    made.object.set(.rows, 65_535)
    #expect(made.fault()?.contains("fewer pixels or frames") == true)
    made = try self.made()
    made.object.set(.numberOfFrames, "9223372036854775807")
    #expect(made.fault()?.contains("fewer pixels or frames") == true)
  }

  @Test func trackingUIDsFollowTheVoxels() throws {
    let context = Phantom.context(try Phantom.series())
    #expect(
      context.trackingUID(kind: "lesion", voxels: [1, 2]) == context.trackingUID(kind: "lesion", voxels: [1, 2]))
    #expect(context.trackingUID(kind: "lesion", voxels: [1, 2]) != context.trackingUID(kind: "lesion", voxels: [12]))
    #expect(
      context.trackingUID(kind: "lesion", voxels: [1, 2]) != context.trackingUID(kind: "candidate", voxels: [1, 2]))
  }

  /// Between the images of the source: half a step away, in the same frame of reference.
  @Test func planesOfItsOwnLieInTheSameSpace() throws {
    let source = try Phantom.series()
    let rows = Phantom.grid.affine.rows.map { [$0[0], $0[1], $0[2] / 2, $0[3] + $0[2] / 4] }
    let grid = ResultsGrid(shape: GridShape(5, 7, 12), affine: Affine(rows: rows))
    let voxels = [3, 40, 41, 300]
    let content = try SegmentationContent(
      resampled: grid, segments: [.init(label: "L001", isCandidate: false, trackingUID: "1.2.7", voxels: voxels)],
      algorithm: .init(name: "net", version: "3"))
    let object = SegmentationObject(content, Phantom.context(source)).dataSet
    try SegmentationCheck.require(
      object, holds: [.init(label: "L001", trackingUID: "1.2.7", voxels: voxels)], on: grid, of: source)
    #expect(object.items(.perFrameFunctionalGroupsSequence).allSatisfy { $0.items(.derivationImageSequence).isEmpty })
    #expect(object[.referencedSeriesSequence] == nil)
    let sheared = ResultsGrid(
      shape: grid.shape, affine: Affine(rows: rows.map { [$0[0], $0[1] + 0.2 * $0[0], $0[2], $0[3]] }))
    #expect(throws: DICOMError.self) {
      try SegmentationContent(resampled: sheared, segments: [], algorithm: .init(name: "net", version: "3"))
    }
  }
}

@Suite struct MeasurementTests {
  private static let content: MeasurementContent = {
    var first = MeasurementContent.Group(
      label: "L001", isCandidate: false, trackingUID: "1.2.71", volumeMillimetres3: 9.375, diameterMillimetres: 3.25)
    first.segment = 1
    first.meanProbability = 0.75
    first.errorScore = 0.125
    first.reviewOrder = 2
    first.location = "periventricular"
    first.saliency = .init(
      maximum: (4.5, WorldPoint(x: 1, y: 2, z: 3)), minimum: (-0.5, WorldPoint(x: -1, y: 0.5, z: 7)))
    first.decisions = [.init(reader: "A. Reader", verdict: "accept", reasons: [], comment: "größer")]
    first.outcome = .lesion
    var second = MeasurementContent.Group(
      label: "L002", isCandidate: false, trackingUID: "1.2.72", volumeMillimetres3: 7.03125, diameterMillimetres: 0)
    second.decisions = [.init(reader: "A. Reader", verdict: "reject", reasons: ["vessel"], comment: "")]
    second.outcome = .notALesion
    return MeasurementContent(groups: [first, second], algorithm: .init(name: "net", version: "3"))
  }()

  private let source: SourceSeries
  private let object: DataSet

  init() throws {
    source = try Phantom.series()
    object = MeasurementObject(Self.content, Phantom.context(source), hasSegmentation: true).dataSet
  }

  private func fault(_ object: DataSet) -> String? {
    do {
      try MeasurementCheck.require(object, holds: Self.content, of: source)
      return nil
    } catch { return error.description }
  }

  /// The object with one group changed.
  private func changed(_ number: Int, _ change: (inout [DataSet]) -> Void) -> DataSet {
    func replacing(_ items: [DataSet], _ name: Code, nth: Int, _ body: (inout DataSet) -> Void) -> [DataSet] {
      var items = items
      let index = items.indices.filter { items[$0].conceptName?.isSame(as: name) == true }[nth]
      body(&items[index])
      return items
    }
    var object = object
    object.set(
      .contentSequence,
      items: replacing(object.items(.contentSequence), .measurements, nth: 0) { measurements in
        measurements.set(
          .contentSequence,
          items: replacing(measurements.items(.contentSequence), .measurementGroup, nth: number) { group in
            var items = group.items(.contentSequence)
            change(&items)
            group.set(.contentSequence, items: items)
          })
      })
    return object
  }

  @Test func comesBackAsTheMeasurements() { #expect(fault(object) == nil) }

  @Test func anotherUnitIsCaught() {
    let wrong = changed(0) { items in
      let index = items.firstIndex { $0.conceptName?.isSame(as: .volume) == true }!
      var measured = items[index].items(.measuredValueSequence)[0]
      measured.set(.measurementUnitsCodeSequence, items: [Code("kg", "UCUM", "kilogram").dataSet])
      items[index].set(.measuredValueSequence, items: [measured])
    }
    #expect(fault(wrong)?.contains("'Volume' of L001 is another") == true)
  }

  @Test func aLostTrackingIdentifierIsCaught() {
    for name in [Code.trackingIdentifier, .trackingUID] {
      let wrong = changed(1) { items in items.removeAll { $0.conceptName?.isSame(as: name) == true } }
      #expect(fault(wrong)?.contains("L002 has no tracking identifier") == true)
    }
  }

  @Test func aPeakElsewhereIsCaught() {
    let wrong = changed(0) { items in
      let index = items.firstIndex { $0.conceptName?.isSame(as: .saliencyMaximum) == true }!
      var children = items[index].items(.contentSequence)
      // RAS instead of LPS.
      children[children.count - 1].set(.graphicData, [1, 2, 3])
      items[index].set(.contentSequence, items: children)
    }
    #expect(fault(wrong)?.contains("the place of") == true)
  }

  @Test func aRejectedFindingRefersToNoSegment() throws {
    let groups = try #require(object.content(.measurements).first).content(.measurementGroup)
    #expect(groups.map { $0.content(.referencedSegment).count } == [1, 0])
    #expect(groups[1].content(.decision).first?.text(.textValue) == "A. Reader: reject (vessel)")
    #expect(groups[1].content(.decisionOutcome).first?.text(.textValue) == "not a lesion")
    #expect(groups[1].content(.errorScore).isEmpty && groups[0].content(.errorScore).count == 1)
  }

  @Test func isUnverifiedAndSaysWhatTheSoftwareIs() throws {
    #expect(object.text(.verificationFlag) == "UNVERIFIED")
    let statements = try #require(object.content(.qualitativeEvaluations).first).content(.statement)
    #expect(statements.first?.text(.textValue) == "Research software, not a medical device.")
    #expect(object.text(.seriesDescription) == "lesionqc measurements. Research software, not a medical device.")
    var verified = object
    verified.set(.verificationFlag, "VERIFIED")
    #expect(fault(verified)?.contains("verified") == true)
  }
}

@Suite struct DocumentTests {
  @Test func holdsTheDocumentAndItsLength() throws {
    let context = Phantom.context(try Phantom.series())
    let pdf = Array("%PDF-1.4 x".utf8) + [10]
    let object = DocumentObject(pdf: pdf, title: "lesionqc report", context).dataSet
    try DocumentObject.require(object, holds: pdf)
    #expect(throws: DICOMError.self) { try DocumentObject.require(object, holds: pdf.dropLast()) }
    #expect(object.text(.documentTitle)?.contains("not a medical device") == true)
  }

  @Test func keyImagesNameFilesAndFrames() throws {
    let source = try Phantom.series()
    let object = KeyObjects(images: [1, 4], words: "Images.", Phantom.context(source)).dataSet
    try KeyObjects.require(object, names: [1, 4], of: source)
    #expect(throws: DICOMError.self) { try KeyObjects.require(object, names: [1, 3], of: source) }
    let text = object.items(.contentSequence)[0].text(.textValue)
    #expect(text == "Images. Research software, not a medical device.")
  }
}
