import ArgumentParser
import Results

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
