import Volumes

/// Comprehensive 3D SR after TID 1500 (PS3.16): a measurement group for each finding, unverified.
public struct MeasurementObject: Sendable {
  public let dataSet: DataSet

  /// - Parameter hasSegmentation: a segmentation object of the same context goes with it.
  public init(_ content: MeasurementContent, _ context: ObjectContext, hasSegmentation: Bool) {
    var object = context.header(.report)
    object.set(.completionFlag, "COMPLETE")
    object.set(.verificationFlag, "UNVERIFIED")
    object.set(.referencedPerformedProcedureStepSequence, items: [])
    object.set(.performedProcedureCodeSequence, items: [])
    context.nameOwnCodes(in: &object)
    let segmentation = ObjectReference(sopClass: SOPClass.segmentation, sopInstance: context.instanceUID(.segmentation))
    let evidence = Evidence(
      study: context.source.studyUID,
      series: [
        (context.source.seriesUID, context.source.frames.instances),
        (context.seriesUID(.segmentation), hasSegmentation ? [segmentation] : []),
      ])
    object.set(.currentRequestedProcedureEvidenceSequence, items: [evidence.dataSet])
    let root = Self.root(content, context, segmentation: segmentation)
    object.copy(
      [.valueType, .conceptNameCodeSequence, .continuityOfContent, .contentTemplateSequence, .contentSequence],
      from: root.dataSet)
    dataSet = object
  }

  private static func root(_ content: MeasurementContent, _ context: ObjectContext, segmentation: ObjectReference)
    -> ContentItem
  {
    let groups = content.groups.map { group($0, content.algorithm, context, segmentation: segmentation) }
    return .container(
      nil, .measurementReport, template: "1500",
      [.code(.hasConceptModifier, .language, .english)] + observer(context) + [
        .code(.hasConceptModifier, .procedureReported, .mr), .container(.contains, .measurements, groups),
        .container(.contains, .qualitativeEvaluations, [.text(.contains, .statement, context.disclaimer)]),
      ])
  }

  /// TID 1004: the program observed.
  private static func observer(_ context: ObjectContext) -> [ContentItem] {
    let equipment = context.equipment
    return [
      .code(.hasObservationContext, .observerType, .device),
      .uid(.hasObservationContext, .deviceUID, UID.derived([equipment.name, equipment.version, "device"])),
      .text(.hasObservationContext, .deviceName, equipment.name),
      .text(.hasObservationContext, .deviceManufacturer, equipment.name),
      .text(.hasObservationContext, .deviceModel, equipment.name),
      .text(.hasObservationContext, .deviceSerialNumber, equipment.version),
    ]
  }

  /// TID 1411 for a finding in the segmentation, TID 1501 for one that stands in none.
  private static func group(
    _ group: MeasurementContent.Group, _ algorithm: SegmentationContent.Algorithm, _ context: ObjectContext,
    segmentation: ObjectReference
  ) -> ContentItem {
    var items: [ContentItem] = [
      .text(.hasObservationContext, .trackingIdentifier, group.label),
      .uid(.hasObservationContext, .trackingUID, group.trackingUID),
      .code(.contains, .finding, group.isCandidate ? .candidate : .lesion),
      .code(.hasConceptModifier, .findingSite, .brain),
    ]
    if let segment = group.segment {
      var reference = segmentation.dataSet
      reference.set(.referencedSegmentNumber, segment)
      items.append(.image(.contains, .referencedSegment, reference))
      items.append(.uid(.contains, .sourceSeries, context.source.seriesUID))
    }
    let maker: [ContentItem] = [
      .text(.hasConceptModifier, .algorithmName, algorithm.name),
      .text(.hasConceptModifier, .algorithmVersion, algorithm.version),
    ]
    items += measurements(group, maker, frameOfReference: context.source.frameOfReferenceUID)
    items += evaluations(group)
    return .container(.contains, .measurementGroup, template: group.segment == nil ? "1501" : "1411", items)
  }

  private static func measurements(_ group: MeasurementContent.Group, _ maker: [ContentItem], frameOfReference: String)
    -> [ContentItem]
  {
    var items: [ContentItem] = [
      .number(.contains, .volume, group.volumeMillimetres3, .cubicMillimetre, maker),
      .number(
        .contains, .diameter, group.diameterMillimetres, .millimetre,
        [.code(.hasConceptModifier, .derivation, .maximum)] + maker),
    ]
    func add(_ name: Code, _ value: Double?) {
      if let value { items.append(.number(.contains, name, value, .noUnits, maker)) }
    }
    add(.meanProbability, group.meanProbability)
    add(.errorScore, group.errorScore)
    add(.reviewOrder, group.reviewOrder.map(Double.init))
    if let saliency = group.saliency {
      for (name, peak) in [(Code.saliencyMaximum, saliency.maximum), (.saliencyMinimum, saliency.minimum)] {
        let place = ContentItem.point(
          .inferredFrom, [-peak.place.x, -peak.place.y, peak.place.z], frameOfReference: frameOfReference)
        items.append(.number(.contains, name, peak.value, .logitPerDeviation, maker + [place]))
      }
    }
    return items
  }

  private static func evaluations(_ group: MeasurementContent.Group) -> [ContentItem] {
    var items: [ContentItem] = []
    if let location = group.location { items.append(.text(.contains, .location, location)) }
    for decision in group.decisions {
      // `reject (vessel, boundary)`.
      let reasons = decision.reasons.isEmpty ? "" : " (\(decision.reasons.joined(separator: ", ")))"
      items.append(.text(.contains, .decision, "\(decision.reader): \(decision.verdict)\(reasons)"))
      if !decision.comment.isEmpty {
        items.append(.text(.contains, .comment, "\(decision.reader): \(decision.comment)"))
      }
    }
    if let outcome = group.outcome { items.append(.text(.contains, .decisionOutcome, outcome.rawValue)) }
    return items
  }
}
