import Volumes

/// Segmentation Storage (PS3.3, A.51): binary, one segment for each finding, planes without a voxel left out.
public struct SegmentationObject: Sendable {
  /// Nothing of the file but its meta header.
  public let dataSet: DataSet
  let context: ObjectContext

  /// A plane of one segment.
  private struct Plane {
    let segment: Int
    let image: Int
    /// Column and row as a linear index in the plane, ascending.
    let pixels: [Int]
  }

  public init(_ content: SegmentationContent, _ context: ObjectContext) {
    self.context = context
    let planes = Self.planes(content)
    var object = context.header(.segmentation)
    object.set(.imageType, ["DERIVED", "PRIMARY"])
    object.set(.bodyPartExamined, "BRAIN")
    object.set(.frameOfReferenceUID, context.source.frameOfReferenceUID)
    object.set(.positionReferenceIndicator, context.source.header.text(.positionReferenceIndicator))
    object.set(.contentLabel, "LESIONS")
    object.set(.contentDescription, context.disclaimer)
    object.set(.contentCreatorName, "\(context.equipment.name)^")
    object.set(.segmentationType, "BINARY")
    object.set(.segmentsOverlap, "NO")
    context.nameOwnCodes(in: &object)
    Self.setPixels(planes, content.shape, &object)
    Self.setDimensions(context, &object)
    object.set(
      .segmentSequence, items: content.segments.enumerated().map { Self.segment($1, $0 + 1, content.algorithm) })
    object.set(.sharedFunctionalGroupsSequence, items: [Self.sharedGroups(content.affine)])
    let images = Set(planes.map(\.image)).sorted()
    let rank = Dictionary(uniqueKeysWithValues: zip(images, 1...))
    object.set(
      .perFrameFunctionalGroupsSequence, items: planes.map { Self.frameGroups($0, rank: rank[$0.image] ?? 0, content) })
    Self.setReferences(content, planes, context, &object)
    dataSet = object
  }

  private static func planes(_ content: SegmentationContent) -> [Plane] {
    let perPlane = content.shape.ni * content.shape.nj
    return content.segments.enumerated().flatMap { index, segment in
      Dictionary(grouping: segment.voxels) { $0 / perPlane }.sorted { $0.key < $1.key }.map { image, voxels in
        Plane(segment: index + 1, image: image, pixels: voxels.map { $0 % perPlane }.sorted())
      }
    }
  }

  private static func setPixels(_ planes: [Plane], _ shape: GridShape, _ object: inout DataSet) {
    object.set(.samplesPerPixel, 1)
    object.set(.photometricInterpretation, "MONOCHROME2")
    object.set(.numberOfFrames, planes.count)
    object.set(.rows, shape.nj)
    object.set(.columns, shape.ni)
    object.set(.bitsAllocated, 1)
    object.set(.bitsStored, 1)
    object.set(.highBit, 0)
    object.set(.pixelRepresentation, 0)
    object.set(.lossyImageCompression, "00")
    object.set(.pixelBytes, bytes: packed(planes, perPlane: shape.ni * shape.nj))
  }

  /// One bit a pixel, the first in the least significant bit; frames follow each other without a gap (PS3.5, 8.1.1).
  private static func packed(_ planes: [Plane], perPlane: Int) -> [UInt8] {
    let bits = planes.count * perPlane
    // A value has an even number of bytes.
    var bytes = [UInt8](repeating: 0, count: ((bits + 7) / 8 + 1) / 2 * 2)
    for (n, plane) in planes.enumerated() {
      for pixel in plane.pixels {
        let bit = n * perPlane + pixel
        bytes[bit / 8] |= 1 << UInt8(bit % 8)
      }
    }
    return bytes
  }

  private static func setDimensions(_ context: ObjectContext, _ object: inout DataSet) {
    let uid = UID.derived([context.instanceUID(.segmentation), "dimensions"])
    var organization = DataSet()
    organization.set(.dimensionOrganizationUID, uid)
    object.set(.dimensionOrganizationSequence, items: [organization])
    func dimension(_ pointer: Attribute, in group: Attribute, _ label: String) -> DataSet {
      var dimension = DataSet()
      dimension.set(.dimensionOrganizationUID, uid)
      dimension.set(.dimensionIndexPointer, tag: pointer.tag)
      dimension.set(.functionalGroupPointer, tag: group.tag)
      dimension.set(.dimensionDescriptionLabel, label)
      return dimension
    }
    object.set(
      .dimensionIndexSequence,
      items: [
        dimension(.referencedSegmentNumber, in: .segmentIdentificationSequence, "Segment"),
        dimension(.imagePositionPatient, in: .planePositionSequence, "Position"),
      ])
  }
}

