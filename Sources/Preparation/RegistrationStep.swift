import Analysis
import Archive
import AuditTrail
import Digests
import Files
import Foundation
import JSON
import Programs
import Registration
import Reports
import Results
import Software
import Volumes

/// The transform from FLAIR to MPRAGE, with its check.
struct RegistrationStep {
  let scan: RawScan
  let brain: BrainStep.Outcome
  let registration: PreparationSettings.Registration
  let work: PreparationWork

  struct Outcome {
    /// From a point of the FLAIR to that of the MPRAGE.
    let fixedToMoving: Affine
    let done: PreparationWork.Done
  }

  private var path: String { PreparedLayout.text(work.layout.transform) }

  func callAsFunction() throws -> Outcome {
    var elastix: ElastixRegistration?
    if case .elastix = registration {
      let scratch = try work.transaction("elastix-version")
      defer { withExtendedLifetime(scratch) {} }
      elastix = try ElastixRegistration(log: scratch.place("log.txt"))
    }
    let plan = try plan(elastix)
    if let before = work.before(plan, paths: [path, PreparedLayout.sidecar(work.layout.transform)]) {
      return Outcome(fixedToMoving: try Self.read(work.root.appendingPathComponent(path)), done: before)
    }
    try work.control.step(work.patient, .registering, 0, 1, plan.tool)
    let started = Date()
    var step = plan
    let found: Affine
    do { (found, step.figures) = try find(elastix) } catch let refusal as Refusal { throw try refused(refusal) }
    step.seconds = Date().timeIntervalSince(started)
    let transaction = try work.transaction("registration")
    try transaction.write(Array(ITKTransformFile.text(found, from: "FLAIR", to: "T1w").utf8), to: path)
    var sidecar = Sidecar(
      "ITK text transform, LPS+, mm: maps a point of the FLAIR to the point of the T1w that shows the same tissue, "
        + "which is what resampling the T1w onto the FLAIR grid takes",
      sources: Places(raw: scan.places).flair + Places(raw: scan.places).t1w, digests: step.inputs)
    if let figures = step.figures { sidecar.add("Registration", AuditValue(encoding: figures)) }
    sidecar.add(step)
    try transaction.write(sidecar.bytes, to: PreparedLayout.sidecar(work.layout.transform))
    return Outcome(fixedToMoving: found, done: try work.finish(step, transaction))
  }

  private func plan(_ elastix: ElastixRegistration?) throws -> PreparationStep {
    var inputs: [PreparationStep.Input] = [
      .init(role: "FLAIR", sha256: scan.flair.sha256), .init(role: "MPRAGE", sha256: scan.t1w.sha256),
      .init(role: MaskRole.brain.rawValue, sha256: brain.done.sha256(of: PreparedLayout.image(work.layout.brain))),
    ]
    let limits = RigidRegistration.Limits()
    let parameters = [
      "forwardBackwardMillimetres": "\(limits.forwardBackwardMillimetres)",
      "leastInformation": "\(limits.leastInformation)", "leastOverlap": "\(limits.leastOverlap)",
    ]
    switch registration {
    case .elastix:
      guard let elastix else { preconditionFailure("it was looked for") }
      return PreparationStep(
        name: .registration, tool: "elastix", version: elastix.version,
        programSHA256: try Digest.sha256(file: elastix.program.file),
        parameters: parameters.merging(["elastix": ElastixRegistration.parameters]) { own, _ in own }, inputs: inputs)
    case .own:
      return PreparationStep(
        name: .registration, tool: Software.name, version: Software.version, parameters: parameters, inputs: inputs)
    case .file(let url):
      inputs.append(.init(role: "transform", sha256: try Digest.sha256(file: url)))
      return PreparationStep(
        name: .registration, tool: PreparationStep.userFile, parameters: parameters, inputs: inputs)
    }
  }

  /// A transform that did not pass its check.
  private struct Refusal: Error {
    let transform: Affine
    let failures: [RegistrationError.Failure]
  }

  private func find(_ elastix: ElastixRegistration?) throws -> (Affine, RegistrationFigures) {
    let (fixed, moving) = (scan.flair.image.volume, scan.t1w.image.volume)
    let mask = BrainMask.ofFixed(brain.mask)
    switch registration {
    case .own: return try registered(fixed, moving, mask)
    case .elastix:
      guard let elastix else { preconditionFailure("it was looked for") }
      let (there, back) = try both(elastix)
      return (there, try examined(there, backward: back, fixed, moving, mask))
    case .file(let url):
      let given = try Self.read(url)
      return (given, try examined(given, fixed, moving, mask))
    }
  }

  private func registered(_ fixed: Volume<Float>, _ moving: Volume<Float>, _ mask: BrainMask) throws -> (
    Affine, RegistrationFigures
  ) {
    do {
      let result = try RigidRegistration().register(fixed: fixed, moving: moving, mask: mask)
      return (result.fixedToMoving.affine, RegistrationFigures(result.report))
    } catch RegistrationError.refused(let result, let failures) {
      throw Refusal(transform: result.fixedToMoving.affine, failures: failures)
    }
  }

