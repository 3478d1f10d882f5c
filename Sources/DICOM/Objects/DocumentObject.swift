/// Encapsulated PDF Storage (PS3.3, A.45.1).
public struct DocumentObject: Sendable {
  public let dataSet: DataSet

  /// - Parameters:
  ///   - pdf: the bytes of the file.
  ///   - title: of the document.
  public init(pdf: [UInt8], title: String, _ context: ObjectContext) {
    var object = context.header(.document)
    object.set(.conversionType, "WSD")
    // Of a measurement that the document would be about; it is about several.
    object.set(.acquisitionDateTime, nil)
    object.set(.burnedInAnnotation, "YES")
    object.set(.documentTitle, "\(title). \(context.disclaimer)")
    object.set(.conceptNameCodeSequence, items: [])
    object.set(.mimeTypeOfEncapsulatedDocument, "application/pdf")
    // An even number of bytes; the length is that of the document.
    object.set(.encapsulatedDocumentLength, pdf.count)
    object.set(.encapsulatedDocument, bytes: pdf.count.isMultiple(of: 2) ? pdf : pdf + [0])
    dataSet = object
  }

  /// - Throws: ``DICOMError/object(kind:fault:)`` where the file holds another document.
  public static func require(_ dataSet: DataSet, holds pdf: [UInt8]) throws(DICOMError) {
    guard let found = dataSet.bytes(.encapsulatedDocument), found.starts(with: pdf), found.count - pdf.count < 2,
      dataSet.integer(.encapsulatedDocumentLength) == pdf.count
    else { throw .object(kind: "encapsulated PDF", fault: "the document in it is another") }
  }
}

/// Evidence: which objects of which series of a study a document refers to (PS3.3, C.17.2).
struct Evidence {
  let study: String
  let series: [(uid: String, instances: [ObjectReference])]

  var dataSet: DataSet {
    var item = DataSet()
    item.set(.studyInstanceUID, study)
    item.set(
      .referencedSeriesSequence,
      items: series.filter { !$0.instances.isEmpty }.map { series in
        var part = DataSet()
        part.set(.seriesInstanceUID, series.uid)
        part.set(.referencedSOPSequence, items: series.instances.map(\.dataSet))
        return part
      })
    return item
  }
}
