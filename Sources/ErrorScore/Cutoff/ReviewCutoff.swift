/// "Review the first part of the list": how large that part has to be.
///
/// Conformal risk control over patients (Angelopoulos et al., *Conformal Risk Control*, ICLR 2024, arXiv 2208.02814). A
/// patient is lost when more than a tolerated fraction of the listed errors stand below the cut-off. With n labelled
/// patients, L of them lost, and one more who is exchangeable with them, that one is lost with a probability of at most
/// (L + 1) / (n + 1). The smallest part with 10 · (L + 1) ≤ n + 1 is taken: at most one patient in ten, on average over
/// labelled and further patients.
///
/// The part is a whole percent of the list, rounded up to whole findings, so that it carries from long lists to short
/// ones; a larger part never loses more patients.
public struct ReviewCutoff: Hashable, Sendable, Codable {
  /// At most one patient in this many is lost.
  public static let patientsPerLoss = 10
  /// With fewer, not even a cut-off that loses none of them bounds the next patient's risk.
  public static let fewestPatients = patientsPerLoss - 1
  /// Fraction of a patient's listed errors that may stand below the cut-off.
  public static let defaultTolerated = 0.2

  /// From 1 to 100, of the findings in the list.
  public let percent: Int
  /// Fraction of a patient's listed errors that may stand below it, from 0 to below 1.
  public let tolerated: Double
  /// Labelled patients behind it.
  public let patients: Int
  /// How many of them have more errors below it.
  public let lostPatients: Int

  public init(percent: Int, tolerated: Double, patients: Int, lostPatients: Int) {
    self.percent = percent
    self.tolerated = tolerated
    self.patients = patients
    self.lostPatients = lostPatients
  }

  /// - Parameters:
  ///   - lists: of the labelled patients, in an order that no label of the same patient had a part in. A patient with
  ///     several visits counts once, and is lost where one of them is.
  ///   - patientsWithoutFindings: patients whose lists are empty; they lose nothing.
  /// - Returns: nil below ``fewestPatients`` patients.
  public init?(_ lists: [JudgedList], patientsWithoutFindings: Int = 0, tolerated: Double = defaultTolerated) {
    let visits = Dictionary(grouping: lists, by: \.patient).values
    let patients = visits.count + patientsWithoutFindings
    func lost(_ percent: Int) -> Int {
      visits.count { own in
        own.contains { $0.isLost(after: Self.position(percent, of: $0.isError.count), tolerating: tolerated) }
      }
    }
    guard patients >= Self.fewestPatients,
      let percent = (1...100).first(where: { Self.patientsPerLoss * (lost($0) + 1) <= patients + 1 })
    else { return nil }
    self.init(percent: percent, tolerated: tolerated, patients: patients, lostPatients: lost(percent))
  }

  /// Findings of a list that stand up to and including the cut-off; at least one of a list that has any.
  public func position(of findings: Int) -> Int { Self.position(percent, of: findings) }

  private static func position(_ percent: Int, of findings: Int) -> Int { (percent * findings + 99) / 100 }
}
