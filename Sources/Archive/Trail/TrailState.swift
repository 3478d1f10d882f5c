package import AuditTrail

/// What became of a patient according to its trail.
package enum TrailState: Equatable {
  case never
  case done(runKey: String, inputDigests: [String], outputs: [OutputTransaction.File])
  case failed(reason: String)
  /// Not begun, because images were missing in the data set.
  case skipped(reason: String)
  /// Started and never finished: killed, interrupted or still at work.
  case unfinished

  package init(_ records: [AuditRecord]) {
    guard let last = records.last(where: { ["started", "finished", "failed", "interrupted"].contains($0.event) }) else {
      self = .never
      return
    }
    let content = last.content
    switch last.event {
    case "finished":
      self = .done(
        runKey: content["runKey"]?.stringValue ?? "",
        inputDigests: (content["inputs"]?.arrayValue ?? []).compactMap { $0["sha256"]?.stringValue },
        outputs: records.attestedOutputs)
    case "failed":
      let reason = content["reason"]?.stringValue ?? "unknown"
      if case .bool(true)? = content["skipped"] {
        self = .skipped(reason: reason)
      } else {
        self = .failed(reason: reason)
      }
    default: self = .unfinished
    }
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

  var outputs: [OutputTransaction.File] {
    (content["outputs"]?.arrayValue ?? []).compactMap { value in
      guard let path = value["file"]?.stringValue, let digest = value["sha256"]?.stringValue,
        case .integer(let bytes)? = value["bytes"]
      else { return nil }
      return OutputTransaction.File(path: path, sha256: digest, byteCount: Int(bytes))
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

extension [AuditRecord] {
  /// The files that a trail attests: those of the last finished run, replaced or joined by what was rendered again,
  /// reviewed and printed since.
  package var attestedOutputs: [OutputTransaction.File] {
    guard let last = lastIndex(where: { $0.event == "finished" }) else { return [] }
    var files = self[last].outputs
    for record in self[(last + 1)...] where ["rendered", "reviewed", "printed"].contains(record.event) {
      for file in record.outputs {
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
