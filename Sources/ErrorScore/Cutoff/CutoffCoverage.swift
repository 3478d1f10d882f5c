import Statistics

/// Whether review cut-offs kept their promise: how many patients had more errors below them than was tolerated.
public struct CutoffCoverage: Hashable, Sendable, Codable {
  /// One list with the cut-off that its reader was told.
  public struct Row: Hashable, Sendable, Codable {
    public let name: String
    public let patient: String
    public let findings: Int
    public let position: Int
    public let errors: Int
    public let errorsBelow: Int
    /// Fraction of the errors that may stand below it.
    public let tolerated: Double
    public let isLost: Bool

    public init(_ list: JudgedList, position: Int, tolerated: Double) {
      name = list.name
      patient = list.patient
      findings = list.isError.count
      self.position = position
      errors = list.errorCount
      errorsBelow = list.errors(after: position)
      self.tolerated = tolerated
      isLost = list.isLost(after: position, tolerating: tolerated)
    }
  }

  public let rows: [Row]
  /// Patients with all visits; one is lost where one visit is.
  public let patients: Int
  public let lostPatients: Int
  /// Lost patients over patients, with the exact binomial interval of 95 % (Clopper–Pearson).
  public let lostShare: Estimate
  /// Findings above the cut-off over all findings of the lists.
  public let reviewedShare: Double

  /// Nil without a list that has findings.
  public init?(_ rows: [Row]) {
    let findings = rows.reduce(0) { $0 + $1.findings }
    guard findings > 0 else { return nil }
    let visits = Dictionary(grouping: rows, by: \.patient).values
    self.rows = rows
    patients = visits.count
    lostPatients = visits.count { $0.contains(where: \.isLost) }
    let interval = binomialInterval(lostPatients, of: patients, level: PatientBootstrap.level)
    lostShare = Estimate(
      value: Double(lostPatients) / Double(patients), lower: interval.lowerBound, upper: interval.upperBound)
    reviewedShare = Double(rows.reduce(0) { $0 + $1.position }) / Double(findings)
  }
}
