import Analysis
import AuditTrail
import Foundation
import Results
import SharedPatients
import Testing

@testable import Archive

/// What a run writes into the audit trail, and what is read from there.
@Suite struct RunRecordTests {
  /// Every setting off its usual value, so that none is missing as nil.
  private var settings: RunSettings {
    var settings = RunSettings()
    (settings.samples, settings.relativeError, settings.noiseFraction) = (12, 0.1, 0.06)
    (settings.seed, settings.method, settings.layer) = (7, .gradCAMPlusPlus, "model.1")
    (settings.aggregation, settings.target) = (.chunkedMax, .margin)
    (settings.candidateThreshold, settings.maximumCandidates) = (0.2, 5)
    (settings.mirror, settings.reslice, settings.controls) = (true, true, true)
    (settings.selfTest, settings.saveMaps) = (true, true)
    settings.labels = MaskLabels(lesions: [99], brain: [2, 41])
    return settings
  }

  /// A new setting reaches the trail by itself.
  @Test func everyStoredPropertyOfTheSettingsIsRecorded() throws {
    let properties = Mirror(reflecting: settings).children.compactMap(\.label)
    for property in Mirror(reflecting: settings).children {
      let usual = Mirror(reflecting: RunSettings()).children.first { $0.label == property.label }
      #expect("\(property.value)" != "\(usual!.value)", "\(property.label!) has to be set above")
    }
    guard case .object(let members) = AuditValue(encoding: settings) else {
      Issue.record("no object")
      return
    }
    #expect(members.map(\.key).sorted() == properties.sorted())
    #expect(members.allSatisfy { $0.value != .null })
    let value = AuditValue(encoding: settings)
    #expect(value["aggregation"] == .string("chunked-max") && value["samples"] == .integer(12))
    #expect(value["relativeError"] == .number(0.1) && value["saveMaps"] == .bool(true))
    let read = try JSONDecoder().decode(RunSettings.self, from: Data(AuditValue(encoding: settings).canonicalText.utf8))
    #expect(read == settings)
  }

  @Test func settingsDecideTheRunKeyAndOptionsDoNot() throws {
    func record(_ settings: RunSettings, _ options: RunOptions = RunOptions(), tool: String? = "a") -> RunRecord {
      RunRecord(
        inputs: [RunInput(role: "FLAIR", path: "/x/flair.nii", sha256: "aa")],
        mask: .files(
          ExternalFiles(mask: URL(fileURLWithPath: "/x/mask.nii"), probability: nil, saliency: nil, tool: tool)),
        calibration: nil, intensities: nil, settings: settings, options: options)
    }
    let usual = record(RunSettings())
    #expect(usual.details["settings"] == AuditValue(encoding: RunSettings()))
    #expect(usual.details["inputs"]?.arrayValue?.first?["role"] == .string("FLAIR"))
    var seed = RunSettings()
    seed.seed = 2
    #expect(record(seed).runKey != usual.runKey && record(RunSettings(), tool: nil).runKey != usual.runKey)
    var options = RunOptions()
    (options.threads, options.operatorName, options.overwrite) = (3, "me", true)
    let other = record(RunSettings(), options)
    #expect(other.runKey == usual.runKey)
    #expect(other.details["threads"] == .integer(3) && other.details["operator"] == .string("me"))
  }

  @Test func theTrailSaysWhatBecameOfARun() throws {
    let url = FileManager.default.temporaryDirectory.appendingPathComponent("trail-\(UUID().uuidString).jsonl")
    defer { try? FileManager.default.removeItem(at: url) }
    let log = AuditLog(url: url)
    func state() throws -> TrailState { TrailState(try log.records()) }
    #expect(try state() == .never)
    try log.append(event: "failed", details: ["reason": "no FLAIR image", "skipped": true])
    #expect(try state() == .skipped(reason: "no FLAIR image"))
    try log.append(event: "started", details: [:])
    #expect(try state() == .unfinished)
    try log.append(event: "interrupted", details: [:])
    #expect(try state() == .unfinished)
    try log.append(event: "failed", details: ["reason": "full disk"])
    #expect(try state() == .failed(reason: "full disk"))
    let file = try OutputTransaction.File(path: "sub-01.html", sha256: "bb", byteCount: 3)
    try log.append(
      event: "finished",
      details: ["inputs": [["role": "FLAIR", "sha256": "aa"]], "outputs": .files([file]), "runKey": "k"])
    #expect(try state() == .done(runKey: "k", inputDigests: ["aa"], outputs: [file]))
    // Drawn again later: the trail vouches for the newer file.
    let drawn = try OutputTransaction.File(path: "sub-01.html", sha256: "cc", byteCount: 4)
    try log.append(event: "rendered", details: ["outputs": .files([drawn])])
    #expect(try state() == .done(runKey: "k", inputDigests: ["aa"], outputs: [drawn]))
  }
}
