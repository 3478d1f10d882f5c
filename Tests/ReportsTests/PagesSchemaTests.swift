import Foundation
import Lesions
import Testing

@testable import Reports
@testable import Results

/// The published schema against what is written. Checks the keywords that the schema uses; an unknown keyword is a
/// failure too.
@Suite struct PagesSchemaTests {
  private typealias Object = [String: Any]

  private let schema: Object
  private let definitions: Object

  init() throws {
    let file = URL(fileURLWithPath: #filePath).deletingLastPathComponent().appendingPathComponent(
      "../../docs/schemas/results.schema.json"
    ).standardized
    schema = try #require(try JSONSerialization.jsonObject(with: Data(contentsOf: file)) as? Object)
    definitions = try #require(schema["$defs"] as? Object)
  }

  private func document(_ results: PatientResults) throws -> Object {
    try #require(try JSONSerialization.jsonObject(with: Data(results.encoded())) as? Object)
  }

  @Test func filledResultsHaveExactlyTheKeysOfTheSchema() throws {
    var results = PagesSamples.results(calibrated: true)
    results.external = ExternalSegmentation(tool: "segmenter 1.2", hasProbability: true, hasSaliency: true)
    results.scanner = ScannerIdentity(manufacturer: "Siemens", model: "Prisma_fit", fieldTesla: 3)
    results.inputs[0].labels = [1, 3]
    results.model?.channels = ["FLAIR"]
    results.settings?.labels = MaskLabels(lesions: [1], reference: [1, 3], brain: [2])
    results.locations.notAssessed = LocationLimitation(.brainVolume, millilitres: 12)
    results.rules.orderFeatures = .byEvidence
    let filled = try document(results)
    // What was assessed has no limitation; what was not has nothing else.
    #expect(violations(filled, schema, "", complete: true) == ["/checks/0/limitation: missing"])
    #expect((filled["checks"] as? [Object])?.last?["limitation"] as? String == "tooFewSamples")
  }

  @Test func sparseResultsStillMatch() throws {
    var results = PagesSamples.results(session: nil)
    results.reference?.dsc = nil
    results.findings[0].saliency?.flairFraction = nil
    #expect(violations(try document(results), schema, "", complete: false) == [])
    let empty = try document(PagesSamples.results(session: nil, lesions: 0, candidates: 0, reference: false))
    #expect(violations(empty, schema, "", complete: false) == [])
  }

  @Test func whatIsUndefinedIsLeftOutAndReadBackAsUndefined() throws {
    let results = PagesSamples.external()
    let written = try document(results)
    #expect(violations(written, schema, "", complete: false) == [])
    #expect(written["model"] == nil && written["external"] != nil)
    let lesion = try #require((written["findings"] as? [Object])?.first)
    #expect(lesion["saliency"] == nil && (lesion["measurements"] as? Object)?["probability"] == nil)
    #expect((lesion["files"] as? Object)?.isEmpty == true)
    let read = try PatientResults.decode(results.encoded())
    #expect(read == results && read.model == nil && read.lesions[0].saliency == nil)
    #expect(read.lesions[0].pictureVoxel == results.lesions[0].pictureVoxel)
  }

  @Test func theCheckSeesWhatIsWrong() throws {
    var wrong = try document(PagesSamples.results())
    wrong["surplus"] = 1
    wrong["warnings"] = "none"
    wrong["grid"] = nil
    wrong["schemaVersion"] = 1
    #expect(
      violations(wrong, schema, "", complete: false) == [
        "/grid: missing", "/schemaVersion: not the constant", "/surplus: not in the schema", "/warnings: not array",
      ])
  }

  /// - Parameter complete: optional keys must be there too (at least one element of an array shows each).
  private func violations(_ value: Any, _ unresolved: Object, _ path: String, complete: Bool) -> [String] {
    var rule = unresolved
    if let reference = rule["$ref"] as? String {
      guard let target = definitions[String(reference.dropFirst("#/$defs/".count))] as? Object else {
        return ["\(path): \(reference) does not exist"]
      }
      rule = target
    }
    let known: Set = [
      "$schema", "$defs", "title", "description", "type", "properties", "required", "additionalProperties", "items",
      "minItems", "maxItems", "minimum", "maximum", "exclusiveMinimum", "exclusiveMaximum", "enum", "const", "pattern",
      "not",
    ]
    var found = Set(rule.keys).subtracting(known).sorted().map { "\(path): keyword \($0) is not checked" }
    if let type = rule["type"] as? String, !matches(value, type) { return found + ["\(path): not \(type)"] }
    if let allowed = rule["enum"] as? [String], !allowed.contains(value as? String ?? "") {
      found.append("\(path): not in the list")
    }
    if let constant = rule["const"] as? Int, value as? Int != constant { found.append("\(path): not the constant") }
    if let excluded = rule["not"] as? Object, violations(value, excluded, path, complete: false).isEmpty {
      found.append("\(path): is what it must not be")
    }
    if let pattern = rule["pattern"] as? String, let text = value as? String,
      text.range(of: pattern, options: .regularExpression) == nil
    {
      found.append("\(path): does not match \(pattern)")
    }
    if rule["type"] as? String != "boolean", let number = (value as? NSNumber)?.doubleValue {
      if let least = rule["minimum"] as? Double, number < least { found.append("\(path): below \(least)") }
      if let most = rule["maximum"] as? Double, number > most { found.append("\(path): above \(most)") }
      if let least = rule["exclusiveMinimum"] as? Double, number <= least {
        found.append("\(path): not above \(least)")
      }
      if let most = rule["exclusiveMaximum"] as? Double, number >= most { found.append("\(path): not below \(most)") }
    }
    if let elements = value as? [Any], let items = rule["items"] as? Object {
      if let least = rule["minItems"] as? Int, elements.count < least { found.append("\(path): too short") }
      if let most = rule["maxItems"] as? Int, elements.count > most { found.append("\(path): too long") }
      for (index, element) in elements.enumerated() {
        found += violations(element, items, "\(path)/\(index)", complete: complete && index == 0)
      }
    }
    if let object = value as? Object, let properties = rule["properties"] as? Object {
      if rule["additionalProperties"] as? Bool != false { found.append("\(path): further keys are not excluded") }
      let needed = complete ? Set(properties.keys) : Set(rule["required"] as? [String] ?? [])
      for key in needed.union(object.keys).sorted() {
        guard let inner = properties[key] as? Object else {
          found.append("\(path)/\(key): not in the schema")
          continue
        }
        guard let content = object[key] else {
          found.append("\(path)/\(key): missing")
          continue
        }
        // Of the four peaks of a channel only the maximum inside carries an error in the sample.
        let hasError = key != "map" && key != "minimum"
        found += violations(content, inner, "\(path)/\(key)", complete: complete && hasError)
      }
    }
    return found
  }

  private func matches(_ value: Any, _ type: String) -> Bool {
    switch type {
    case "object": value is Object
    case "array": value is [Any]
    case "string": value is String
    case "boolean": value is Bool
    case "integer": (value as? NSNumber).map { $0.doubleValue == $0.doubleValue.rounded() } ?? false
    default: value is NSNumber
    }
  }
}
