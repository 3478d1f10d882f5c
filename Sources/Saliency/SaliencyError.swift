/// What can be wrong with a request for saliency. Each description is one line: what is wrong, what was expected, the
/// way out.
public enum SaliencyError: Error, Equatable, Sendable, CustomStringConvertible {
  /// A setting outside its meaningful range.
  case settingOutOfRange(name: String, value: String, expected: String)
  /// The image is not `[C, D, H, W]` with at least one channel and one voxel.
  case notAnImage(shape: [Int])
  /// A voxel of the image is infinite or not a number, so that noise has no scale.
  case imageNotFinite
  /// A region without voxels, or with voxels outside the image or not in ascending order.
  case badRegion(number: Int)
  /// The margin between two classes was asked of a network that has another number of them.
  case marginNeedsTwoClasses(found: Int)
  /// The network returned a gradient that is infinite or not a number.
  case gradientNotFinite(region: Int)

  public var description: String {
    switch self {
    case .settingOutOfRange(let name, let value, let expected): "\(name) is \(value), expected \(expected)"
    case .notAnImage(let shape):
      "the image of a saliency run has shape \(shape), expected [channels, D, H, W] without an empty axis"
    case .imageNotFinite:
      "the first channel holds a value that is infinite or not a number, expected finite intensities: check the input"
    case .badRegion(let number):
      "region \(number) of a saliency run is empty or leaves the image, expected ascending voxel indices inside it"
    case .marginNeedsTwoClasses(let found):
      "the margin is defined between 2 classes, this network has \(found): explain the logit instead"
    case .gradientNotFinite(let region):
      "the gradient of region \(region) is infinite or not a number, expected finite values: check the model's weights"
    }
  }
}
