import Analysis
import Archive
import Digests
import Foundation
import Programs
import Results
import Statistics
import Volumes

/// Correction of an image's bias field by another program, before it is interpolated and cut.
struct BiasCorrection {
  let command: CommandTemplate
  let program: Program

  /// A corrected image is the same image in another light: all its voxels go with it at least this much (Pearson).
  static let leastCorrelation = 0.8

  init(_ command: CommandTemplate) throws {
    self.command = command
    program = try Program(command.program)
  }

  var name: String { URL(fileURLWithPath: command.program).lastPathComponent }

  /// The step without what it took.
  func step(of inputs: [PreparationStep.Input]) throws -> PreparationStep {
    PreparationStep(
      name: .bias, tool: name, programSHA256: try Digest.sha256(file: program.file),
      parameters: ["command": command.words.joined(separator: " ")], inputs: inputs)
  }

  /// - Throws: `ProgramError`; ``Fault`` for an output that is not this image corrected.
  func corrected(_ source: PatientScan.Source, work: PreparationWork) throws -> Volume<Float> {
    let scratch = try work.transaction("bias-command")
    defer { withExtendedLifetime(scratch) {} }
    let input = try scratch.place("image.nii.gz")
    let output = try scratch.place("corrected.nii.gz")
    let volume = source.image.volume
    try NIfTIWriter.write(volume, like: source.image.header, to: input.path)
    try program.run(
      command.arguments(input: input.path, output: output.path), log: try scratch.place("log.txt"),
      watch: Program.Watch(limitSeconds: work.limitSeconds) { work.control.isStopped })
    guard FileManager.default.fileExists(atPath: output.path) else {
      throw ProgramError.noOutput(program: program.name)
    }
    func refusal(_ found: String) -> Fault {
      Fault(
        .input, "the output of \(name)", role: source.role, found: found,
        expected: "the same image without its bias field", remedy: .plain("check the arguments of the command"))
    }
    let image = try NIfTIFile.read(output.path)
    try image.requireFinite()
    let comparison = GridComparison(volume.shape, volume.affine, image.volume.shape, image.volume.affine)
    guard comparison.isSame else { throw refusal("does not lie on the grid of the image (\(comparison))") }
    let correlation = pearsonCorrelation(volume.voxels.map(Double.init), image.volume.voxels.map(Double.init)) ?? 0
    guard correlation >= Self.leastCorrelation else {
      throw refusal("goes with the image by \(String(format: "%.2f", correlation)) only (correlation)")
    }
    return Volume(shape: volume.shape, affine: volume.affine, voxels: image.volume.voxels)
  }
}
