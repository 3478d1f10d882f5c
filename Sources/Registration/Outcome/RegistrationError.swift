import Foundation
public import Volumes

/// Why two images could not be registered, or a transform not be read. The description is one line: fault and remedy.
public enum RegistrationError: Error, Equatable, Sendable {
  /// Too few voxels or millimetres along an axis to be a 3D image.
  case notThreeDimensional(Image, shape: GridShape, extentMillimetres: [Double])
  case nonFiniteVoxels(Image, count: Int, voxelCount: Int)
  /// All but a thousandth of the voxels have one value.
  case noContrast(Image, value: Float)
  /// No tissue as large as the inside of a head.
  case noHead(Image)
  /// The mask is not on the grid of the image that it was given for.
  case maskOnAnotherGrid(Image, GridComparison)
  case maskTooSmall(millilitres: Double)
  /// The images do not overlap wherever they are put.
  case noOverlap
  /// The check failed; the transform is kept so that it can be looked at.
  case refused(RegistrationResult, [Failure])
  case transformText(path: String, fault: TransformFault)

  public enum Image: String, Hashable, Sendable, Codable {
    case fixed = "FLAIR"
    case moving = "MPRAGE"
  }

  /// A figure of the check that is beyond its limit.
  public enum Failure: Hashable, Sendable {
    case forwardBackward(meanMillimetres: Double, limit: Double)
    case informationTooLow(Double, limit: Double)
    case informationFell(before: Double, after: Double)
    case overlapTooSmall(Double, limit: Double)
  }

  /// What is wrong with the text of a transform.
  public enum TransformFault: Hashable, Sendable {
    case noITKHeader, lineWithoutColon, severalTransforms, notInvertible
    case missing(String)
    case unknownKind(String)
    case numbers(field: String, expected: Int, found: Int)
  }
}

extension RegistrationError: CustomStringConvertible {
  public var description: String {
    switch self {
    case .notThreeDimensional(let image, let shape, let extent):
      "\(image.rawValue): \(shape) voxels over \(extent.map { text($0, 1) }.joined(separator: " x ")) mm cannot be "
        + "registered; a 3D image of a head is needed"
    case .nonFiniteVoxels(let image, let count, let total):
      "\(image.rawValue): \(count) of \(total) voxels are NaN or infinite; replace them with finite values"
    case .noContrast(let image, let value):
      "\(image.rawValue): nearly every voxel is \(value); there is nothing to register"
    case .noHead(let image): "\(image.rawValue): shows nothing as large as a head; check that it is a scan of one"
    case .maskOnAnotherGrid(let image, let comparison):
      "the brain mask is not on the grid of the \(image.rawValue): \(comparison); "
        + "give the mask that was made from this image"
    case .maskTooSmall(let millilitres):
      "the brain mask holds \(text(millilitres, 1)) ml, too little to register by; give a mask of the whole brain"
    case .noOverlap: "FLAIR and MPRAGE do not overlap wherever one is put; check that both show the head of one patient"
    case .refused(_, let failures):
      "the registration of MPRAGE to FLAIR failed its check: \(failures.map(\.description).joined(separator: "; ")); "
        + "check that both images are of one patient, or give a transform of your own"
    case .transformText(let path, let fault): "\(oneLine(path)): not a transform that can be used: \(fault)"
    }
  }
}

extension RegistrationError.Failure: CustomStringConvertible {
  public var description: String {
    switch self {
    case .forwardBackward(let mean, let limit):
      "forward and backward differ by \(text(mean, 2)) mm on average, \(text(limit, 2)) mm is allowed"
    case .informationTooLow(let value, let limit):
      "normalised mutual information is \(text(value, 4)), \(text(limit, 4)) is the least"
    case .informationFell(let before, let after):
      "normalised mutual information fell from \(text(before, 4)) to \(text(after, 4))"
    case .overlapTooSmall(let value, let limit):
      "\(text(100 * value, 0)) % of the region lie within both images, \(text(100 * limit, 0)) % are needed"
    }
  }
}

extension RegistrationError.TransformFault: CustomStringConvertible {
  public var description: String {
    switch self {
    case .noITKHeader: "it does not begin with '#Insight Transform File'; write it as an ITK text transform"
    case .lineWithoutColon: "a line is neither a comment nor a field; write it as an ITK text transform"
    case .severalTransforms: "it holds several transforms; join them into one"
    case .notInvertible: "its matrix is singular or mirrors the head; give a transform between two images of one head"
    case .missing(let field): "it has no \(field); write it as an ITK text transform"
    case .unknownKind(let kind):
      "its kind is '\(oneLine(kind))'; AffineTransform, MatrixOffsetTransformBase, Euler3DTransform and "
        + "VersorRigid3DTransform in three dimensions are read"
    case .numbers(let field, let expected, let found):
      "\(field) should be \(expected) finite numbers, found \(found) entries"
    }
  }
}

/// A number with a fixed count of decimals.
private func text(_ value: Double, _ digits: Int) -> String { String(format: "%.\(digits)f", value) }
