import Analysis
import Foundation
import Statistics

/// Where a run is, over all patients that are at work, as one line.
struct ProgressLine: Sendable {
  private struct Place {
    let progress: RunProgress
    let stageStarted: Date
  }

  private var places: [String: Place] = [:]
  private var (expected, ended) = (1, 0)
  private var started: Date?
  private static let barWidth = 24

  /// Takes in where a patient is; true at the begin of a stage and at its end.
  mutating func note(_ progress: RunProgress, at now: Date) -> Bool {
    if started == nil { started = now }
    let before = places[progress.patient]
    let isNew = before?.progress.stage != progress.stage
    places[progress.patient] = Place(progress: progress, stageStarted: isNew ? now : before?.stageStarted ?? now)
    return isNew || progress.done == progress.total
  }

  mutating func expect(patients: Int) { expected = patients }

  mutating func ended(_ patient: String) {
    places[patient] = nil
    ended += 1
  }

  /// - Parameter hasBar: for a terminal.
  func text(at now: Date, hasBar: Bool) -> String {
    var parts: [String] = []
    let many = places.count > 1
    if expected > 1 {
      parts.append("\(ended)/\(expected) patients")
      if many, hasBar { parts.append(Self.bar(ended, of: expected)) }
      if let started, let left = Self.left(ended, of: expected, since: started, now) { parts.append(left) }
    }
    for (patient, place) in places.sorted(by: { $0.key < $1.key }) {
      let progress = place.progress
      var words = ["\(patient)\(many ? " " : "  ")\(progress.stage.rawValue)"]
      if progress.total > 1 {
        if hasBar, !many { words.append(Self.bar(progress.done, of: progress.total)) }
        words.append("\(progress.done)/\(progress.total)")
        if !many, let left = Self.left(progress.done, of: progress.total, since: place.stageStarted, now) {
          words.append(left)
        }
      }
      if let finding = progress.finding { words.append(finding) }
      if !many, !progress.subject.isEmpty { words.append(progress.subject) }
      parts.append(words.joined(separator: many ? " " : "  "))
    }
    return parts.joined(separator: "  ")
  }

  private static func bar(_ done: Int, of total: Int) -> String {
    let filled = barWidth * min(done, total) / max(1, total)
    return "[\(String(repeating: "#", count: filled))\(String(repeating: ".", count: barWidth - filled))]"
  }

  /// What the rest takes at the pace so far; nil before there is one.
  private static func left(_ done: Int, of total: Int, since start: Date, _ now: Date) -> String? {
    let elapsed = now.timeIntervalSince(start)
    guard done > 0, done < total, elapsed > 2 else { return nil }
    return "\(duration(elapsed / Double(done) * Double(total - done))) left"
  }

  private static func duration(_ seconds: Double) -> String {
    let whole = Int(saturating: seconds.rounded())
    return whole < 90 ? "\(whole) s" : whole < 7200 ? "\((whole + 30) / 60) min" : "\((whole + 1800) / 3600) h"
  }
}
