import ErrorScore
import Lesions
import Reports
import Results

/// The order of findings that no network of this program explained: by what there is.
///
/// Given saliency maps first, then mean probability, then size: small lesions are the likelier errors. It is a plain order and says
/// so; no score is made up.
struct ExternalOrder {
  private enum Basis { case peak, probability, size }

  private let basis: Basis

  init(_ external: ExternalSegmentation) {
    basis = external.hasSaliency ? .peak : external.hasProbability ? .probability : .size
  }

  var rule: String {
    switch basis {
    case .peak:
      "Uncalibrated: lesions ascending and candidates descending by the highest FLAIR value of the given map inside the finding, "
        + "each as percentile within its kind, merged by percentile. Whether the given maps are sums or means was not stated."
    case .probability:
      "Without saliency: lesions ascending and candidates descending by mean probability, each as percentile within its "
        + "kind, merged by percentile."
    case .size: "Without saliency and probability: lesions by volume, smallest first."
    }
  }

  func entries(_ findings: [FindingFacts]) throws -> [ReviewEntry] {
    let ranked = findings.map { finding in
      FindingPeak(
        finding: FindingID(kind: finding.kind, number: finding.number),
        flairSumPeak: {
          switch basis {
          case .peak: finding.flair.insideHighest.value
          case .probability: finding.meanProbability
          case .size: finding.volumeMillimetres3
          }
        }())
    }
    return try ReviewOrder(uncalibrated: ranked).findings.map {
      ReviewEntry(
        position: $0.reviewRank, kind: $0.finding.kind, number: $0.finding.number, percentile: $0.percentile,
        errorScore: nil)
    }
  }
}
