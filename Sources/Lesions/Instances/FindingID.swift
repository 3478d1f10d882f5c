/// Which of the two lists of findings a finding belongs to.
public enum FindingKind: String, Hashable, Sendable, Codable, CaseIterable {
  /// A component of the network's mask.
  case lesion
  /// A place where the network hesitated: a lesion it may have missed.
  case candidate
}

/// Names a finding within one patient: its kind and its 1-based number.
public struct FindingID: Hashable, Sendable, Codable, CustomStringConvertible {
  public let kind: FindingKind
  public let number: Int

  public init(kind: FindingKind, number: Int) {
    self.kind = kind
    self.number = number
  }

  /// `L001` for a lesion, `C001` for a missed-lesion candidate.
  public var description: String {
    let digits = String(number)
    return (kind == .lesion ? "L" : "C") + String(repeating: "0", count: max(0, 3 - digits.count)) + digits
  }
}

extension FindingID: Comparable {
  /// Lesions before candidates, then by number.
  public static func < (a: FindingID, b: FindingID) -> Bool {
    a.kind == b.kind ? a.number < b.number : a.kind == .lesion
  }
}
