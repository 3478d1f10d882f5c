/// How the places of a patient's findings were told.
public struct LocationRuleFacts: Codable, Sendable, Equatable {
  /// The rule in words.
  public var rule: String
  /// Why no finding has a place, in words that end a sentence; nil where findings were assessed.
  public var notAssessed: String?
  /// Volume of the lateral ventricles as far as they were found; nil where nothing was assessed.
  public var ventriclesMillilitres: Double?

  public init(rule: String, notAssessed: String?, ventriclesMillilitres: Double?) {
    self.rule = rule
    self.notAssessed = notAssessed
    self.ventriclesMillilitres = ventriclesMillilitres
  }
}
