package import AuditTrail
package import Files

/// What became of a patient according to its trail.
package enum TrailState: Equatable {
  case never
  case done(runKey: String, inputDigests: [String], outputs: [OutputTransaction.File])
  case failed(reason: String)
  /// Not begun, because images were missing in the data set.
  case skipped(reason: String)
  /// Started and never finished: killed, interrupted or still at work.
  case unfinished
  /// The last finished run names outputs that are no paths within the folder, or none at all.
  case damaged(reason: String)

  package init(_ records: [AuditRecord]) {
    guard let last = records.last(where: { ["started", "finished", "failed", "interrupted"].contains($0.event) }) else {
      self = .never
      return
    }
    let content = last.content
    switch last.event {
    case "finished":
      do {
        self = .done(
          runKey: content["runKey"]?.stringValue ?? "",
          inputDigests: (content["inputs"]?.arrayValue ?? []).compactMap { $0["sha256"]?.stringValue },
          outputs: try records.readAttestedOutputs())
      } catch { self = .damaged(reason: "the audit trail: \(error)") }
    case "failed":
      let reason = content.pageReason
      if case .bool(true)? = content["skipped"] {
        self = .skipped(reason: reason)
      } else {
        self = .failed(reason: reason)
      }
    default: self = .unfinished
    }
  }
}

extension AuditValue {
  /// Why something failed, without a path. Records of earlier versions have both in one text, which is not shown.
  var pageReason: String {
    guard let reason = self["reason"]?.stringValue else { return "unknown" }
    if self["files"] == nil, reason.contains("/") { return "an earlier version recorded the reason with file names" }
    return reason
  }
}

extension FailureReason {
  /// As a record holds it: the reason apart from the files that it is about.
  package func members(isSkipped: Bool = false) -> [String: AuditValue] {
    var members: [String: AuditValue] = ["files": .array(files.map { .string($0) }), "reason": .string(words)]
    if isSkipped { members["skipped"] = true }
    return members
  }
}

extension AuditRecord {
  /// The details as they were given, also when the trail wrapped them to say that torn bytes were removed.
  package var content: AuditValue {
    if details["removedTornBytes"] != nil, let inner = details["content"] { return inner }
    return details
  }

  /// A run of a network or on the mask of another tool.
  package var isOfNetwork: Bool { content["model"] != nil }

  /// What marks the records of a preparation of raw images.
  package static let preparationMark = "preparation"

  /// A preparation of raw images, which has no results.
  package var isOfPreparation: Bool { content[Self.preparationMark] != nil }

  /// The files that the record attests.
  ///
  /// - Throws: `FileError` for a path that is not one within the folder; ``MalformedOutput`` for an entry without name,
  ///   digest or size.
  package func outputs() throws -> [OutputTransaction.File] {
    try (content["outputs"]?.arrayValue ?? []).map { value in
      guard let path = value["file"]?.stringValue, let digest = value["sha256"]?.stringValue,
        case .integer(let bytes)? = value["bytes"], bytes >= 0
      else { throw MalformedOutput() }
      return OutputTransaction.File(place: try ContainedPath(path), sha256: digest, byteCount: Int(clamping: bytes))
    }
  }

  package var inputs: [RunInput] {
    (content["inputs"]?.arrayValue ?? []).compactMap { value in
      guard let role = value["role"]?.stringValue, let path = value["file"]?.stringValue,
        let digest = value["sha256"]?.stringValue
      else { return nil }
      return RunInput(role: role, path: path, sha256: digest)
    }
  }
}

/// An output of a record that lacks what makes it one.
struct MalformedOutput: Error, CustomStringConvertible {
  var description: String { "an output in it has no file, digest and size" }
}

extension [AuditRecord] {
  /// The files that a trail attests: those of the last finished run, replaced or joined by what was rendered again,
  /// reviewed and printed since. Empty where they cannot be read; ``TrailState`` says so then.
  package var attestedOutputs: [OutputTransaction.File] { (try? readAttestedOutputs()) ?? [] }

  /// Whether the page that was drawn last holds nothing of the reference segmentation.
  package var pageIsBlind: Bool {
    last { ["finished", "rendered"].contains($0.event) }?.content["options"]?["blind"] == .bool(true)
  }

  func readAttestedOutputs() throws -> [OutputTransaction.File] {
    guard let last = lastIndex(where: { $0.event == "finished" }) else { return [] }
    var files = try self[last].outputs()
    for record in self[(last + 1)...] where ["rendered", "reviewed", "printed"].contains(record.event) {
      for file in try record.outputs() {
        if let index = files.firstIndex(where: { $0.path == file.path }) {
          files[index] = file
        } else {
          files.append(file)
        }
      }
    }
    return files
  }
}
