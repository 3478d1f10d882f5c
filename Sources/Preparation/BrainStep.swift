import Analysis
import Archive
import Digests
import Foundation
import JSON
import Programs
import Results
import Software
import Volumes

/// The brain mask on the grid of the FLAIR.
struct BrainStep {
  let scan: RawScan
  let brain: PreparationSettings.Brain
  let work: PreparationWork

  /// A mask and how it came about.
  struct Outcome {
    /// 1 inside.
    let mask: Volume<UInt8>
    let done: PreparationWork.Done
    let warnings: [Warning]
  }

  func callAsFunction() throws -> Outcome {
    let path = PreparedLayout.image(work.layout.brain)
    let way = try Way(brain)
    let plan = try Self.plan(way, of: scan, patient: work.patient)
    if let before = work.before(plan, paths: [path, PreparedLayout.sidecar(work.layout.brain)]) {
      return Outcome(mask: try stored(path), done: before, warnings: [])
    }
    try work.control.step(work.patient, .extracting, 0, 1, plan.tool)
    let started = Date()
    let (mask, warnings) = try make(way)
    var step = plan
    step.seconds = Date().timeIntervalSince(started)
    step.brainMillilitres = mask.markedMillilitres
    let transaction = try work.transaction("brain")
    try NIfTIWriter.write(mask, like: scan.flair.image.header, intent: .label, to: try transaction.place(path).path)
    var sidecar = Sidecar(
      "Brain mask on the grid of the FLAIR", sources: Places(raw: scan.places).flair, digests: step.inputs)
    sidecar.add("Type", "Brain")
    sidecar.add("SpatialReference", .string(work.layout.spatialReference(scan.places)))
    sidecar.add(step)
    try transaction.write(sidecar.bytes, to: PreparedLayout.sidecar(work.layout.brain))
    return Outcome(mask: mask, done: try work.finish(step, transaction), warnings: warnings)
  }

  /// Whether there is anything to make a mask from, before anything is written.
  ///
  /// - Throws: ``Fault`` or `ProgramError`.
  static func check(_ scan: RawScan, _ brain: PreparationSettings.Brain, patient: String) throws {
    _ = try plan(Way(brain), of: scan, patient: patient)
  }

  /// The settings with the program that a command names.
  private enum Way {
    case ofImage
    case file(URL, labels: [Int]?)
    case command(CommandTemplate, Program)

    init(_ brain: PreparationSettings.Brain) throws {
      self =
        switch brain {
        case .ofImage: .ofImage
        case .file(let url, let labels): .file(url, labels: labels)
        case .command(let command): .command(command, try Program(command.program))
        }
    }
  }

  private static func plan(_ way: Way, of scan: RawScan, patient: String) throws -> PreparationStep {
    let flair = PreparationStep.Input(role: "FLAIR", sha256: scan.flair.sha256)
    switch way {
    case .ofImage:
      guard BrainExtraction.detect(in: scan.flair.image.volume).isBrainExtracted else {
        throw Fault(
          .input, patient, role: "brain mask", found: "none was given, and the FLAIR shows the whole head",
          remedy: .brainMaskOrCommand)
      }
      return PreparationStep(
        name: .brain, tool: Software.name, version: Software.version, parameters: ["rule": "FLAIR is not 0"],
        inputs: [flair])
    case .file(let url, let labels):
      return PreparationStep(
        name: .brain, tool: PreparationStep.userFile,
        parameters: labels.map { ["labels": $0.map(String.init).joined(separator: ",")] } ?? [:],
        inputs: [flair, .init(role: MaskRole.brain.rawValue, sha256: try digest(url, "brain mask"))])
    case .command(let command, let program):
      return PreparationStep(
        name: .brain, tool: URL(fileURLWithPath: command.program).lastPathComponent,
        programSHA256: try Digest.sha256(file: program.file),
        parameters: ["command": command.words.joined(separator: " ")], inputs: [flair])
    }
  }

