import Lesions
import Results

/// Sentences about a review.
extension Wording {
  /// `After review: 45 lesions, 1.88 ml (before: 51 lesions, 1.94 ml).`
  static func afterReview(_ results: PatientResults, _ after: ReviewedPage.Figures) -> String {
    func text(_ lesions: Int, _ millilitres: Double) -> String {
      "\(Formatting.counted(lesions, "lesion", "lesions")), \(Formatting.millilitres(millilitres)) ml"
    }
    let before = text(results.counts.lesions, results.counts.totalLesionVolumeMillilitres)
    return "After review: \(text(after.lesions, after.millilitres)) (before: \(before))."
  }

  /// Nil without any.
  static func marks(_ count: Int) -> String? {
    guard count > 0 else { return nil }
    return "\(Formatting.counted(count, "lesion was", "lesions were")) marked by readers: counted, without volume and "
      + "location; the mask does not hold \(count == 1 ? "it" : "them")."
  }

  /// What a grade means; they stand in the report's form and behind every grade.
  static func grade(_ grade: Int) -> String {
    switch grade {
    case 1: "unusable"
    case 2: "large corrections needed"
    case 3: "some corrections needed"
    case 4: "small corrections needed"
    case 5: "no correction needed"
    default: "unknown"
    }
  }

  /// `R1: needs correction, grade 2 (large corrections needed), 2026-11-28 09:38 UTC. Two lesions run together.`
  static func verdict(_ verdict: ReviewedPage.Verdict) -> String {
    let study = verdict.study
    let word: String? =
      switch study.verdict {
      case .usable: "usable"
      case .needsCorrection: "needs correction"
      case .doNotUse: "do not use"
      case .undecided: nil
      }
    let graded = study.grade.map { "grade \($0) (\(grade($0)))" }
    let facts = [word, graded, Formatting.minute(study.time)].compactMap { $0 }.joined(separator: ", ")
    return "\(verdict.reader): \(facts).\(study.comment.isEmpty ? "" : " \(study.comment)")"
  }

  /// `R1: reject, vessel, 2026-11-28 09:38 UTC. beside a sulcus`
  static func answer(_ answer: DecisionTable.Row.Answer) -> String {
    let facts = [answer.verdict.word] + answer.reasons.map(\.word) + [Formatting.minute(answer.time)]
    return "\(answer.reader): \(facts.joined(separator: ", ")).\(answer.comment.isEmpty ? "" : " \(answer.comment)")"
  }

  static func outcome(isInMask: (before: Bool, after: Bool), isConflict: Bool, edit: Bool) -> String {
    let fate =
      switch isInMask {
      case (true, true): "kept"
      case (true, false): "removed"
      case (false, true): "added"
      case (false, false): "not added"
      }
    return [fate, edit && isInMask.after ? "outline to be corrected" : nil, isConflict ? "readers disagree" : nil]
      .compactMap { $0 }.joined(separator: "; ")
  }
}

extension ReviewDecisions.Verdict {
  var word: String {
    switch self {
    case .accept: "accept"
    case .reject: "reject"
    case .editNeeded: "edit needed"
    case .unsure: "unsure"
    case .undecided: "remark"
    }
  }
}

extension ReviewDecisions.Reason {
  /// As in templates/decision.mustache.
  var word: String {
    switch self {
    case .choroidPlexus: "choroid plexus"
    case .vessel: "vessel"
    case .artefact: "artefact"
    case .cap: "periventricular cap"
    case .tooSmall: "too small"
    case .boundary: "boundary (partial volume)"
    case .other: "other"
    }
  }
}
