import Analysis
import Archive
import Foundation
import JSON
import Reports
import Results
import Software
import Volumes

/// FLAIR and T1w on the grid of the FLAIR, exactly 0 outside the brain.
struct ImagesStep {
  let scan: RawScan
  let brain: BrainStep.Outcome
  let registration: RegistrationStep.Outcome
  let bias: BiasCorrection?
  let patient: PatientIdentity
  let templates: TemplateFolder
  let work: PreparationWork

  struct Outcome {
    let done: PreparationWork.Done
    /// What took the bias fields away, where something did in this process.
    let bias: PreparationStep?
  }

  /// - Parameter superseded: files of an earlier preparation that must not outlive it.
  func callAsFunction(superseding superseded: [OutputTransaction.File]) throws -> Outcome {
    let layout = work.layout
    var biasStep = try bias?.step(of: [
      .init(role: "FLAIR", sha256: scan.flair.sha256), .init(role: "MPRAGE", sha256: scan.t1w.sha256),
    ])
    var plan = PreparationStep(
      name: .images, tool: Software.name, version: Software.version,
      parameters: ["interpolation": "cubic B-spline, once", "outsideBrain": "0"],
      inputs: [
        .init(role: "FLAIR", sha256: scan.flair.sha256), .init(role: "MPRAGE", sha256: scan.t1w.sha256),
        .init(role: MaskRole.brain.rawValue, sha256: brain.done.sha256(of: PreparedLayout.image(layout.brain))),
        .init(role: "transform", sha256: registration.done.sha256(of: PreparedLayout.text(layout.transform))),
      ])
    if let biasStep {
      plan.parameters["biasField"] = "taken away by \(biasStep.tool)"
      // The command may name folders: its key stands for it.
      plan.parameters["biasStep"] = PreparationWork.key(biasStep)
    }
    let paths =
      [layout.t1w, layout.flair].flatMap { [PreparedLayout.sidecar($0), PreparedLayout.image($0)] } + [layout.page]
    if let before = work.before(plan, paths: paths) { return Outcome(done: before, bias: nil) }
    var (flair, t1w) = (scan.flair.image.volume, scan.t1w.image.volume)
    if let bias {
      try work.control.step(work.patient, .correcting, 0, 1, bias.name)
      let started = Date()
      flair = try bias.corrected(scan.flair, work: work)
      t1w = try bias.corrected(scan.t1w, work: work)
      biasStep?.seconds = Date().timeIntervalSince(started)
    }
    try work.control.step(work.patient, .resampling, 0, 1)
    let started = Date()
    let moved = t1w.moved(by: registration.fixedToMoving, onto: flair)
    var step = plan
    step.seconds = Date().timeIntervalSince(started)
    let transaction = try work.transaction("images")
    // The page last, the FLAIR before it: without them nothing looks prepared.
    for (stem, volume, sidecar) in [(layout.t1w, moved, t1Sidecar(step)), (layout.flair, flair, flairSidecar(step))] {
      try transaction.write(sidecar.bytes, to: PreparedLayout.sidecar(stem))
      try NIfTIWriter.write(
        volume.cut(to: brain.mask), like: scan.flair.image.header,
        to: try transaction.place(PreparedLayout.image(stem)).path)
    }
    let steps = [biasStep, brain.done.step, registration.done.step, step].compactMap { $0 }
    let pictures = try PreparationPictures(
      flair: scan.flair.image.volume,
      before: scan.t1w.image.volume.moved(by: .scaling(1, 1, 1), onto: scan.flair.image.volume), after: moved,
      brainMask: brain.mask)
    try transaction.write(
      try PreparationPage.render(
        patient: patient, steps: steps, pictures: pictures, software: (Software.name, Software.version),
        templates: templates), to: layout.page)
    return Outcome(done: try work.finish(step, transaction, superseding: superseded), bias: biasStep)
  }

  private func sidecar(_ description: String, _ sources: [String], _ step: PreparationStep, roles: Set<String>)
    -> Sidecar
  {
    var sidecar = Sidecar(
      description, sources: sources + [Places.own(PreparedLayout.image(work.layout.brain))],
      digests: step.inputs.filter { roles.contains($0.role) })
    sidecar.add("SkullStripped", true)
    sidecar.add("SpatialReference", .string(work.layout.spatialReference(scan.places)))
    sidecar.add(step)
    return sidecar
  }

  private func flairSidecar(_ step: PreparationStep) -> Sidecar {
    var sidecar = sidecar(
      bias == nil
        ? "FLAIR as it came, 0 outside the brain mask" : "FLAIR without its bias field, 0 outside the brain mask",
      Places(raw: scan.places).flair, step, roles: ["FLAIR", MaskRole.brain.rawValue])
    sidecar.add(ScannerIdentity(beside: scan.flair.url))
    return sidecar
  }

  private func t1Sidecar(_ step: PreparationStep) -> Sidecar {
    sidecar(
      "T1w on the grid of the FLAIR, interpolated once by cubic B-splines, 0 outside the brain mask",
      Places(raw: scan.places).t1w + [Places.own(PreparedLayout.text(work.layout.transform))], step,
      roles: ["MPRAGE", MaskRole.brain.rawValue, "transform"])
  }
}

extension Volume<Float> {
  /// Exactly 0 where the mask is.
  fileprivate func cut(to mask: Volume<UInt8>) -> Volume<Float> {
    Volume(shape: shape, affine: affine, voxels: zip(voxels, mask.voxels).map { $1 != 0 ? $0 : 0 })
  }
}