  private func make(_ way: Way) throws -> (Volume<UInt8>, [Warning]) {
    let flair = scan.flair.image.volume
    switch way {
    case .ofImage: return (flair.map { $0 != 0 ? 1 : 0 }, [])
    case .file(let url, let labels): return try read(url, labels: labels, as: url.path)
    case .command(let command, let program): return try run(program, command)
    }
  }

  private func run(_ program: Program, _ command: CommandTemplate) throws -> (Volume<UInt8>, [Warning]) {
    // Removed with what is in it when this ends, and by the next process when it does not.
    let scratch = try work.transaction("brain-command")
    defer { withExtendedLifetime(scratch) {} }
    let input = try scratch.place("flair.nii.gz")
    let output = try scratch.place("brain.nii.gz")
    try NIfTIWriter.write(scan.flair.image.volume, like: scan.flair.image.header, to: input.path)
    try program.run(
      command.arguments(input: input.path, output: output.path), log: try scratch.place("log.txt"),
      watch: Program.Watch(limitSeconds: work.limitSeconds) { work.control.isStopped })
    guard FileManager.default.fileExists(atPath: output.path) else {
      throw ProgramError.noOutput(program: program.name)
    }
    let name = "the output of \(URL(fileURLWithPath: program.name).lastPathComponent)"
    guard let extracted = ExtractedImage.mask(output, of: scan.flair.image.volume) else {
      return try read(output, labels: nil, as: name)
    }
    let mask = try scratch.place("mask.nii.gz")
    try NIfTIWriter.write(extracted, like: scan.flair.image.header, intent: .label, to: mask.path)
    return try read(mask, labels: nil, as: name)
  }

  /// By the one rule for masks.
  private func read(_ url: URL, labels: [Int]?, as name: String) throws -> (Volume<UInt8>, [Warning]) {
    do {
      let given = try GivenMask(url, role: .brain, labels: labels, onto: TargetGrid(scan.flair.image), reslice: false)
      return (given.volume, given.warnings)
    } catch var fault as Fault {
      fault.file = name
      if fault.remedy == .reslice { fault.remedy = .plain("give a mask that was made from this FLAIR") }
      throw fault
    }
  }

  private static func digest(_ url: URL, _ role: String) throws -> String {
    guard FileManager.default.fileExists(atPath: url.path) else {
      throw Fault(.input, url.path, role: role, found: "no such file", expected: "an image (.nii or .nii.gz)")
    }
    return try Digest.sha256(file: url)
  }

  private func stored(_ path: String) throws -> Volume<UInt8> {
    try NIfTIFile.read(work.root.appendingPathComponent(path).path).volume.map { $0 != 0 ? 1 : 0 }
  }
}

/// What brain extraction programs write that give the image and not the mask: the image with 0 outside the brain.
enum ExtractedImage {
  /// Values may have been rounded by this fraction of the image's largest.
  static let tolerance: Float = 1e-3

  /// The mask, its holes filled, of an image that equals another wherever it is not 0; nil for any other file.
  static func mask(_ url: URL, of original: Volume<Float>) -> Volume<UInt8>? {
    guard let image = try? NIfTIFile.read(url.path).volume, image.shape == original.shape else { return nil }
    let largest = original.voxels.reduce(0) { max($0, abs($1)) }
    let isInside = image.voxels.map { $0 != 0 }
    let marked = isInside.count { $0 }
    guard marked > 0, marked < isInside.count,
      image.voxels.contains(where: { $0 != image.voxels[0] && $0 != 0 && $0 != 1 }),
      zip(image.voxels, original.voxels).allSatisfy({ $0 == 0 || abs($0 - $1) <= tolerance * largest })
    else { return nil }
    return Volume(
      shape: original.shape, affine: image.affine,
      voxels: Holes.filled(isInside, shape: original.shape).map { $0 ? 1 : 0 })
  }
}