  /// By elastix in both directions, neither knowing of the other. The first is taken as it is.
  private func both(_ elastix: ElastixRegistration) throws -> (Affine, Affine) {
    let scratch = try work.transaction("elastix")
    defer { withExtendedLifetime(scratch) {} }
    let (flair, t1w, mask) = (
      try scratch.place("flair.nii.gz"), try scratch.place("t1w.nii.gz"), try scratch.place("mask.nii.gz")
    )
    let header = scan.flair.image.header
    try NIfTIWriter.write(scan.flair.image.volume, like: header, to: flair.path)
    try NIfTIWriter.write(scan.t1w.image.volume, like: scan.t1w.image.header, to: t1w.path)
    try NIfTIWriter.write(brain.mask, like: header, intent: .label, to: mask.path)
    let images = (ElastixRegistration.Image(file: flair, mask: mask), ElastixRegistration.Image(file: t1w, mask: nil))
    let watch = Program.Watch(limitSeconds: work.limitSeconds) { work.control.isStopped }
    func folder(_ name: String) throws -> URL { try scratch.place("\(name)/log.txt").deletingLastPathComponent() }
    return (
      try elastix.register(fixed: images.0, moving: images.1, in: folder("there"), watch: watch),
      try elastix.register(fixed: images.1, moving: images.0, in: folder("back"), watch: watch)
    )
  }

  private func examined(
    _ transform: Affine, backward: Affine? = nil, _ fixed: Volume<Float>, _ moving: Volume<Float>, _ mask: BrainMask
  ) throws -> RegistrationFigures {
    let found = try RigidRegistration().examine(transform, backward: backward, fixed: fixed, moving: moving, mask: mask)
    guard found.failures.isEmpty else { throw Refusal(transform: transform, failures: found.failures) }
    return RegistrationFigures(found)
  }

  /// Whether a transform can be found or read, before anything is written.
  ///
  /// - Throws: ``Fault``, `ProgramError` or `RegistrationError.transformText`.
  static func check(_ registration: PreparationSettings.Registration) throws {
    switch registration {
    case .own: break
    case .elastix: _ = try ElastixRegistration.program()
    case .file(let url): _ = try read(url)
    }
  }

  private static func read(_ url: URL) throws -> Affine {
    guard FileManager.default.fileExists(atPath: url.path) else {
      throw Fault(.input, url.path, role: "transform", found: "no such file", expected: "an ITK text transform")
    }
    return try ITKTransformFile.affine(
      in: String(decoding: try SmallFile.read(url, .description), as: UTF8.self), path: url.path)
  }

  /// Leaves a picture of the two images as they were put on each other, and says where it is.
  private func refused(_ refusal: Refusal) throws -> Fault {
    let (fixed, moving) = (scan.flair.image.volume, scan.t1w.image.volume)
    let picture = try Checkerboard.picture(
      flair: fixed, t1w: moving.moved(by: refusal.transform, onto: fixed), brainMask: brain.mask)
    let place = work.root.appendingPathComponent(work.layout.refusedPicture)
    do { try DurableFile.write(picture, to: place) } catch { throw Fault.unwritable(place, error) }
    var isOfUser = false
    if case .file = registration { isOfUser = true }
    return Fault(
      .input, work.patient, role: "registration",
      found: "failed its check: \(refusal.failures.map(\.description).joined(separator: "; "))",
      remedy: .lookAtRegistration(picture: place.path, isOfUser: isOfUser))
  }
}

extension Volume<Float> {
  /// This image on the grid of another, interpolated once by cubic splines.
  ///
  /// - Parameter transform: from a point of the other image to one of this.
  func moved(by transform: Affine, onto grid: Volume<Float>) -> Volume<Float> {
    Resampling.cubic(
      Volume(shape: shape, affine: transform.inverse.composed(with: affine), voxels: voxels), onto: grid.shape,
      grid.affine)
  }
}

extension RegistrationFigures {
  init(_ report: RegistrationReport) {
    self.init(
      informationBefore: report.normalisedMutualInformationBefore,
      informationAfter: report.normalisedMutualInformationAfter,
      forwardBackwardMillimetres: report.forwardBackward.meanMillimetres,
      forwardBackwardMaximumMillimetres: report.forwardBackward.maximumMillimetres, overlap: report.overlap,
      movementMillimetres: report.movement.meanMillimetres, isInsideBrainMask: report.region == .brainMask)
  }

  init(_ found: TransformExamination) {
    self.init(
      informationBefore: found.normalisedMutualInformationBefore,
      informationAfter: found.normalisedMutualInformationAfter,
      forwardBackwardMillimetres: found.forwardBackward?.meanMillimetres,
      forwardBackwardMaximumMillimetres: found.forwardBackward?.maximumMillimetres, overlap: found.overlap,
      movementMillimetres: found.movement.meanMillimetres, isInsideBrainMask: found.region == .brainMask)
  }
}
