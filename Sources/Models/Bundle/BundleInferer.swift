import Checkpoints
public import Networks

extension MONAIBundle {
  /// What the bundle says about its sliding window. What cannot be read is an error only for who asks for it: it may be
  /// stated otherwise.
  public struct Inferer: Sendable {
    /// In voxels.
    public let window: Result<[Int], any Error>
    /// MONAI's default is 0.25.
    public let overlap: Result<Double, any Error>
    /// MONAI's default is constant.
    public let importance: Result<Importance, any Error>
    /// Of gaussian importance. MONAI's default is 0.125.
    public let sigmaScale: Result<[Double], any Error>
    public let padding: Padding

    /// - Returns: nil for a bundle without an inferer.
    /// - Throws: `CheckpointError` for what the inferer says and is not run, by name.
    init?(_ part: (value: JSONValue, path: String)?, _ references: BundleReferences) throws {
      guard let part, let object = try BundleObject(part.value, path: part.path, references) else { return nil }
      switch object.className {
      case "SlidingWindowInferer", "SlidingWindowInfererAdapt": break
      case "SimpleInferer":
        let error = ModelError.setting(
          file: object.file, key: "\(object.path)._target_",
          problem: "is SimpleInferer, which runs whole images at once", remedy: .state(.window))
        (window, overlap) = (.failure(error), .success(0.25))
        (importance, sigmaScale, padding) = (.success(.gaussian), .success(Importance.defaultSigmaScale), .constant(0))
        return
      default:
        throw CheckpointError.key(
          file: object.file, key: "\(object.path)._target_",
          problem: "is \(PrintableName(object.target)); SlidingWindowInferer is run")
      }
      try object.judge(by: BundleRules.inferer)
      window = Self.read(
        object, "roi_size", .window,
        expected: "\(JSONReader.tripleText(1...1024)), not the size of the image, for which -1 stands"
      ) { $0.flatMap { JSONReader.triple($0, in: 1...1024) } }
      overlap = Self.read(object, "overlap", .overlap, expected: "a number from 0 to below 1, one for all axes") {
        value in
        guard let value else { return 0.25 }
        guard case .array(let items) = value else { return value.asDouble }
        // MONAI takes one for each axis, too.
        let numbers = items.compactMap(\.asDouble)
        return items.count == 3 && Set(numbers).count == 1 && numbers.count == 3 ? numbers[0] : nil
      }
      importance = Self.read(object, "mode", .importance, expected: "\"constant\" or \"gaussian\"") { value in
        guard case .string(let text) = value ?? .string("constant") else { return nil }
        return [Importance.constant, .gaussian].first { $0.rawValue == text.lowercased() }
      }
      sigmaScale = Self.read(object, "sigma_scale", .importance, expected: SlidingWindowKeys.sigmaText) { value in
        value.map(SlidingWindowKeys.sigmaScale) ?? Importance.defaultSigmaScale
      }
      padding = try Self.padding(object)
    }

    private static func read<Value>(
      _ object: BundleObject, _ key: String, _ setting: ModelError.Setting, expected: String,
      _ convert: (JSONValue?) -> Value?
    ) -> Result<Value, any Error> {
      Result {
        func fail(_ key: String, _ problem: String) -> ModelError {
          .setting(file: object.file, key: key, problem: problem, remedy: .state(setting))
        }
        let value: JSONValue?
        do { value = try object.argument(key) } catch CheckpointError.key(_, let key, let problem) {
          throw fail(key, problem)
        }
        guard let result = convert(value) else {
          throw fail(
            "\(object.path).\(key)", "is \(value.map { String($0.line.prefix(80)) } ?? "missing"); expected \(expected)"
          )
        }
        return result
      }
    }

    private static func padding(_ object: BundleObject) throws -> Padding {
      let value = try object.argument("padding_mode") ?? .string("constant")
      guard case .string(let text) = value, let mode = Padding.Mode(rawValue: text.lowercased()) else {
        throw CheckpointError.value(
          file: object.file, key: "\(object.path).padding_mode", found: String(value.line.prefix(80)),
          expected: Padding.Mode.allCases.map { "\"\($0.rawValue)\"" }.joined(separator: " or "))
      }
      guard let fill = try object.argument("cval"), fill != .null else { return Padding(mode) }
      guard let number = fill.asDouble, Float(number).isFinite else {
        throw CheckpointError.value(
          file: object.file, key: "\(object.path).cval", found: String(fill.line.prefix(80)),
          expected: "a finite number")
      }
      guard mode == .constant || number == 0 else {
        throw CheckpointError.key(
          file: object.file, key: "\(object.path).cval",
          problem: "is \(number) with padding_mode \"\(mode.rawValue)\", which takes no value: PyTorch refuses both")
      }
      return Padding(mode, value: Float(number))
    }
  }
}
