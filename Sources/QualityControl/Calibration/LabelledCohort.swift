import AuditTrail
import Digests
import ErrorScore
import Foundation
import Lesions
import Reports
import Results
import Volumes

/// The patients of an output folder whose findings an expert mask judges.
///
/// Labels are made from the stored mask and probability and the given truth, so that a run without a truth can be judged
/// later. Only complete patients whose files are as their audit trails say are taken.
struct LabelledCohort {
  struct Patient {
    let results: PatientResults
    let resultsDigest: String
    let name: String
    /// What the given truth says, not what the results file may hold.
    let truth: TruthFacts
    let findings: [LabelledFinding]
    let groups: [RegionGroup: [RegionFeatures]]
  }

  let patients: [Patient]
  /// What was left out and why.
  let notes: [String]

  var findings: [LabelledFinding] { patients.flatMap(\.findings) }

  /// - Parameters:
  ///   - truth: BIDS derivatives with `*_label-L_mask.nii.gz`.
  ///   - labels: of the patients wanted, with or without `sub-`; empty: all.
  /// - Throws: ``QualityControlError``: no patient, a patient without truth, altered files, or several models or settings.
  init(output: URL, truth: URL, labels: [String] = [], progress: (String) -> Void) throws {
    guard FileManager.default.fileExists(atPath: output.appendingPathComponent("audit").path) else {
      throw QualityControlError.badInput(
        "\(output.path): no audit/ folder; expected a folder that 'lesionqc run' wrote")
    }
    let masks = try BIDSDataset(root: truth)
    var (patients, notes): ([Patient], [String]) = ([], [])
    let wanted = labels.isEmpty ? nil : Set(try ReportRendering.names(in: output, labels: labels))
    for entry in try CohortFiles.entries(in: output) where wanted?.contains(entry.name) ?? true {
      guard let results = entry.results, let digest = entry.reportID else {
        notes.append("\(entry.name) was left out: \(CohortFiles.withoutFolders(entry.reason ?? "not complete")).")
        continue
      }
      progress(entry.name)
      try Self.requireIntact(entry.name, output)
      let mask = try masks.lesionMask(results.patient.label, results.patient.session, in: truth)
      patients.append(try Self.patient(entry.name, results, digest, output: output, truth: mask, &notes))
    }
    guard let first = patients.first?.results else {
      throw QualityControlError.badInput("\(output.path): no complete patient; run 'lesionqc run' first")
    }
    for patient in patients {
      let other = patient.results
      guard other.model.modelDigest == first.model.modelDigest, other.model.weightsDigest == first.model.weightsDigest
      else {
        throw QualityControlError.badInput(
          "\(output.path): \(patients[0].name) and \(patient.name) were made with different models; use one output folder per model"
        )
      }
      let differences = CalibratedSettings(other.settings).differences(from: CalibratedSettings(first.settings))
      guard differences.isEmpty else {
        throw QualityControlError.badInput(
          "\(output.path): \(patient.name) was made with other settings than \(patients[0].name) "
            + "(\(differences.joined(separator: ", "))); run all patients with the same settings")
      }
    }
    let seen = patients.filter { $0.results.calibrationFacts?.fittedOnThisPatient == true }.map(\.name)
    if !seen.isEmpty {
      notes.append(
        "The calibration was fitted on \(seen.joined(separator: ", ")): the figures of the error score are no test there."
      )
    }
    self.patients = patients
    self.notes = notes
  }

  /// - Throws: ``QualityControlError/badOutput(_:)`` when a file differs from what the audit trail noted.
  private static func requireIntact(_ name: String, _ output: URL) throws {
    let records = try AuditLog(url: output.appendingPathComponent("audit/\(name).jsonl")).records()
    guard case .done(_, _, let files) = RunRecord.state(of: records) else { return }
    for file in files where !file.path.hasSuffix("_saliency.nii.gz") && !file.path.hasSuffix(".html") {
      let url = output.appendingPathComponent(file.path)
      guard (try? Digest.sha256(file: url)) == file.sha256 else {
        throw QualityControlError.badOutput(
          "\(url.path): altered or removed since the run that wrote it; run this patient again with --overwrite")
      }
    }
  }

