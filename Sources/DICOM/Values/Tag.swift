/// Names an element of a data set: group and element number (DICOM PS3.6).
public struct Tag: Hashable, Sendable, Comparable, CustomStringConvertible {
  public let group: UInt16
  public let element: UInt16

  public init(_ group: UInt16, _ element: UInt16) {
    self.group = group
    self.element = element
  }

  /// `(0010,0020)`.
  public var description: String { "(\(Self.digits(group)),\(Self.digits(element)))" }

  /// Private groups are odd.
  public var isPrivate: Bool { !group.isMultiple(of: 2) }

  public static func < (a: Tag, b: Tag) -> Bool { (a.group, a.element) < (b.group, b.element) }

  private static func digits(_ number: UInt16) -> String {
    let text = String(number, radix: 16, uppercase: true)
    return String(repeating: "0", count: 4 - text.count) + text
  }
}

/// Value representations that are read and written here (PS3.5, table 6.2-1).
public enum VR: String, Sendable {
  case ae = "AE"
  case `as` = "AS"
  case at = "AT"
  case cs = "CS"
  case da = "DA"
  case ds = "DS"
  case dt = "DT"
  case fd = "FD"
  case fl = "FL"
  case `is` = "IS"
  case lo = "LO"
  case lt = "LT"
  case ob = "OB"
  case od = "OD"
  case of = "OF"
  case ow = "OW"
  case pn = "PN"
  case sh = "SH"
  case sl = "SL"
  case sq = "SQ"
  case ss = "SS"
  case st = "ST"
  case tm = "TM"
  case uc = "UC"
  case ui = "UI"
  case ul = "UL"
  case un = "UN"
  case ur = "UR"
  case us = "US"
  case ut = "UT"
  case ol = "OL"
  case ov = "OV"
  case sv = "SV"
  case uv = "UV"

  /// The value is text, several of them separated by backslashes.
  public var isText: Bool {
    switch self {
    case .ae, .as, .cs, .da, .ds, .dt, .is, .lo, .lt, .pn, .sh, .st, .tm, .uc, .ui, .ur, .ut: true
    default: false
    }
  }

  /// One text in which a backslash is a character like any other.
  var isOneText: Bool { self == .lt || self == .st || self == .ut || self == .ur }
}
