import Analysis
import Foundation

/// What became of one patient, in the words that are printed.
struct PatientEnding: Codable, Sendable, Equatable {
  enum Kind: String, Codable, Sendable {
    case done, failed
    /// Another process is at work on it.
    case inUse
    /// The run was stopped.
    case stopped
  }

  let patient: String
  let kind: Kind
  /// For a patient that is done what there is to say of it, else the reason.
  let line: String
  /// What a reader of the report must know.
  var warnings: [String] = []
}

/// What a process that runs patients for another one tells it: one line of JSON each.
enum WorkerMessage: Codable, Sendable {
  case progress(RunProgress)
  /// What the user should know before the patient goes on.
  case notice(String)
  case ended(PatientEnding)

  var line: [UInt8] { ((try? JSONEncoder().encode(self)).map(Array.init) ?? []) + [UInt8(ascii: "\n")] }

  /// Nil for a line that is none.
  init?(line: [UInt8]) {
    guard let message = try? JSONDecoder().decode(WorkerMessage.self, from: Data(line)) else { return nil }
    self = message
  }
}

/// Lines of a pipe, read with a limit so that nothing grows without bounds.
struct PipeLines {
  private let descriptor: Int32
  private var rest: [UInt8] = []
  private static let longest = 1 << 20

  init(_ descriptor: Int32) { self.descriptor = descriptor }

  /// Writes all of it; what cannot be written is left.
  static func write(_ bytes: [UInt8], to descriptor: Int32) {
    var done = 0
    while done < bytes.count {
      let count = bytes.withUnsafeBytes { Foundation.write(descriptor, $0.baseAddress! + done, bytes.count - done) }
      if count < 0, errno != EINTR { return }
      done += max(0, count)
    }
  }

  /// Waits for the next line, without its end; nil when there is no more.
  mutating func next() -> [UInt8]? {
    var buffer = [UInt8](repeating: 0, count: 1 << 16)
    while true {
      if let end = rest.firstIndex(of: UInt8(ascii: "\n")) {
        defer { rest.removeFirst(end + 1) }
        return Array(rest[..<end])
      }
      guard rest.count < Self.longest else { return nil }
      let count = read(descriptor, &buffer, buffer.count)
      if count < 0, errno == EINTR { continue }
      guard count > 0 else { return nil }
      rest += buffer[..<count]
    }
  }
}
