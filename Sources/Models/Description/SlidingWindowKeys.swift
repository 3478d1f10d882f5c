import Checkpoints
import Networks

/// The keys of model.json that say more of a sliding window than most models need. They are written only where they
/// are not the default, so that the description of a model that says nothing stays as it was.
enum SlidingWindowKeys {
  /// Below, a Gaussian is not a number in single precision; above, it is constant.
  static let sigmaRange = 0.001...100.0
  static let sigmaText = "a number from 0.001 to 100, or a list of three"

  /// `sigmaScale`, one number or one for each axis.
  static func sigmaScale(_ json: JSONReader, of importance: Importance) throws -> [Double] {
    guard let value = json.optional("sigmaScale") else { return Importance.defaultSigmaScale }
    guard importance == .gaussian else {
      throw json.fail("sigmaScale", "belongs to the importance \"gaussian\", which is \"\(importance.rawValue)\" here")
    }
    guard let scale = sigmaScale(value) else { throw json.wrong("sigmaScale", value, expected: sigmaText) }
    return scale
  }

  static func sigmaScale(_ value: JSONValue) -> [Double]? {
    if let number = value.asDouble { return sigmaRange.contains(number) ? [number, number, number] : nil }
    guard case .array(let items) = value, items.count == 3 else { return nil }
    let numbers = items.compactMap(\.asDouble).filter(sigmaRange.contains)
    return numbers.count == 3 ? numbers : nil
  }

  /// `paddingMode` and `paddingValue`.
  static func padding(_ json: JSONReader) throws -> Padding {
    let modes = Padding.Mode.allCases.map(\.rawValue)
    let mode = Padding.Mode(rawValue: try json.string("paddingMode", oneOf: modes, default: "constant"))!
    guard json.optional("paddingValue") != nil else { return Padding(mode) }
    guard mode == .constant else {
      throw json.fail("paddingValue", "belongs to the paddingMode \"constant\", which is \"\(mode.rawValue)\" here")
    }
    let value = try json.double("paddingValue", expected: "a finite number") { Float($0).isFinite }
    return .constant(Float(value))
  }

  /// The members of model.json that say it.
  static func members(_ importance: Importance, _ sigmaScale: [Double], _ padding: Padding) -> [(
    key: String, value: JSONValue
  )] {
    var members: [(key: String, value: JSONValue)] = []
    if importance == .gaussian, sigmaScale != Importance.defaultSigmaScale {
      members.append(("sigmaScale", .array(sigmaScale.map(JSONValue.number))))
    }
    if padding.mode != .constant { members.append(("paddingMode", .string(padding.mode.rawValue))) }
    if case .constant(let value) = padding, value != 0 { members.append(("paddingValue", .number(Double(value)))) }
    return members
  }
}
