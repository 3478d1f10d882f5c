import Archive
import Foundation
import Reports
import Results
import SharedPatients
import Testing
import Volumes

@testable import Analysis
@testable import Checkpoints
@testable import QualityControl

/// Networks of FLAIR alone, with and without an MPRAGE beside it, from images to report.
@Suite(.serialized) struct FLAIRAloneTests {
  /// A network whose answer is known: logit = weight · x + bias of its own input x; one output, a sigmoid.
  private func model(in folder: URL, _ name: String, normalisation: String, weight: Float, bias: Float) throws -> URL {
    let model = folder.appendingPathComponent(name)
    try FileManager.default.createDirectory(at: model, withIntermediateDirectories: true)
    let description = """
      {"schemaVersion": 1, "architecture": {"name": "UNet", "parameters": {
        "spatialDims": 3, "inChannels": 1, "outChannels": 1, "channels": [1, 1], "strides": [1], "activation": null,
        "norm": null, "kernelSize": 1, "upKernelSize": 1}},
        "channels": ["FLAIR"], "normalisation": \(normalisation), "brainExtracted": true, "orientation": "asStored",
        "window": [56, 64, 56], "overlap": 0, "importance": "constant", "threshold": 0.5, "lesionClass": 0}
      """
    try Data(description.utf8).write(to: model.appendingPathComponent("model.json"))
    func one(_ shape: [Int], _ values: [Float]) -> Tensor { Tensor(shape: shape, values: values) }
    try SafeTensors.write(
      [
        "model.0.conv.weight": one([1, 1, 1, 1, 1], [1]), "model.0.conv.bias": one([1], [0]),
        "model.1.submodule.conv.weight": one([1, 1, 1, 1, 1], [1]), "model.1.submodule.conv.bias": one([1], [0]),
        "model.2.conv.weight": one([2, 1, 1, 1, 1], [weight, 0]), "model.2.conv.bias": one([1], [bias]),
      ], to: model.appendingPathComponent("weights.safetensors"))
    return model
  }

  /// Mean and standard deviation of the non-zero voxels, and the maximum.
  private func statistics(_ patient: SmallPatient) throws -> (mean: Double, deviation: Double, maximum: Double) {
    let values = try NIfTIFile.read(patient.flair.path).volume.voxels.filter { $0 != 0 }.map(Double.init)
    let mean = values.reduce(0, +) / Double(values.count)
    let variance = values.reduce(0) { $0 + ($1 - mean) * ($1 - mean) } / Double(values.count)
    return (mean, variance.squareRoot(), values.max()!)
  }

  private func input(_ patient: SmallPatient, hasMPRAGE: Bool) -> PatientInput {
    PatientInput(label: "sub-t", flair: patient.flair, mprage: hasMPRAGE ? patient.mprage : nil, synthetic: true)
  }

