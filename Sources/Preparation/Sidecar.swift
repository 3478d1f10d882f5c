import Archive
import JSON
import Results

/// JSON beside a prepared image (BIDS derivatives).
struct Sidecar {
  private var members: [(key: String, value: JSONValue)] = []

  /// - Parameters:
  ///   - sources: BIDS URIs.
  ///   - digests: SHA-256 of what was read, by role: it names the images where their own names stay untold.
  init(_ description: String, sources: [String], digests: [PreparationStep.Input]) {
    members = [("Description", .string(description)), ("Sources", .array(sources.map { .string($0) }))]
    members.append(
      ("SourceSHA256", JSONValue(Dictionary(digests.map { ($0.role, .string($0.sha256)) }) { first, _ in first })))
  }

  mutating func add(_ key: String, _ value: JSONValue) { members.append((key, value)) }

  /// What the raw FLAIR's sidecar says of the scanner.
  mutating func add(_ scanner: ScannerIdentity?) {
    if let maker = scanner?.manufacturer { add("Manufacturer", .string(maker)) }
    if let model = scanner?.model { add("ManufacturersModelName", .string(model)) }
    if let tesla = scanner?.fieldTesla { add("MagneticFieldStrength", .number(tesla)) }
  }

  /// Tool and version of a step; no command, which may name folders.
  mutating func add(_ step: PreparationStep) {
    var tool: [(key: String, value: JSONValue)] = [("Name", .string(step.tool))]
    if let version = step.version { tool.append(("Version", .string(version))) }
    add("GeneratedBy", .array([.object(tool)]))
  }

  var bytes: [UInt8] { Array((JSONValue.object(members).text() + "\n").utf8) }
}

/// BIDS URIs of what prepared images were made from.
struct Places {
  /// Of the raw images; nil for files that were given one by one.
  let raw: (flair: String, t1w: String)?

  /// A file of the prepared data set.
  static func own(_ path: String) -> String { "bids::\(path)" }

  private static func raw(_ path: String) -> String { "bids:raw:\(path)" }

  var flair: [String] { raw.map { [Self.raw($0.flair)] } ?? [] }
  var t1w: [String] { raw.map { [Self.raw($0.t1w)] } ?? [] }
}
