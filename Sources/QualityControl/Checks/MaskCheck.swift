import Lesions
import Saliency
import Volumes

/// Whether the network sees the lesions of the scan at all: a map of a mask that is elsewhere explains nothing about lesions.
///
/// Checks of a map beside itself cannot notice: the maps of a network with shuffled weights repeat, too.
enum MaskCheck {
  static let name = "mask on the known lesions"
  /// Below the 0.34 to 0.39 that the sample networks reach on the phantom of seed 1, far above chance (0.0001 with shuffled weights).
  static let limit = 0.2
  static let rule = "mask and known lesions overlap with a Dice coefficient of at least 0.2"

  /// - Throws: `LesionsError` for masks of two grids.
  static func outcome(mask: Volume<UInt8>, truth: Volume<UInt8>?) throws -> CheckOutcome {
    guard let truth else {
      return .notAssessed(name, rule: rule, because: "nothing is known of the lesions of this scan")
    }
    // Nothing marked where nothing is: as it should be.
    let dice = try VoxelOverlap(prediction: mask, truth: truth).dice ?? 1
    return CheckOutcome(
      name: name, passed: dice >= limit, measures: [.init("Dice coefficient", dice)], rule: rule,
      detail: "Of the whole mask with the truth of the scan.")
  }
}
