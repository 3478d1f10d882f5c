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

  /// `Accepted as they are: L001, L002 (R1, 2026-11-28 09:38 to 09:52 UTC).` Nil without any.
  static func accepted(_ rows: [DecisionTable.Row]) -> String? {
    guard !rows.isEmpty else { return nil }
    let answers = rows.flatMap(\.answers)
    let times = answers.map(\.time).sorted()
    let (first, last) = (times.first.map(Formatting.minute), times.last.map(Formatting.minute))
    let when = [first, last == first ? nil : last].compactMap { $0 }.joined(separator: " to ")
    let readers = listed(Set(answers.map(\.reader)).sorted())
    return "Accepted as \(rows.count == 1 ? "it is" : "they are"): "
      + "\(rows.map(\.finding.id.description).joined(separator: ", ")) (\(readers), \(when))."
  }

  /// `The mask was edited by hand: Dice 0.93 with the mask before; 120 voxels (0.120 ml) added, 30 (0.030 ml) removed.`
  static func correctedMask(_ mask: CorrectedMask) -> String {
    "The mask was edited by hand: Dice \(Formatting.fixed(mask.dice, 3)) with the mask before; "
      + "\(Formatting.counted(mask.voxelsAdded, "voxel", "voxels")) (\(Formatting.fixed(mask.millilitresAdded, 3)) ml) "
      + "added, \(Formatting.count(mask.voxelsRemoved)) (\(Formatting.fixed(mask.millilitresRemoved, 3)) ml) removed."
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

  /// Beside a mask that was edited elsewhere, which need not follow the decisions.
  static func outcomeOfEdit(isInMask: Bool, isConflict: Bool) -> String {
    (isInMask ? "in the edited mask" : "not in the edited mask") + (isConflict ? "; readers disagree" : "")
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
    case .vessel: "vessel or perivascular space"
    case .cap: "cap or band"
    case .cortex: "cortex or normal grey matter"
    case .flowArtefact: "flow artefact"
    case .motion: "motion"
    case .otherDisease: "other disease"
    case .boundary: "boundary"
    case .artefact: "artefact"
    case .tooSmall: "too small"
    case .other: "other"
    }
  }
}
