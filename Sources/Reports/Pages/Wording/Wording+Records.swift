import Lesions
import Results
public import Saliency

extension Wording {
  static func kind(_ kind: FindingKind) -> String {
    switch kind {
    case .lesion: "lesion"
    case .candidate: "missed-lesion candidate"
    case .missedReference: "reference lesion missed by the network"
    case .readerMark: "mark of the reader"
    }
  }

  /// What the network did wrong if a finding of this kind is an error.
  static func error(_ kind: FindingKind) -> String { kind == .lesion ? "false positive" : "missed lesion" }

  static func location(_ location: LesionLocation) -> String {
    switch location {
    case .periventricular: "periventricular"
    case .juxtacortical: "juxtacortical"
    case .infratentorial: "infratentorial"
    case .deepWhiteMatter: "deep white matter"
    case .notAssessed: "location not assessed"
    }
  }
}

extension CheckOutcome {
  /// The measured values in words.
  public var figures: String { measures.map { "\($0.name) \($0.text)" }.joined(separator: ", ") }
}

extension CheckOutcome.Measure {
  /// Fractions and relative errors as percent, where that is no string of zeros.
  var text: String {
    unit == .fraction && (value == 0 || abs(value) >= 1e-4)
      ? Formatting.percent(value, decimals: abs(value) < 0.01 ? 2 : abs(value) < 0.1 ? 1 : 0) : Formatting.figure(value)
  }
}

extension ScannerIdentity {
  /// `Siemens Prisma, 3 T`.
  var text: String {
    let name = [manufacturer, model].compactMap { $0 }.joined(separator: " ")
    return [name.isEmpty ? nil : name, fieldTesla.map { Formatting.setting($0) + "\u{A0}T" }].compactMap { $0 }.joined(
      separator: ", ")
  }
}
