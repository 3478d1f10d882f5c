/// Secondary Capture Image Storage (PS3.3, A.8.1): a picture of one finding, in colour.
public struct CaptureObject: Sendable {
  public let dataSet: DataSet

  /// A picture: red, green and blue of each pixel, rows from the top.
  public struct Picture: Sendable, Equatable {
    let width: Int
    let height: Int
    let pixels: [UInt8]

    /// - Precondition: three bytes a pixel, at most 65,535 pixels along each side.
    public init(width: Int, height: Int, pixels: [UInt8]) {
      precondition(pixels.count == width * height * 3 && max(width, height) < 65_536, "three bytes a pixel")
      (self.width, self.height, self.pixels) = (width, height, pixels)
    }
  }

  /// - Parameters:
  ///   - label: of the finding.
  ///   - number: of the picture in its series, from 1.
  public init(_ picture: Picture, label: String, number: Int, _ context: ObjectContext) {
    var object = context.header(.capture, number: number)
    object.set(.imageType, ["DERIVED", "SECONDARY"])
    object.set(.conversionType, "WSD")
    object.set(.bodyPartExamined, "BRAIN")
    object.set(.patientOrientation, nil)
    object.set(.derivationDescription, "Panel of finding \(label). \(context.disclaimer)")
    object.set(.burnedInAnnotation, "YES")
    object.set(.lossyImageCompression, "00")
    object.set(.samplesPerPixel, 3)
    object.set(.photometricInterpretation, "RGB")
    object.set(.planarConfiguration, 0)
    object.set(.rows, picture.height)
    object.set(.columns, picture.width)
    object.set(.bitsAllocated, 8)
    object.set(.bitsStored, 8)
    object.set(.highBit, 7)
    object.set(.pixelRepresentation, 0)
    object.set(.pixelBytes, bytes: picture.pixels.count.isMultiple(of: 2) ? picture.pixels : picture.pixels + [0])
    dataSet = object
  }

  /// - Throws: ``DICOMError/object(kind:fault:)`` where the file holds another picture.
  public static func require(_ dataSet: DataSet, shows picture: Picture) throws(DICOMError) {
    guard dataSet.integer(.columns) == picture.width, dataSet.integer(.rows) == picture.height,
      dataSet.bytes(.pixelBytes)?.starts(with: picture.pixels) == true
    else { throw .object(kind: "secondary capture", fault: "the picture in it is another") }
  }
}
