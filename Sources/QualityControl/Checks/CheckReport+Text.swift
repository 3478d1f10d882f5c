public import Analysis
import Archive
public import Foundation
import Reports
import Results
import Saliency

extension CheckReport {
  /// One line per check, then what the experiments came to.
  public var lines: [String] {
    checks.map { "\($0.verdict)  \($0.check.name): \($0.figures) (rule: \($0.check.rule))" }
      + (experiments?.lines ?? [])
  }
}

extension ExperimentRecord {
  fileprivate var lines: [String] {
    perilesional.map { curve in
      let distance = curve.saturationMillimetres.map { String(describing: $0) + " mm" } ?? "not reached"
      return "EXPERIMENT  perilesional context of \(curve.lesion) (\(curve.voxelCount) voxels): "
        + "saturates at \(distance)"
    }
      + synthetic.map { trial in
        "EXPERIMENT  synthetic lesion, \(trial.variant): \(trial.detected ? "detected" : "not detected")"
          + ", maximum probability \(trial.maximumProbability), mean \(trial.meanProbability)"
      }
  }

  /// Nil without a curve to draw.
  fileprivate var curveSVG: String? {
    perilesional.isEmpty
      ? nil
      : PerilesionalPlot.svg(
        perilesional.map { curve in
          (
            name: curve.lesion,
            points: curve.points.map { (millimetres: $0.millimetres, probability: $0.meanProbability) }
          )
        })
  }
}

extension CheckReport {
  /// Writes the JSON file, and the curve of the experiments beside it.
  ///
  /// - Throws: ``Fault``.
  public func write(to file: URL) throws {
    do {
      try encoded().write(to: file, options: .atomic)
      if let svg = experiments?.curveSVG {
        try Data(svg.utf8).write(to: file.deletingPathExtension().appendingPathExtension("svg"), options: .atomic)
      }
    } catch { throw Fault.unwritable(file, error, .otherPlace) }
  }
}
