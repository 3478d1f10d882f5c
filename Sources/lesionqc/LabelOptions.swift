import ArgumentParser
import Results

/// Values of a label image as an option takes them: `99` or `2,41`.
struct LabelList: ExpressibleByArgument, Equatable {
  /// Whole numbers up to here are exact in the single precision in which voxels are held.
  static let largest = 1 << 24

  /// Ascending, each once.
  let labels: [Int]

  /// - Returns: nil unless the text is a list of whole numbers other than 0, the background.
  init?(argument: String) {
    let parts = argument.split(separator: ",", omittingEmptySubsequences: false)
    let numbers = parts.compactMap { Int($0.filter { $0 != " " }) }
    guard numbers.count == parts.count, numbers.allSatisfy({ $0 != 0 && abs($0) <= Self.largest }) else { return nil }
    labels = Set(numbers).sorted()
  }

  var defaultValueDescription: String { labels.map(String.init).joined(separator: ",") }

  static let valueName = "n[,n]"
}

/// Beside `--reference`.
struct ReferenceLabelOption: ParsableArguments {
  @Option(
    name: [.customLong("reference-label"), .customLong("truth-label")],
    help: ArgumentHelp(
      "Labels of the reference that are lesions, where it is a label image.", valueName: LabelList.valueName))
  var referenceLabel: LabelList?

  /// - Throws: `ValidationError` for a label without the mask that it is of.
  func require(_ mask: String?) throws {
    if referenceLabel != nil, mask == nil { throw ValidationError("--reference-label needs --reference") }
  }
}

/// Beside `--brain-mask`.
struct BrainLabelOption: ParsableArguments {
  @Option(
    help: ArgumentHelp(
      "Labels of the brain mask that are brain, where it is a label image.", valueName: LabelList.valueName))
  var brainLabel: LabelList?

  /// - Throws: `ValidationError` for a label without the mask that it is of.
  func require(_ mask: String?) throws {
    if brainLabel != nil, mask == nil { throw ValidationError("--brain-label needs --brain-mask") }
  }
}

extension MaskLabels {
  /// Nil where none was named.
  init?(lesions: LabelList? = nil, _ reference: ReferenceLabelOption? = nil, brain: BrainLabelOption? = nil) {
    self.init(lesions: lesions?.labels, reference: reference?.referenceLabel?.labels, brain: brain?.brainLabel?.labels)
    if self == MaskLabels() { return nil }
  }
}
