import QualityControl

extension PatientPlan {
  /// How `run --dry-run` calls it.
  var state: String {
    switch self {
    case .new: "new"
    case .stale, .refused: "stale"
    case .done: "done"
    case .damaged: "damaged"
    case .skipped: "skipped"
    case .inUse: "at work"
    }
  }

  /// The state with the reason.
  var line: String {
    switch self {
    case .new(let attempt): state + (attempt.map { " (the last attempt: \($0))" } ?? "")
    case .stale(let reason): "\(state): \(reason)"
    case .refused(let error), .damaged(let error), .skipped(let error): "\(state): \(ErrorClass.line(of: error))"
    case .done: state
    case .inUse: "\(state): another process has it"
    }
  }

  /// How many patients are in which state, and what a run would do with them.
  static func summary(_ plans: [PatientPlan]) -> String {
    let order = ["new", "stale", "done", "damaged", "skipped", "at work"]
    let counts = order.map { state in (state, plans.count { $0.state == state }) }.filter { $0.1 > 0 }
    let run = plans.count(where: \.isRun)
    let fails = plans.count {
      switch $0 {
      case .refused, .damaged, .skipped: true
      case .new, .stale, .done, .inUse: false
      }
    }
    return "\(plans.count) \(plans.count == 1 ? "patient" : "patients"): "
      + counts.map { "\($0.1) \($0.0)" }.joined(separator: ", ")
      + "; \(run) would be run, \(fails) would fail; nothing was written"
  }
}
