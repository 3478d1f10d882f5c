import Analysis
import Archive
import AuditTrail
import ErrorScore
import Files
import Foundation
import Lesions
import Reports
public import Results
import Volumes

/// How the reference segmentations of a cohort are read, and who is told what there is to say of one.
public struct ReferenceReading {
  /// The values that are lesions; nil where the masks have 0 and 1, or 0 and 255.
  public let labels: [Int]?
  /// Bring a mask on another grid onto that of the results, by nearest neighbour.
  public let reslice: Bool
  /// Called with the name of a patient and the warnings on its reference, where there are any.
  public let warned: (String, [Warning]) -> Void

  public init(labels: [Int]? = nil, reslice: Bool = false, warned: @escaping (String, [Warning]) -> Void = { _, _ in })
  {
    self.labels = labels
    self.reslice = reslice
    self.warned = warned
  }
}

/// The patients of an output folder whose findings a reference segmentation judges.
///
/// Labels are made from the stored masks and the given reference, so that a run without a reference can be judged
/// later. Only complete patients whose files are as their audit trails say are taken.
struct LabelledCohort {
  struct Patient {
    let results: PatientResults
    let settings: RunSettings
    let resultsDigest: String
    let referenceDigest: String
    let name: String
    /// What the given reference says, not what the results file may hold.
    let reference: ReferenceRecord
    let findings: [LabelledFinding]
    let groups: [RegionGroup: [RegionFeatures]]
    /// The work list as it was made.
    let list: JudgedList
  }

  let patients: [Patient]
  /// What was left out and why.
  let notes: [String]

  var findings: [LabelledFinding] { patients.flatMap(\.findings) }

  /// What was read, for the trail of the cohort.
  var inputs: [CohortRecord.Input] {
    patients.map { .init(patient: $0.name, resultsDigest: $0.resultsDigest, referenceDigest: $0.referenceDigest) }
  }

  /// - Parameters:
  ///   - reference: BIDS derivatives with `*_label-L_mask.nii.gz`.
  ///   - reading: how the masks are read.
  ///   - labels: of the patients wanted, with or without `sub-`; empty: all.
  /// - Throws: ``Fault``: no patient, a patient without reference, altered files, or several models or settings.
  init(
    output: URL, reference: URL, reading: ReferenceReading = ReferenceReading(), labels: [String] = [],
    progress: (String) -> Void
  ) throws {
    guard OutputLayout.hasTrails(output) else { throw OutputLayout.withoutTrails(output) }
    let masks = try BIDSDataset(root: reference)
    var (patients, notes): ([Patient], [String]) = ([], [])
    let wanted = labels.isEmpty ? nil : Set(try ReportRendering.names(in: output, labels: labels))
    for entry in try CohortFiles.entries(in: output) where wanted?.contains(entry.name) ?? true {
      guard entry.results != nil else {
        notes.append("\(entry.name) was left out: \(entry.reason ?? "not complete").")
        continue
      }
      progress(entry.name)
      let stored: StoredPatient
      do { stored = try StoredPatient(entry.name, in: output) } catch {
        notes.append("\(entry.name) was left out: \(FailureReason(error).words).")
        continue
      }
      let identity = stored.results.patient
      let mask = try masks.lesionMask(identity.label, identity.session, in: reference)
      patients.append(try Self.patient(stored, reference: mask, reading, &notes))
    }
    guard let first = patients.first?.results else {
      throw Fault(.input, output.path, found: "no complete patient", remedy: .runFirst)
    }
    for patient in patients {
      let other = patient.results
      guard other.model?.modelDigest == first.model?.modelDigest,
        other.model?.weightsDigest == first.model?.weightsDigest
      else {
        throw Fault(
          .input, output.path, found: "\(patients[0].name) and \(patient.name) were made with different models",
          remedy: .plain("use one output folder per model"))
      }
      guard let own = CalibratedSettings(other), let theirs = CalibratedSettings(first) else { continue }
      let differences = own.differences(from: theirs)
      guard differences.isEmpty else {
        throw Fault(
          .input, output.path,
          found: "\(patient.name) was made with other settings than \(patients[0].name) "
            + "(\(differences.joined(separator: ", ")))", remedy: .plain("run all patients with the same settings"))
      }
    }
    let seen = patients.filter { $0.results.calibration?.fittedOnThisPatient == true }.map(\.name)
    if !seen.isEmpty {
      notes.append(
        "The calibration was fitted on \(seen.joined(separator: ", ")): the figures of the error score are "
          + "no test there.")
    }
    self.patients = patients
    self.notes = notes
  }

  /// What the reference says of one stored patient.
  private static func patient(
    _ stored: StoredPatient, reference url: URL, _ reading: ReferenceReading, _ notes: inout [String]
  ) throws -> Patient {
    let (name, results) = (stored.name, stored.results)
    guard let settings = results.settings else {
      throw Fault(
        .input, stored.root.path, found: "\(name) was segmented by another tool, without saliency of a network",
        expected: "results of a network: its saliency is what is calibrated and evaluated", remedy: .runNetwork)
    }
    try stored.requireIntactVolumes()
    let findings = try StoredFindings(stored)
    let reference = try GivenMask(
      url, role: .reference, labels: reading.labels,
      onto: TargetGrid(shape: findings.shape, affine: findings.affine, qform: findings.header.qformMillimetres),
      reslice: reading.reslice)
    try reference.requireLesions(brainMillilitres: nil)
    let warnings = reference.warnings + reference.source.headerWarnings
    if !warnings.isEmpty {
      reading.warned(name, warnings)
      notes += warnings.filter(\.isForReaders).map { "\(name): \($0.sentence)" }
    }
    let rule = results.rules.lesions
    let labels = try ReferenceLabels(
      prediction: findings.components(rule), findings: findings.findings,
      reference: Components(of: reference.volume, rule: rule))
    var groups: [RegionGroup: [RegionFeatures]] = [:]
    let scores = Dictionary(uniqueKeysWithValues: results.reviewOrder.map { ($0.finding, $0.errorScore) })
    let labelled = try results.findings.map { finding in
      guard let features = RegionFeatures(finding, aggregation: settings.aggregation),
        let group = labels.outcome(of: finding.id)
      else { throw ErrorScoreError.notANumber(what: "saliency of \(finding.id)") }
      groups[group, default: []].append(features)
      return LabelledFinding(
        patient: name, kind: finding.kind, features: features, isError: group.isError,
        errorScore: scores[finding.id] ?? nil, flairSumPeak: finding.saliency?.flairSumPeak?.value)
    }
    if let controls = results.controls {
      let own = results.inputs.first { $0.role == MaskRole.reference.rawValue }
      if own?.sha256 == reference.source.sha256, own?.labels == reference.source.labels {
        func features(_ regions: [ControlRecord.Region]) -> [RegionFeatures] {
          regions.compactMap { RegionFeatures($0, aggregation: settings.aggregation) }
        }
        groups[.falseNegative] = features(controls.falseNegatives)
        groups[.trueNegative] = features(controls.trueNegatives)
      } else {
        notes.append("\(name): missed lesions and control regions belong to another reference and were left out.")
      }
    }
    return Patient(
      results: results, settings: settings, resultsDigest: stored.reportID, referenceDigest: reference.source.sha256,
      name: name, reference: labels.record(voxelMillimetres3: findings.affine.voxelVolumeMillimetres3),
      findings: labelled, groups: groups,
      list: JudgedList(
        name: name, patient: results.patient.label,
        isError: results.reviewOrder.map { labels.outcome(of: $0.finding)?.isError == true }))
  }
}
