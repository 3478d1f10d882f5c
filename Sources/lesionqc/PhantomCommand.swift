import ArgumentParser
import Foundation
import Phantoms

/// `lesionqc phantom`: draw synthetic patients.
struct PhantomCommand: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "phantom", abstract: "Draw synthetic MS patients with known lesions, as a BIDS data set.",
    discussion: """
      FLAIR and MPRAGE of brains that do not exist, with lesions, with bright structures that are not lesions, and \
      with \
      the truth under derivatives/truth. The same seed and options give the same patients.
      """)

  @Option(name: .long, help: "Folder of the data set.") var output: String

  @Option(name: .long, help: "Number of patients.") var patients = 1

  @Option(name: .long, help: "Seed of the cohort, an unsigned 64-bit integer.") var seed: UInt64 = 1

  @Option(name: .long, help: "Index of the first patient in the seed's endless row; sub-01 has index 0.")
  var firstIndex = 0

  @Option(name: .long, help: "Factor on the number of lesions; 0: none.") var lesionLoad = 1.0

  @Option(name: .long, help: "Factor on the noise.") var noise = 1.0

  @Option(name: .long, help: "Factor on the number of mimics; 0: only the choroid plexus.") var mimicRate = 1.0

  @Option(name: .long, help: "Directions of the voxel axes, such as RAS, LAS or PSR.") var axes = "RAS"

  @Option(name: .long, help: "Voxel spacing along the three axes in mm, such as 1x1x3.") var spacing = "1x1x1"

  @Option(name: .long, help: "Degrees by which the grid is turned about the left-right axis.") var pitch = 0.0

  @Option(name: .long, help: "Degrees by which the grid is turned about the superior axis.") var yaw = 0.0

  @Flag(name: .long, help: "Put a bright cube into the left hemisphere.") var markLeft = false

  @Option(name: .long, help: "Patients drawn at the same time.") var threads = ProcessInfo.processInfo
    .activeProcessorCount

  @Flag(name: .long, help: "Replace a data set that is in the folder.") var overwrite = false

  @Flag(name: .long, help: "Print nothing but errors.") var quiet = false

  func run() async throws {
    let parts = spacing.split(separator: "x", omittingEmptySubsequences: false).map { Double($0) ?? .nan }
    guard parts.count == 3 else { throw PhantomError.spacing(parts) }
    var grid = try PhantomGrid.axes(axes, spacingMillimetres: (parts[0], parts[1], parts[2]))
    if pitch != 0 || yaw != 0 { grid = try grid.oblique(pitchDegrees: pitch, yawDegrees: yaw) }
    let recipe = PhantomRecipe(
      grid: grid, lesionLoad: lesionLoad, noise: noise, mimicRate: mimicRate, marksLeft: markLeft)
    let cohort = try PhantomCohort(
      seed: seed, patients: patients, firstIndex: firstIndex, recipe: recipe, command: command)
    let quiet = quiet
    try await cohort.write(to: output, threads: threads, overwrite: overwrite) { identifier in
      if !quiet { print("drew \(identifier)") }
    }
    if !quiet { print("phantom: \(patients) synthetic patient\(patients == 1 ? "" : "s") in \(output)") }
  }

  /// The options that decide the images, without the folder's name.
  private var command: String {
    var words = ["lesionqc phantom --output DIR --patients \(patients) --seed \(seed)"]
    if firstIndex != 0 { words.append("--first-index \(firstIndex)") }
    if lesionLoad != 1 { words.append("--lesion-load \(lesionLoad)") }
    if noise != 1 { words.append("--noise \(noise)") }
    if mimicRate != 1 { words.append("--mimic-rate \(mimicRate)") }
    if axes != "RAS" { words.append("--axes \(axes)") }
    if spacing != "1x1x1" { words.append("--spacing \(spacing)") }
    if pitch != 0 { words.append("--pitch \(pitch)") }
    if yaw != 0 { words.append("--yaw \(yaw)") }
    if markLeft { words.append("--mark-left") }
    return words.joined(separator: " ")
  }
}