// MARK: - Segments and functional groups

extension SegmentationObject {
  private static func segment(
    _ segment: SegmentationContent.Segment, _ number: Int, _ algorithm: SegmentationContent.Algorithm
  ) -> DataSet {
    var item = DataSet()
    item.set(.segmentNumber, number)
    item.set(.segmentLabel, segment.label)
    item.set(
      .segmentDescription,
      segment.isCandidate ? "Possible missed lesion, below the threshold of the mask" : "Lesion of the mask")
    item.set(.segmentAlgorithmType, "AUTOMATIC")
    item.set(.segmentAlgorithmName, String(algorithm.name.prefix(ObjectContext.longestLO)))
    var identification = DataSet()
    identification.set(.algorithmFamilyCodeSequence, items: [Code.artificialIntelligence.dataSet])
    identification.set(.algorithmName, String(algorithm.name.prefix(ObjectContext.longestLO)))
    identification.set(.algorithmVersion, String(algorithm.version.prefix(ObjectContext.longestLO)))
    item.set(.segmentationAlgorithmIdentificationSequence, items: [identification])
    item.set(.segmentedPropertyCategoryCodeSequence, items: [Code.abnormalStructure.dataSet])
    item.set(.segmentedPropertyTypeCodeSequence, items: [(segment.isCandidate ? Code.candidate : .lesion).dataSet])
    item.set(.anatomicRegionSequence, items: [Code.brain.dataSet])
    item.set(.trackingID, segment.label)
    item.set(.trackingUID, segment.trackingUID)
    // CIELab, each scaled to 0…65535: red for lesions, yellow for candidates.
    item.set(
      .recommendedDisplayCIELabValue, segment.isCandidate ? [61_000, 28_000, 56_000] : [35_000, 53_000, 50_000])
    return item
  }

  private static func sharedGroups(_ affine: Affine) -> DataSet {
    let spacing = affine.spacingMillimetres
    var orientation = DataSet()
    orientation.set(.imageOrientationPatient, affine.imageOrientation)
    var measures = DataSet()
    measures.set(.pixelSpacing, [spacing.1, spacing.0])
    measures.set(.sliceThickness, [spacing.2])
    measures.set(.spacingBetweenSlices, [spacing.2])
    var groups = DataSet()
    groups.set(.planeOrientationSequence, items: [orientation])
    groups.set(.pixelMeasuresSequence, items: [measures])
    return groups
  }

  private static func frameGroups(_ plane: Plane, rank: Int, _ content: SegmentationContent) -> DataSet {
    var frame = DataSet()
    frame.set(.dimensionIndexValues, [Double(plane.segment), Double(rank)])
    var position = DataSet()
    position.set(.imagePositionPatient, content.affine.imagePosition(plane.image))
    var identification = DataSet()
    identification.set(.referencedSegmentNumber, plane.segment)
    var groups = DataSet()
    groups.set(.frameContentSequence, items: [frame])
    groups.set(.planePositionSequence, items: [position])
    groups.set(.segmentIdentificationSequence, items: [identification])
    if let source = content.sources?[plane.image] {
      var image = source.reference
      image.set(.spatialLocationsPreserved, "YES")
      image.set(.purposeOfReferenceCodeSequence, items: [Code.sourceImage.dataSet])
      var derivation = DataSet()
      derivation.set(.derivationCodeSequence, items: [Code.segmentationDerivation.dataSet])
      derivation.set(.sourceImageSequence, items: [image])
      groups.set(.derivationImageSequence, items: [derivation])
    }
    return groups
  }

  /// The images that frames refer to; nothing where the planes lie between those of the source: an object that refers
  /// to a series has to name the images that its frames come from.
  private static func setReferences(
    _ content: SegmentationContent, _ planes: [Plane], _ context: ObjectContext, _ object: inout DataSet
  ) {
    guard let sources = content.sources else { return }
    let frames = Set(planes.map(\.image)).sorted().map { sources[$0] }
    var series = DataSet()
    series.set(.seriesInstanceUID, context.source.seriesUID)
    series.set(.referencedInstanceSequence, items: frames.instances.map(\.dataSet))
    object.set(.referencedSeriesSequence, items: [series])
  }
}

extension [SourceSeries.Frame] {
  /// The files of the images, each once, in their order.
  var instances: [ObjectReference] {
    var seen: Set<ObjectReference> = []
    return map { ObjectReference(sopClass: $0.sopClass, sopInstance: $0.sopInstance) }.filter {
      seen.insert($0).inserted
    }
  }
}
