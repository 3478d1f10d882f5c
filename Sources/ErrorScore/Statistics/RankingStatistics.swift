/// How well a score puts errors (positives) before correct findings, given the labels.
///
/// A higher score means "look here earlier". Equal scores are one step: no statistic depends on the order in which
/// findings were given. A statistic that a list without errors or without correct findings cannot have is nil.
public struct RankingStatistics: Hashable, Sendable {
  /// Findings that are errors, for instance false positives.
  public let errorCount: Int
  /// Findings that are correct, for instance true positives.
  public let correctCount: Int
  /// Steps of equal score, highest score first, with the number of errors and of correct findings in each.
  private let steps: [Step]

  private struct Step: Hashable, Sendable {
    let errors: Int
    let correct: Int
  }

  /// - Parameters:
  ///   - scores: one per finding, higher is reviewed first; infinite values are allowed.
  ///   - isError: one per finding.
  public init(scores: [Double], isError: [Bool]) throws(ErrorScoreError) {
    guard scores.count == isError.count else {
      throw .lengthsDiffer(what: "scores and labels", first: scores.count, second: isError.count)
    }
    guard !scores.contains(where: \.isNaN) else { throw .notANumber(what: "score of a finding") }
    let order = scores.indices.sorted { scores[$0] > scores[$1] }
    self.init(order: order, scores: scores, isError: isError) { _ in 1 }
  }

  /// - Parameters:
  ///   - order: positions in `scores`, highest score first.
  ///   - times: how often the finding at a position counts; 0 leaves it out.
  init(order: [Int], scores: [Double], isError: [Bool], times: (Int) -> Int) {
    var steps: [Step] = []
    var start = 0
    while start < order.count {
      var end = start
      var (errors, correct) = (0, 0)
      while end < order.count && scores[order[end]] == scores[order[start]] {
        if isError[order[end]] { errors += times(order[end]) } else { correct += times(order[end]) }
        end += 1
      }
      if errors + correct > 0 { steps.append(Step(errors: errors, correct: correct)) }
      start = end
    }
    self.steps = steps
    errorCount = steps.reduce(0) { $0 + $1.errors }
    correctCount = steps.reduce(0) { $0 + $1.correct }
  }

  /// Errors and correct findings of each step, highest score first.
  var stepCounts: [(errors: Int, correct: Int)] { steps.map { ($0.errors, $0.correct) } }

  /// Share of errors among all findings, the precision of a random order; nil for an empty list.
  public var baseRate: Double? {
    errorCount + correctCount == 0 ? nil : Double(errorCount) / Double(errorCount + correctCount)
  }

  /// Probability that an error scores higher than a correct finding, ties counted one half (Mann–Whitney U / (n·m)).
  public var areaUnderROC: Double? {
    guard errorCount > 0 && correctCount > 0 else { return nil }
    var below = correctCount
    var twiceWins = 0
    for step in steps {
      below -= step.correct
      twiceWins += step.errors * (2 * below + step.correct)
    }
    return Double(twiceWins) / 2 / (Double(errorCount) * Double(correctCount))
  }

  /// Average precision Σ (Rₙ − Rₙ₋₁) Pₙ over the steps, errors being positive; no interpolation, as in scikit-learn.
  public var averagePrecision: Double? {
    guard errorCount > 0 else { return nil }
    var (errors, reviewed, sum) = (0, 0, 0.0)
    for step in steps {
      errors += step.errors
      reviewed += step.errors + step.correct
      sum += Double(step.errors) / Double(errorCount) * (Double(errors) / Double(reviewed))
    }
    return sum
  }

  /// Expected share of the errors found when a share of all findings has been reviewed, highest scores first.
  ///
  /// The number reviewed is rounded up to whole findings. Where it ends inside a step of equal scores, the step's
  /// errors are counted in proportion, the expectation over a random order of the step.
  ///
  /// - Parameter reviewed: from 0 to 1, for instance 0.1, 0.2, 0.3.
  public func shareOfErrorsFound(reviewing reviewed: Double) -> Double? {
    precondition(reviewed >= 0 && reviewed <= 1, "a share lies between 0 and 1")
    guard errorCount > 0 else { return nil }
    // 0.3 · 10 is a little above 3 in binary; a whole number of findings is meant.
    var left = (reviewed * Double(errorCount + correctCount) - 1e-9).rounded(.up)
    var found = 0.0
    for step in steps where left > 0 {
      let size = Double(step.errors + step.correct)
      let taken = min(left, size)
      found += Double(step.errors) * taken / size
      left -= taken
    }
    return found / Double(errorCount)
  }

  /// Largest share of the errors that a cut on the score removes while at most a given share of the correct findings is
  /// lost.
  ///
  /// A cut removes whole steps: findings of equal score go together.
  ///
  /// - Parameter lost: from 0 to 1, for instance 0.05, 0.1.
  public func shareOfErrorsRemoved(losing lost: Double) -> Double? {
    precondition(lost >= 0 && lost <= 1, "a share lies between 0 and 1")
    guard errorCount > 0 && correctCount > 0 else { return nil }
    let allowed = lost * Double(correctCount) + 1e-9
    var (errors, correct) = (0, 0)
    for step in steps {
      guard Double(correct + step.correct) <= allowed else { break }
      errors += step.errors
      correct += step.correct
    }
    return Double(errors) / Double(errorCount)
  }
}
