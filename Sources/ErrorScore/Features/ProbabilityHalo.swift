/// Probability inside a region against that in the three voxels around it (`Surroundings.halo`).
///
/// - `softDice` = 2 Σ_Ω p / (Σ_Ω p + Σ_halo p + |Ω|): the soft Dice overlap of the probability with the region itself,
///   1 for a probability of 1 inside and 0 around. Source: soft Dice confidence, Borges et al., arXiv 2402.10665, there
///   of a whole image.
/// - `haloRatio` = Σ_halo p / Σ_Ω p.
///
/// Both without unit; not defined where there is no probability inside.
public struct ProbabilityHalo: Hashable, Sendable {
  public let softDice: Double
  public let haloRatio: Double

  /// - Parameters:
  ///   - inside: probability of every voxel of the region.
  ///   - halo: of every voxel of its halo.
  public init?(inside: [Float], halo: [Float]) {
    let mass = inside.reduce(0.0) { $0 + Double($1) }
    let around = halo.reduce(0.0) { $0 + Double($1) }
    guard mass > 0 else { return nil }
    softDice = 2 * mass / (mass + around + Double(inside.count))
    haloRatio = around / mass
  }
}
