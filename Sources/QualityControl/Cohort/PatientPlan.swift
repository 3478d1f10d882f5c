public import Analysis
import Archive
import AuditTrail
import Digests
import Foundation
import Results

/// What a run would do with one patient, found out without writing anything.
public enum PatientPlan: Sendable {
  /// It would be run: there are no finished results. How the last attempt ended, where there was one.
  case new(lastAttempt: String?)
  /// It would be run in place of finished results, and why.
  case stale(reason: String)
  /// It would fail: the results that are there do not fit and may not be replaced.
  case refused(any Error)
  /// It would be left as it is.
  case done
  /// It would fail: the audit trail cannot be relied on.
  case damaged(any Error)
  /// It would fail: its images are missing or cannot be read.
  case skipped(any Error)
  /// Another process is at work on it, and would be waited for.
  case inUse

  /// Whether the run would compute.
  public var isRun: Bool {
    switch self {
    case .new, .stale, .inUse: true
    case .refused, .done, .damaged, .skipped: false
    }
  }
}

extension PatientRun {
  /// What ``CohortRun`` would do with a patient. Files are read only of patients that have results.
  public func plan(_ entry: BIDSDataset.Entry) -> PatientPlan {
    let input: PatientInput
    switch entry.input {
    case .failure(let fault): return .skipped(fault)
    case .success(let found): input = found
    }
    let layout = OutputLayout(root: output, input: input)
    let records: [AuditRecord]
    let earlier: EarlierRun
    do {
      try layout.requireOwnTrail()
      records = try AuditLog(url: layout.auditTrail).records()
      earlier = try EarlierRun(records, layout: layout, overwrite: overwrites)
    } catch { return .damaged(error) }
    if PatientLock.isHeld(input.name, in: output) { return .inUse }
    do {
      try layout.requireFreePlaces()
      try earlier.requireAttested()
    } catch { return .refused(error) }
    switch TrailState(records) {
    case .never: return .new(lastAttempt: nil)
    case .failed(let reason): return .new(lastAttempt: "failed: \(reason)")
    case .skipped(let reason): return .new(lastAttempt: "skipped: \(reason)")
    case .unfinished: return .new(lastAttempt: "interrupted")
    case .damaged(let reason): return .damaged(Fault(.output, layout.auditTrail.path, found: reason))
    case .done(_, let inputDigests, _): return standing(input, inputDigests, earlier)
    }
  }

  /// What would become of finished results.
  private func standing(_ input: PatientInput, _ inputDigests: [String], _ earlier: EarlierRun) -> PatientPlan {
    if overwrites { return .stale(reason: "is replaced whatever it is") }
    let inputs: [RunInput]
    do {
      inputs = try input.files.map { role, url in
        RunInput(role: role, path: url.standardizedFileURL.path, sha256: try Digest.sha256(file: url))
      }
    } catch { return .skipped(error) }
    do { if try earlier.complete(record(inputs), results: nil) != nil { return .done } } catch {
      return .refused(error)
    }
    return .stale(
      reason: inputDigests == inputs.map(\.sha256) ? "its report is missing" : "its results are those of other images")
  }
}
