/// A node of the content tree of a structured report (PS3.3, C.17.3).
struct ContentItem {
  /// From the parent to this one.
  enum Relationship: String {
    case contains = "CONTAINS"
    case hasObservationContext = "HAS OBS CONTEXT"
    case hasConceptModifier = "HAS CONCEPT MOD"
    case hasProperties = "HAS PROPERTIES"
    case inferredFrom = "INFERRED FROM"
  }

  var dataSet = DataSet()

  private init(_ valueType: String, _ relationship: Relationship?, _ name: Code?) {
    if let relationship { dataSet.set(.relationshipType, relationship.rawValue) }
    dataSet.set(.valueType, valueType)
    if let name { dataSet.set(.conceptNameCodeSequence, items: [name.dataSet]) }
  }

  /// - Parameter template: identifier of the template of DCMR that the content follows.
  static func container(_ relationship: Relationship?, _ name: Code, template: String? = nil, _ children: [ContentItem])
    -> ContentItem
  {
    var item = ContentItem("CONTAINER", relationship, name)
    item.dataSet.set(.continuityOfContent, "SEPARATE")
    if let template {
      var named = DataSet()
      named.set(.mappingResource, "DCMR")
      named.set(.templateIdentifier, template)
      item.dataSet.set(.contentTemplateSequence, items: [named])
    }
    return item.with(children)
  }

  static func code(_ relationship: Relationship, _ name: Code, _ value: Code, _ children: [ContentItem] = [])
    -> ContentItem
  {
    var item = ContentItem("CODE", relationship, name)
    item.dataSet.set(.conceptCodeSequence, items: [value.dataSet])
    return item.with(children)
  }

  static func text(_ relationship: Relationship, _ name: Code, _ text: String) -> ContentItem {
    var item = ContentItem("TEXT", relationship, name)
    item.dataSet.set(.textValue, text)
    return item
  }

  static func person(_ relationship: Relationship, _ name: Code, _ person: String) -> ContentItem {
    var item = ContentItem("PNAME", relationship, name)
    // The signs that part a name's components and groups are no part of it.
    item.dataSet.set(.personName, String(person.map { "^=\\".contains($0) ? " " : $0 }))
    return item
  }

  static func uid(_ relationship: Relationship, _ name: Code, _ uid: String) -> ContentItem {
    var item = ContentItem("UIDREF", relationship, name)
    item.dataSet.set(.uid, uid)
    return item
  }

  static func number(
    _ relationship: Relationship, _ name: Code, _ value: Double, _ unit: Code, _ children: [ContentItem] = []
  ) -> ContentItem {
    var item = ContentItem("NUM", relationship, name)
    var measured = DataSet()
    measured.set(.numericValue, [value])
    measured.set(.measurementUnitsCodeSequence, items: [unit.dataSet])
    item.dataSet.set(.measuredValueSequence, items: [measured])
    return item.with(children)
  }

  /// - Parameter reference: class, instance and, where only a part is meant, frame or segment.
  static func image(_ relationship: Relationship, _ name: Code?, _ reference: DataSet) -> ContentItem {
    var item = ContentItem("IMAGE", relationship, name)
    item.dataSet.set(.referencedSOPSequence, items: [reference])
    return item
  }

  /// - Parameter position: mm, LPS+.
  static func point(_ relationship: Relationship, _ position: [Double], frameOfReference: String) -> ContentItem {
    var item = ContentItem("SCOORD3D", relationship, nil)
    item.dataSet.set(.graphicType, "POINT")
    item.dataSet.set(.graphicData, position)
    item.dataSet.set(.referencedFrameOfReferenceUID, frameOfReference)
    return item
  }

  private func with(_ children: [ContentItem]) -> ContentItem {
    guard !children.isEmpty else { return self }
    var item = self
    item.dataSet.set(.contentSequence, items: children.map(\.dataSet))
    return item
  }
}

extension DataSet {
  /// Of a content item.
  var conceptName: Code? { Code(items(.conceptNameCodeSequence).first) }

  /// The items below this one with that name, in order.
  func content(_ name: Code) -> [DataSet] {
    items(.contentSequence).filter { $0.conceptName?.isSame(as: name) ?? false }
  }
}