  private static func patient(
    _ name: String, _ results: PatientResults, _ digest: String, output: URL, truth url: URL, _ notes: inout [String]
  ) throws -> Patient {
    let files = try AuditLog(url: output.appendingPathComponent("audit/\(name).jsonl")).records()
    guard case .done(_, _, let outputs) = RunRecord.state(of: files),
      let mask = outputs.first(where: { $0.path.hasSuffix("_label-L_mask.nii.gz") })?.path,
      let probabilityFile = outputs.first(where: { $0.path.hasSuffix("_label-L_probseg.nii.gz") })?.path
    else {
      throw QualityControlError.badOutput(
        "\(output.path): \(name) has no mask or probability; run it again with --overwrite")
    }
    let prediction = try NIfTIFile.read(output.appendingPathComponent(mask).path).volume
    let probability = try NIfTIFile.read(output.appendingPathComponent(probabilityFile).path).volume
    let truth = try NIfTIFile.read(url.path)
    try truth.requireFinite()
    let comparison = GridComparison(prediction, truth.volume)
    guard comparison.isSame else {
      throw QualityControlError.badInput(
        "\(url.path): the truth does not lie on the grid of the results of \(name) (\(comparison)); resample it onto FLAIR first"
      )
    }
    let components = Components(
      of: prediction, rule: try ComponentRule(minimumVoxels: results.settings.minimumLesionVoxels)
    ) { $0 != 0 }
    let candidates = try MissedLesionCandidates(
      in: probability, besides: components,
      rule: .init(
        threshold: Float(results.settings.candidateThreshold), minimumVoxels: results.settings.minimumCandidateVoxels,
        maximumCount: results.settings.maximumCandidates)
    ).candidates
    guard components.kept.map(\.count) == results.lesions.map(\.voxelCount),
      candidates.map(\.voxels.count) == results.candidates.map(\.voxelCount)
    else {
      throw QualityControlError.badOutput(
        "\(output.path): mask, probability and results of \(name) do not belong together; run it again with --overwrite"
      )
    }
    let labels = try TruthLabels(
      prediction: components, candidates: candidates,
      truth: Components(of: truth.volume, rule: components.rule) { $0 != 0 })
    let aggregation = results.settings.aggregation
    var groups: [RegionGroup: [RegionFeatures]] = [:]
    let scores = Dictionary(
      uniqueKeysWithValues: results.reviewOrder.map { (FindingID(kind: $0.kind, number: $0.number), $0.errorScore) })
    let findings = (results.lesions + results.candidates).map { finding in
      let id = FindingID(kind: finding.kind, number: finding.number)
      let features = RegionFeatures(finding, aggregation: aggregation)
      let group = RegionGroup(rawValue: labels.status(of: id)!)!
      groups[group, default: []].append(features)
      return LabelledFinding(
        patient: name, kind: finding.kind, features: features,
        isError: group == .falsePositive || group == .missedCandidate, errorScore: scores[id] ?? nil,
        flairSumPeak: finding.flairSumPeak)
    }
    if let controls = results.controls {
      if results.inputs.first(where: { $0.role == "truth" })?.sha256 == (try Digest.sha256(file: url)) {
        groups[.falseNegative] = controls.falseNegatives.map { RegionFeatures($0, aggregation: aggregation) }
        groups[.trueNegative] = controls.trueNegatives.map { RegionFeatures($0, aggregation: aggregation) }
      } else {
        notes.append("\(name): missed lesions and control regions belong to another truth and were left out.")
      }
    }
    return Patient(
      results: results, resultsDigest: digest, name: name,
      truth: labels.facts(affine: prediction.affine), findings: findings, groups: groups)
  }
}
