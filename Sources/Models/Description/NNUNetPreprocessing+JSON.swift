import Checkpoints

extension NNUNetPreprocessing {
  static let scheme = "nnunet-v2"

  /// Reads `preprocessing` of model.json.
  ///
  /// - Throws: ``CheckpointError``.
  init(_ document: JSONValue, file: String, channels: Int) throws {
    let json = try JSONReader(
      document, file: file, path: "preprocessing",
      allowed: ["scheme", "transposeForward", "normalisation", "imageResampling", "logitResampling"])
    _ = try json.string("scheme", oneOf: [Self.scheme])
    let axes = try json.required("transposeForward")
    guard let order = JSONReader.triple(axes, in: 0...2), order.sorted() == [0, 1, 2] else {
      throw json.wrong("transposeForward", axes, expected: "the numbers 0, 1 and 2 in some order")
    }
    transposeForward = order
    let schemes = try json.required("normalisation")
    guard case .array(let items) = schemes, items.count == channels else {
      throw json.wrong("normalisation", schemes, expected: "a list of \(channels), one per channel")
    }
    normalisation = try items.enumerated().map { index, item in
      try Normalisation(item, file: file, path: "preprocessing.normalisation[\(index)]")
    }
    imageResampling = try Resampling(json, "imageResampling", orders: [0, 1, 3])
    logitResampling = try Resampling(json, "logitResampling", orders: [0, 1])
  }

  var json: JSONValue {
    .object([
      ("scheme", .string(Self.scheme)), ("transposeForward", .array(transposeForward.map(JSONValue.integer))),
      ("normalisation", .array(normalisation.map(\.json))), ("imageResampling", imageResampling.json),
      ("logitResampling", logitResampling.json),
    ])
  }
}

extension NNUNetPreprocessing.Normalisation {
  fileprivate init(_ document: JSONValue, file: String, path: String) throws {
    let json = try JSONReader(
      document, file: file, path: path, allowed: ["scheme", "useMask", "mean", "standardDeviation", "lower", "upper"])
    switch try json.string(
      "scheme", oneOf: ["ZScoreNormalization", "CTNormalization", "RescaleTo01Normalization", "NoNormalization"])
    {
    case "ZScoreNormalization": self = .zScore(useMask: try json.bool("useMask"))
    case "CTNormalization":
      func number(_ key: String) throws -> Double { try json.double(key, expected: "a finite number") { $0.isFinite } }
      self = .fixed(
        mean: try number("mean"), deviation: try json.double("standardDeviation", expected: "0 or more") { $0 >= 0 },
        lower: try number("lower"), upper: try number("upper"))
    case "RescaleTo01Normalization": self = .rescaleTo01
    default: self = .none
    }
  }

  fileprivate var json: JSONValue {
    switch self {
    case .zScore(let useMask): .object([("scheme", .string("ZScoreNormalization")), ("useMask", .bool(useMask))])
    case .fixed(let mean, let deviation, let lower, let upper):
      .object([
        ("scheme", .string("CTNormalization")), ("mean", .number(mean)), ("standardDeviation", .number(deviation)),
        ("lower", .number(lower)), ("upper", .number(upper)),
      ])
    case .rescaleTo01: .object([("scheme", .string("RescaleTo01Normalization"))])
    case .none: .object([("scheme", .string("NoNormalization"))])
    }
  }
}

extension NNUNetPreprocessing.Resampling {
  fileprivate init(_ parent: JSONReader, _ key: String, orders: [Int]) throws {
    let json = try JSONReader(
      try parent.required(key), file: parent.file, path: parent.name(key),
      allowed: ["order", "orderZ", "forceSeparateZ"])
    order = try json.integer("order", in: 0...3)
    guard orders.contains(order) else {
      throw json.wrong("order", .integer(order), expected: orders.map(String.init).joined(separator: " or "))
    }
    orderZ = try json.integer("orderZ", in: 0...1)
    switch json.optional("forceSeparateZ") {
    case nil, .null?: forceSeparateZ = nil
    default: forceSeparateZ = try json.bool("forceSeparateZ")
    }
  }

  fileprivate var json: JSONValue {
    .object([
      ("order", .integer(order)), ("orderZ", .integer(orderZ)),
      ("forceSeparateZ", forceSeparateZ.map(JSONValue.bool) ?? .null),
    ])
  }
}
