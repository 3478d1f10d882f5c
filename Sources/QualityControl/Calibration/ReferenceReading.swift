public import Results

/// How the reference segmentations of a cohort are read, and who is told what there is to say of one.
public struct ReferenceReading {
  /// The values that are lesions; nil where the masks have 0 and 1, or 0 and 255.
  public let labels: [Int]?
  /// Bring a mask on another grid onto that of the results, by nearest neighbour.
  public let reslice: Bool
  /// Called with the name of a patient and the warnings on its reference, where there are any.
  public let warned: (String, [Warning]) -> Void

  public init(labels: [Int]? = nil, reslice: Bool = false, warned: @escaping (String, [Warning]) -> Void = { _, _ in })
  {
    self.labels = labels
    self.reslice = reslice
    self.warned = warned
  }
}
