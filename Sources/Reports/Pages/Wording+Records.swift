public import Results

extension CheckFacts {
  /// The measured values in words.
  public var figures: String {
    measures.map { "\($0.name) \($0.text)" }.joined(separator: ", ")
  }
}

extension CheckFacts.Measure {
  /// Fractions and relative errors as percent, where that is no string of zeros.
  var text: String {
    let isShare = name.contains("share") || name.contains("relative")
    return isShare && (value == 0 || abs(value) >= 1e-4)
      ? Formatting.percent(value, decimals: abs(value) < 0.01 ? 2 : abs(value) < 0.1 ? 1 : 0)
      : Formatting.figure(value)
  }
}

extension ScannerFacts {
  /// `Siemens Prisma, 3 T`.
  var text: String {
    let name = [manufacturer, model].compactMap { $0 }.joined(separator: " ")
    return [name.isEmpty ? nil : name, fieldTesla.map { Formatting.setting($0) + "\u{A0}T" }].compactMap { $0 }
      .joined(separator: ", ")
  }
}
