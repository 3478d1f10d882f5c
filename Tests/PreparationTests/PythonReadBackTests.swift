import Analysis
import Foundation
import Programs
import SharedPatients
import Testing

@testable import Preparation

/// Where the tests' Python comes from.
enum ScientificPython {
  /// A Python with both: that of LESIONQC_PYTHON, of the checkout or of the system; nil where there is none.
  static let program: Program? = {
    let named = ProcessInfo.processInfo.environment["LESIONQC_PYTHON"]
    let places = [named, checkout.appendingPathComponent(".venv/bin/python").path, "python3"].compactMap { $0 }
    let found = places.lazy.compactMap { try? Program($0) }.first { python in
      let log = FileManager.default.temporaryDirectory.appendingPathComponent("python-\(UUID().uuidString)")
      defer { try? FileManager.default.removeItem(at: log) }
      return (try? python.run(["-c", "import scipy, nibabel"], log: log, watch: .init(limitSeconds: 120))) != nil
    }
    if found == nil {
      print("PythonReadBackTests: skipped, no Python with SciPy and nibabel (LESIONQC_PYTHON names one)")
    }
    return found
  }()
}

/// The prepared images made again from the raw ones and the transform by nibabel and SciPy.
@Suite(.enabled(if: ScientificPython.program != nil)) struct PythonReadBackTests {
  @Test func imagesAreMadeAgain() throws {
    let pair = try RawPair()
    _ = try pair.preparation().single(try pair.input)
    let script = checkout.appendingPathComponent("tools/validation/prepared.py")
    let files = [
      pair.flair, pair.t1w, pair.prepared.flair, pair.prepared.t1w, pair.prepared.mask, pair.prepared.transform,
    ]
    func compare(_ files: [URL]) throws -> String {
      try #require(ScientificPython.program).run(
        [script.path] + files.map(\.path), log: pair.folder.appendingPathComponent("log"),
        watch: .init(limitSeconds: 300))
    }
    #expect(try compare(files).contains("FLAIR and grids are the same"))
    // The comparison fails where it has to: the transform read the other way round.
    let text = try String(contentsOf: pair.prepared.transform, encoding: .utf8)
    let altered = pair.folder.appendingPathComponent("altered.txt")
    let line = try #require(text.split(separator: "\n").first { $0.hasPrefix("Parameters") })
    let numbers = line.split(separator: " ").dropFirst().map { Double($0) ?? 0 }
    let signs = [1.0, 1, -1, 1, 1, -1, -1, -1, 1, -1, -1, 1]
    let mirrored = zip(numbers, signs).map { "\($0 * $1)" }.joined(separator: " ")
    try Data(text.replacing(line, with: "Parameters: \(mirrored)").utf8).write(to: altered)
    #expect(throws: ProgramError.self) { try compare(files.dropLast() + [altered]) }
  }
}
