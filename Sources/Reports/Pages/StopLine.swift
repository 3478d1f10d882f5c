/// Where a calibrated work list may end: how many errors are still expected below a line.
///
/// The error scores are probabilities, so their sum below a line is the number of errors expected there. Lesions that the network
/// does not see at all are in no list and in no sum.
struct StopLine: Sendable, Equatable {
  /// Expected errors below the line at which reading on is suggested no further.
  static let acceptedErrors = 1.0

  /// The last finding above the line.
  let position: Int
  let total: Int
  let expectedErrors: Double
  let expectedErrorsBelow: Double

  /// - Returns: nil unless every finding has an error score.
  init?(_ order: [ReviewEntry]) {
    let scores = order.compactMap(\.errorScore)
    guard !scores.isEmpty, scores.count == order.count else { return nil }
    var below = scores.reduce(0, +)
    expectedErrors = below
    var position = 0
    while position < scores.count, below > Self.acceptedErrors {
      below -= scores[position]
      position += 1
    }
    self.position = position
    total = scores.count
    expectedErrorsBelow = scores[position...].reduce(0, +)
  }
}