  @Test("Without an MPRAGE nothing of it is in results, files and page; with one it is shown, and no number changes")
  func withAndWithout() throws {
    let patient = try SmallPatient()
    let model = try model(in: patient.folder, "z", normalisation: #""zscore-nonzero""#, weight: 4, bias: -6.8)
    var pages: [String] = []
    var found: [PatientResults] = []
    for hasMPRAGE in [false, true] {
      let output = patient.folder.appendingPathComponent("out-\(hasMPRAGE)")
      let run = try patient.run({ $0.selfTest = true }, output: output, modelFolder: model)
      guard case .done(let summary) = try run.single(input(patient, hasMPRAGE: hasMPRAGE)) else {
        Issue.record("not done")
        return
      }
      let page = String(decoding: try Data(contentsOf: summary.report), as: UTF8.self)
      pages.append(page)
      found.append(summary.results)
      let results = summary.results
      #expect(results.hasMPRAGE == hasMPRAGE && !results.explainsMPRAGE && results.model?.channels == ["FLAIR"])
      #expect(!results.lesions.isEmpty)
      for finding in results.findings {
        let saliency = try #require(finding.saliency)
        #expect(saliency.mprage == nil && saliency.flairFraction == nil)
        let file = output.appendingPathComponent("sub-t/anat/\(try #require(finding.files.saliency))")
        #expect(try NIfTIFile.readChannels(file.path).volumes.count == 1)
      }
      #expect(try AuditCheck(output: output).faults.isEmpty)
      let json = String(
        decoding: try Data(contentsOf: output.appendingPathComponent("sub-t/anat/sub-t_desc-lesionqc_results.json")),
        as: UTF8.self)
      #expect(
        !json.contains("mprage\"") && !json.contains("\"flairFraction\":") && !json.contains("\"flairFraction\" :"))
      // Drawn again from what is stored, to the same bytes.
      let rendering = try ReportRendering(output: output, moved: nil, overwrite: false, control: RunControl())
      #expect(try rendering.render("sub-t") == .unchanged)
    }
    #expect(pages[0].contains("The network takes FLAIR alone. No MPRAGE was given."))
    #expect(pages[0].contains("three planes: FLAIR, contours, FLAIR saliency,\nand the whole slice"))
    #expect(pages[1].contains("MPRAGE is shown for the reader and has no saliency map."))
    #expect(pages[1].contains("three planes: FLAIR, MPRAGE, contours, FLAIR saliency,\nand the whole slice"))
    for page in pages {
      #expect(!page.contains("MPRAGE saliency") && !page.contains("<th scope=\"col\">MPRAGE</th>"))
      #expect(!page.contains("FLAIR fraction"))
    }
    #expect(found[0].locations.notAssessed?.code == .noMPRAGE)
    #expect(found[0].selfTest?.limitation == .noMPRAGE && found[1].selfTest?.limitation != .noMPRAGE)
    #expect(found[0].findings.map(\.saliency) == found[1].findings.map(\.saliency))
    #expect(found[0].counts == found[1].counts)
  }

  @Test("A network in another unit of intensity has the same mask and the same peaks") func unit() throws {
    let patient = try SmallPatient()
    let (mean, deviation, maximum) = try statistics(patient)
    // z = x · maximum / deviation − mean / deviation for x from 0 to 1.
    let scaled = try model(
      in: patient.folder, "scaled", normalisation: #"[{"name": "ScaleIntensity", "channelWise": true}]"#,
      weight: Float(4 * maximum / deviation), bias: Float(4 * (-mean / deviation - 1.7)))
    let plain = try model(in: patient.folder, "z", normalisation: #""zscore-nonzero""#, weight: 4, bias: -6.8)
    let results = try [plain, scaled].map { folder -> PatientResults in
      let output = patient.folder.appendingPathComponent("out-\(folder.lastPathComponent)")
      guard
        case .done(let summary) = try patient.run({ $0.noiseFraction = 0.05 }, output: output, modelFolder: folder)
          .single(input(patient, hasMPRAGE: false))
      else { preconditionFailure("nothing was there") }
      return summary.results
    }
    #expect(results[0].counts == results[1].counts && !results[0].lesions.isEmpty)
    for (one, other) in zip(results[0].findings, results[1].findings) {
      let (a, b) = (
        try #require(one.saliency?.flair.inside.maximum), try #require(other.saliency?.flair.inside.maximum)
      )
      // The gradient of the summed logit is 4 per standard deviation at every voxel of the finding.
      #expect(abs(a.value - 4) < 1e-4 && abs(b.value - 4) < 1e-3)
    }
    // A fraction of the range of the input in standard deviations, which is the same but for the zeros around it.
    let noise = results.compactMap { $0.explanation?.noiseStandardDeviation }
    #expect(noise.count == 2 && abs(noise[1] - 0.05 * maximum / deviation) < 1e-3 * noise[1])
  }

  @Test("A network of two channels says that the MPRAGE is missing, and writes nothing") func missing() throws {
    let patient = try SmallPatient()
    #expect { _ = try patient.run().single(input(patient, hasMPRAGE: false)) } throws: {
      "\($0)".contains("MPRAGE: is not given") && "\($0)".contains("FLAIR alone")
    }
    #expect(!FileManager.default.fileExists(atPath: patient.output.path))
  }
}
