/// The colours of contours and marks; a page's legend takes them from here.
enum ContourColour {
  /// The finding that a panel is about; in the overview, every lesion of the prediction.
  static let finding = RGB(255, 221, 51)
  /// Other lesions and candidates in the panel of a finding.
  static let other = RGB(128, 150, 184)
  /// The ground truth, when one was given.
  static let truth = RGB(40, 200, 110)
  /// Missed-lesion candidates in the overview.
  static let candidate = RGB(102, 204, 255)
  /// The finding's outline over a saliency map.
  static let overSaliency = RGB(235, 235, 235)
}
