/// The scanner of the FLAIR image, as the BIDS sidecar beside it names it. Only these fields of a sidecar are read.
public struct ScannerFacts: Codable, Sendable, Equatable {
  public var manufacturer: String?
  public var model: String?
  public var fieldTesla: Double?

  public init(manufacturer: String? = nil, model: String? = nil, fieldTesla: Double? = nil) {
    self.manufacturer = manufacturer
    self.model = model
    self.fieldTesla = fieldTesla
  }
}
