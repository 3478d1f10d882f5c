package import AuditTrail
import Digests
package import Foundation

/// What is done with all patients of an output folder together, as its cohort trail says it.
package struct CohortRecord {
  /// What was read of one patient.
  package struct Input {
    let patient: String
    let resultsDigest: String
    let referenceDigest: String

    package init(patient: String, resultsDigest: String, referenceDigest: String) {
      self.patient = patient
      self.resultsDigest = resultsDigest
      self.referenceDigest = referenceDigest
    }
  }

  private let root: URL
  private let log: AuditLog
  private let attribution: Attribution

  /// Looks at the trail before any work is done, so that nothing is made that cannot be recorded.
  ///
  /// - Parameter root: the output folder.
  /// - Throws: `AuditError` for a trail that is not intact or a folder that cannot be written.
  package init(of root: URL, by attribution: Attribution) throws {
    self.root = root
    self.attribution = attribution
    log = attribution.log(OutputLayout.cohortTrail, in: root)
    _ = try log.records()
    guard access(OutputLayout.auditFolder(in: root).path, W_OK) == 0 else {
      throw AuditError.unwritable(file: log.url.path, reason: String(cString: strerror(errno)))
    }
  }

  /// - Parameters:
  ///   - event: `calibrated` or `evaluated`.
  ///   - written: the files that were made. Those in the output folder are named by their place in it and checked by
  ///     every verification; of others only the name and the digest are kept.
  package func append(_ event: String, inputs: [Input], written: [URL], options: [String: AuditValue]) throws {
    var (inside, outside): ([OutputTransaction.File], [OutputTransaction.File]) = ([], [])
    let folder = root.standardizedFileURL.resolvingSymlinksInPath().path + "/"
    for url in written {
      let path = url.standardizedFileURL.resolvingSymlinksInPath().path
      let size = try FileManager.default.attributesOfItem(atPath: path)[.size] as? Int ?? 0
      let isInside = path.hasPrefix(folder)
      let file = try OutputTransaction.File(
        path: isInside ? String(path.dropFirst(folder.count)) : url.lastPathComponent,
        sha256: try Digest.sha256(file: url), byteCount: size)
      if isInside { inside.append(file) } else { outside.append(file) }
    }
    try log.append(
      event: event,
      details: attribution.details(
        [
          "inputs": .array(
            inputs.map {
              [
                "patient": .string($0.patient), "reference": .string($0.referenceDigest),
                "results": .string($0.resultsDigest),
              ]
            }), "outputs": .files(inside), "outputsElsewhere": .files(outside),
        ], options: options))
  }
}

extension [AuditRecord] {
  /// The files of the output folder that the cohort trail attests, each as it was written last.
  package var cohortOutputs: [OutputTransaction.File] {
    var files: [OutputTransaction.File] = []
    for file in filter({ ["calibrated", "evaluated"].contains($0.event) }).flatMap({ (try? $0.outputs()) ?? [] }) {
      if let index = files.firstIndex(where: { $0.path == file.path }) {
        files[index] = file
      } else {
        files.append(file)
      }
    }
    return files
  }
}
