import Checkpoints
package import Foundation
import PageLint
package import Results

/// What a BIDS sidecar (`sub-01_FLAIR.json` beside `sub-01_FLAIR.nii.gz`) says of the scanner.
///
/// Serial number, institution, station, dates and everything else in it can identify a person or a place and is not
/// read.
extension ScannerIdentity {
  private static let longestName = 64

  /// Nil without a sidecar, or with one that says nothing of use.
  package init?(beside image: URL) {
    let name = image.lastPathComponent
    guard let ending = [".nii.gz", ".nii"].first(where: name.hasSuffix) else { return nil }
    let sidecar = image.deletingLastPathComponent().appendingPathComponent(name.dropLast(ending.count) + ".json")
    guard let fields = try? JSONValue(path: sidecar.path) else { return nil }
    self.init(fields)
  }

  init?(_ fields: JSONValue) {
    let tesla = fields.member("MagneticFieldStrength")?.asDouble
    self.init(
      manufacturer: Self.name(fields.member("Manufacturer")), model: Self.name(fields.member("ManufacturersModelName")),
      fieldTesla: tesla.flatMap { (0.01...30).contains($0) ? ($0 * 100).rounded() / 100 : nil })
    guard self != ScannerIdentity() else { return nil }
  }

  /// A product's name: words, digits and the marks that such names have. Anything else may be somebody's remark and is
  /// left out, so that `lint` has nothing to find in it.
  private static func name(_ value: JSONValue?) -> String? {
    guard case .string(let stated)? = value else { return nil }
    let text = stated.split(whereSeparator: \.isWhitespace).joined(separator: " ")
    guard !text.isEmpty, text.count <= longestName,
      text.unicodeScalars.allSatisfy({
        ($0.isASCII && $0.properties.isAlphabetic) || ("0"..."9").contains($0) || " _-+().".unicodeScalars.contains($0)
      }),
      // Five digits or more in a row are a date or a serial number, not a product.
      text.split(whereSeparator: { !$0.isNumber }).allSatisfy({ $0.count < 5 }), text.contains(where: \.isLetter),
      LeakPatterns(identifiers: [], ownDates: []).leaks(in: text).isEmpty
    else { return nil }
    return text
  }
}
