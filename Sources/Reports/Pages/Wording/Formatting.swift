import Foundation
import Lesions
import Results
import Volumes

/// How numbers are written on pages. An undefined number is "–"; a minus is U+2212; units follow a no-break space.
enum Formatting {
  static let undefined = "–"

  /// A fixed number of decimals, independent of any locale.
  static func fixed(_ value: Double?, _ decimals: Int) -> String {
    guard let value, value.isFinite else { return undefined }
    let text = String(format: "%.\(decimals)f", value)
    // No "−0.0": a rounded zero has no sign.
    let isZero = text.utf8.allSatisfy { !(UInt8(ascii: "1")...UInt8(ascii: "9")).contains($0) }
    return (isZero ? text.replacingOccurrences(of: "-", with: "") : text).replacingOccurrences(of: "-", with: "−")
  }

  /// With its sign, also when it is positive.
  static func signed(_ value: Double, _ decimals: Int) -> String {
    let text = fixed(value, decimals)
    return text.hasPrefix("−") || !value.isFinite ? text : "+" + text
  }

  /// `2026-11-24 09:38 UTC` from `2026-11-24T09:38:02.123Z`.
  static func minute(_ time: String) -> String { time.prefix(16).replacingOccurrences(of: "T", with: " ") + " UTC" }

  /// About three significant digits, for peaks: their size differs by orders of magnitude between models.
  static func peak(_ value: Double?) -> String {
    guard let value, value.isFinite else { return undefined }
    if value == 0 { return "0" }
    return decimals(value).map { fixed(value, $0) } ?? scientific(value)
  }

  /// A measured value of any size: whole numbers as they are, others with about three significant digits.
  static func figure(_ value: Double) -> String {
    value == value.rounded() && abs(value) < 1e6 ? fixed(value, 0) : peak(value)
  }

  /// A peak and its Monte-Carlo standard error, to the same decimals.
  static func peak(_ peak: Peak?) -> String {
    guard let peak, peak.value.isFinite else { return undefined }
    guard let error = peak.standardError else { return Self.peak(peak.value) }
    return Self.peak(peak.value) + " ± " + (decimals(peak.value).map { fixed(error, $0) } ?? scientific(error))
  }

  /// Decimals that leave about three significant digits; nil where a power of ten reads better.
  private static func decimals(_ value: Double) -> Int? {
    switch abs(value) {
    case 99.95...1e6: 0
    case 9.995..<99.95: 1
    case 0.9995..<9.995: 2
    case 0.00995..<0.9995: 3
    default: nil
    }
  }

  private static func scientific(_ value: Double) -> String {
    let parts = String(format: "%.1e", value).split(separator: "e")
    guard parts.count == 2, let exponent = Int(parts[1]) else { return undefined }
    let raised = String(exponent).map { character in
      character == "-" ? "⁻" : String(Array("⁰¹²³⁴⁵⁶⁷⁸⁹")[character.wholeNumberValue ?? 0])
    }
    return parts[0].replacingOccurrences(of: "-", with: "−") + " × 10" + raised.joined()
  }

  /// - Parameter fraction: 0…1.
  static func percent(_ fraction: Double?, decimals: Int = 0) -> String {
    guard let fraction, fraction.isFinite else { return undefined }
    return fixed(fraction * 100, decimals) + "\u{A0}%"
  }

  static func probability(_ value: Double?) -> String { fixed(value, 2) }

  static func cubicMillimetres(_ value: Double?) -> String {
    guard let value else { return undefined }
    return fixed(value, value < 100 ? 1 : 0)
  }

  static func millilitres(_ value: Double?) -> String {
    guard let value else { return undefined }
    return fixed(value, value != 0 && value < 0.1 ? 3 : 2)
  }

  /// Grouped in threes by narrow no-break spaces from five digits on.
  static func count(_ value: Int) -> String {
    let digits = Array(String(abs(value)))
    guard digits.count > 4 else { return String(value).replacingOccurrences(of: "-", with: "−") }
    var text = value < 0 ? "−" : ""
    for (index, digit) in digits.enumerated() {
      if index > 0 && (digits.count - index) % 3 == 0 { text += "\u{202F}" }
      text.append(digit)
    }
    return text
  }

  static func counted(_ count: Int, _ singular: String, _ plural: String) -> String {
    "\(Self.count(count)) \(count == 1 ? singular : plural)"
  }

  static func voxel(_ voxel: VoxelIndex) -> String { "(\(voxel.i), \(voxel.j), \(voxel.k))" }

  static func voxel(_ point: VoxelPoint) -> String {
    "(" + [point.i, point.j, point.k].map { fixed($0, 1) }.joined(separator: ", ") + ")"
  }

  /// World position with the patient's directions in letters: `12.3 R · 4.0 P · 20.1 S`.
  static func position(_ point: WorldPoint) -> String {
    func coordinate(_ value: Double, _ positive: String, _ negative: String) -> String {
      let text = fixed(abs(value), 1)
      return text + " " + (value < 0 && text != "0.0" ? negative : positive)
    }
    return coordinate(point.x, "R", "L") + " · " + coordinate(point.y, "A", "P") + " · " + coordinate(point.z, "S", "I")
  }

  static func position(_ coordinates: [Double]) -> String {
    guard coordinates.count == 3 else { return undefined }
    return position(WorldPoint(x: coordinates[0], y: coordinates[1], z: coordinates[2]))
  }

  static func product(_ sizes: [Int]) -> String { sizes.map(String.init).joined(separator: " × ") }

  static func product(_ lengths: [Double], decimals: Int) -> String {
    lengths.map { fixed($0, decimals) }.joined(separator: " × ")
  }

  /// As many decimals as the number has: for settings such as 0.05 or 0.3.
  static func setting(_ value: some BinaryFloatingPoint & CustomStringConvertible) -> String {
    let text = "\(value)"
    return text.hasSuffix(".0") ? String(text.dropLast(2)) : text
  }

  /// The first twelve digits of a digest, enough to tell files apart by eye.
  static func shortDigest(_ digest: String) -> String { String(digest.prefix(12)) }
}
