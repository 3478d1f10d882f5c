/// Key Object Selection Document (PS3.3, A.35.4; TID 2010): the images that hold findings to look at.
public struct KeyObjects: Sendable {
  public let dataSet: DataSet

  /// - Parameters:
  ///   - images: indices of the source's images, ascending, not empty.
  ///   - words: which images these are.
  public init(images: [Int], words: String, _ context: ObjectContext) {
    precondition(!images.isEmpty, "a selection names at least one image")
    let frames = images.map { context.source.frames[$0] }
    var object = context.header(.keyObjects)
    object.set(.referencedPerformedProcedureStepSequence, items: [])
    let evidence = Evidence(study: context.source.studyUID, series: [(context.source.seriesUID, frames.instances)])
    object.set(.currentRequestedProcedureEvidenceSequence, items: [evidence.dataSet])
    let root = ContentItem.container(
      nil, .ofInterest, template: "2010",
      [.text(.contains, .keyObjectDescription, "\(words) \(context.disclaimer)")]
        + Self.references(frames).map { .image(.contains, nil, $0) })
    object.copy(
      [.valueType, .conceptNameCodeSequence, .continuityOfContent, .contentTemplateSequence, .contentSequence],
      from: root.dataSet)
    dataSet = object
  }

  /// One for each file, with the frames that are meant.
  private static func references(_ frames: [SourceSeries.Frame]) -> [DataSet] {
    frames.instances.map { instance in
      var reference = instance.dataSet
      let numbers = frames.filter { $0.sopInstance == instance.sopInstance }.compactMap(\.number)
      if !numbers.isEmpty { reference.set(.referencedFrameNumber, numbers.map(Double.init)) }
      return reference
    }
  }

  /// - Throws: ``DICOMError/object(kind:fault:)`` where other images are named.
  public static func require(_ dataSet: DataSet, names images: [Int], of source: SourceSeries) throws(DICOMError) {
    let wanted = references(images.map { source.frames[$0] })
    let found = dataSet.items(.contentSequence).filter { $0.text(.valueType) == "IMAGE" }.compactMap {
      $0.items(.referencedSOPSequence).first
    }
    func key(_ reference: DataSet) -> String {
      "\(reference.text(.referencedSOPInstanceUID) ?? "") \(reference.numbers(.referencedFrameNumber))"
    }
    guard found.map(key) == wanted.map(key) else {
      throw .object(kind: "key object selection", fault: "it names other images")
    }
  }
}
