import Checkpoints

extension BundleStatements {
  /// Where what a person stated and what the bundle says exclude each other.
  ///
  /// - Parameters:
  ///   - contract: with the places where its values were stated.
  ///   - outputs: channels of the network's output.
  ///   - channels: the contrasts as stated.
  /// - Throws: ``ModelError/statement(origin:problem:)`` that names both, `CheckpointError`.
  public func requireAgreement(with contract: ModelFolder.Contract, outputs: Int) throws {
    func disagree(_ key: String, _ place: String, stated: String, said: String) -> ModelError {
      .statement(
        origin: contract.origins[key] ?? "\"\(key)\"",
        problem: "is \(stated), and \(file) says \(said) under \"\(place)\"; one of them is wrong: correct it, or take "
          + "the step out of a copy of the file")
    }
    if let orientation, contract.orientation != orientation.value {
      throw disagree(
        "orientation", orientation.key, stated: contract.orientation, said: "\(PrintableName(orientation.value))")
    }
    if let spacing, !Self.isSame(contract.spacingMillimetres, spacing.value) {
      throw disagree(
        "spacingMillimetres", spacing.key, stated: contract.spacingMillimetres.map { "\($0)" } ?? "own",
        said: "\(spacing.value)")
    }
    if let normalisation, !Self.isSame(contract.normalisation, normalisation.value, channels: contract.channels.count) {
      throw disagree(
        "normalisation", normalisation.key, stated: contract.normalisation.json.line,
        said: normalisation.value.json.line)
    }
    if let channelOrder, let order = Self.contrasts(channelOrder.value), order != Self.contrasts(contract.channels) {
      throw disagree(
        "channels", channelOrder.key, stated: contract.channels.joined(separator: " "),
        said: channelOrder.value.map { "\(PrintableName($0))" }.joined(separator: " "))
    }
    let activation = contract.outputActivation ?? (outputs == 1 ? .sigmoid : .softmax)
    if let isSigmoid {
      guard outputs > 1 || isSigmoid.value else {
        throw CheckpointError.key(
          file: file, key: isSigmoid.key, problem: "is true for a network of one output, whose softmax is always 1")
      }
      let said: ModelDescription.OutputActivation = isSigmoid.value ? .sigmoid : .softmax
      if activation != said {
        throw disagree("outputActivation", isSigmoid.key, stated: activation.rawValue, said: said.rawValue)
      }
    }
    guard let decision else { return }
    if decision.value == nil, outputs > 2 || activation == .sigmoid {
      throw CheckpointError.key(
        file: file, key: decision.key,
        problem: "takes the highest of \(outputs) \(activation == .sigmoid ? "sigmoids" : "classes"); lesion is where "
          + "the probability of one exceeds a threshold")
    }
    let said = decision.value ?? 0.5
    if abs(contract.threshold - said) > 1e-9 {
      throw disagree(
        "threshold", decision.key, stated: "\(contract.threshold)",
        said: decision.value == nil ? "the higher of two classes, which is 0.5," : "\(said)")
    }
  }

  /// Of one channel it is the same whether channels are taken together.
  private static func isSame(
    _ stated: ModelDescription.IntensityNormalisation, _ said: ModelDescription.IntensityNormalisation, channels: Int
  ) -> Bool { channels > 1 ? stated == said : stated.steps?.map(\.ofEachChannel) == said.steps?.map(\.ofEachChannel) }

  private static func isSame(_ stated: [Double]?, _ said: [Double]) -> Bool {
    stated.map { zip($0, said).allSatisfy { abs($0 - $1) <= 1e-6 } } ?? false
  }

  /// "F" for FLAIR and "T" for T1w; nil where a name is neither.
  private static func contrasts(_ names: [String]) -> [String]? {
    let found = names.compactMap { name -> String? in
      let spelt = String(name.lowercased().filter { $0.isLetter || $0.isNumber })
      return NNUNetDataset.flairSpellings.contains(spelt) ? "F" : NNUNetDataset.t1Spellings.contains(spelt) ? "T" : nil
    }
    return found.count == names.count ? found : nil
  }
}
