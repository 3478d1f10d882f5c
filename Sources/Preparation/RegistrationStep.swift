import Analysis
import Archive
import AuditTrail
import Digests
import Files
import Foundation
import JSON
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
    let plan = try plan()
    if let before = work.before(plan, paths: [path, PreparedLayout.sidecar(work.layout.transform)]) {
      return Outcome(fixedToMoving: try read(work.root.appendingPathComponent(path)), done: before)
    }
    try work.control.step(work.patient, .registering, 0, 1, plan.tool)
    let started = Date()
    var step = plan
    let found: Affine
    do { (found, step.figures) = try find() } catch let refusal as Refusal { throw try refused(refusal) }
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

  private func plan() throws -> PreparationStep {
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
    case .own:
      return PreparationStep(
        name: .registration, tool: Software.name, version: Software.version, parameters: parameters, inputs: inputs)
    case .file(let url):
      guard FileManager.default.fileExists(atPath: url.path) else {
        throw Fault(.input, url.path, role: "transform", found: "no such file", expected: "an ITK text transform")
      }
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

  private func find() throws -> (Affine, RegistrationFigures) {
    let (fixed, moving) = (scan.flair.image.volume, scan.t1w.image.volume)
    let mask = BrainMask.ofFixed(brain.mask)
    switch registration {
    case .own:
      do {
        let result = try RigidRegistration().register(fixed: fixed, moving: moving, mask: mask)
        return (result.fixedToMoving.affine, RegistrationFigures(result.report))
      } catch RegistrationError.refused(let result, let failures) {
        throw Refusal(transform: result.fixedToMoving.affine, failures: failures)
      }
    case .file(let url):
      let given = try read(url)
      return (given, try examined(given, fixed, moving, mask))
    }
  }

  private func examined(
    _ transform: Affine, backward: Affine? = nil, _ fixed: Volume<Float>, _ moving: Volume<Float>, _ mask: BrainMask
  ) throws -> RegistrationFigures {
    let found = try RigidRegistration().examine(transform, backward: backward, fixed: fixed, moving: moving, mask: mask)
    guard found.failures.isEmpty else { throw Refusal(transform: transform, failures: found.failures) }
    return RegistrationFigures(found)
  }

  private func read(_ url: URL) throws -> Affine {
    try ITKTransformFile.affine(
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
