import Archive
import ArgumentParser
import Foundation
import Preparation
import Programs
import Results

/// Options that decide how images are prepared.
struct PreparationArguments: ParsableArguments {
  @Option(help: "Mask of the brain on the grid of the FLAIR, made by any tool.") var brainMask: String?
  @OptionGroup var brainLabels: BrainLabelOption
  @Option(
    help: ArgumentHelp(
      """
      Program that makes the brain mask, such as 'hd-bet -i {in} -o {out}': is given the FLAIR at {in} and writes its \
      mask, or the image with 0 outside the brain, to {out}. No shell reads it; {in} and {out} are arguments of their \
      own.
      """, valueName: "command")) var brainCommand: String?
  @Option(help: "Transform of your own (ITK text) in place of a registration: maps a point of the FLAIR to the MPRAGE.")
  var transform: String?
  @Option(
    help: "What registers MPRAGE to FLAIR: own, or elastix where that program is installed; the check is the same.")
  var registration = Registration.own
  @Option(
    help: ArgumentHelp(
      """
      Program that takes the bias field of an image away, such as 'N4BiasFieldCorrection -i {in} -o {out}', called for \
      FLAIR and MPRAGE in turn.
      """, valueName: "command")) var biasCommand: String?
  @Option(help: "Seconds after which another program is ended.") var timeLimit = 3600.0

  enum Registration: String, ExpressibleByArgument, CaseIterable { case own, elastix }

  func validate() throws {
    try brainLabels.require(brainMask)
    if brainMask != nil, brainCommand != nil {
      throw ValidationError("--brain-mask and --brain-command exclude each other")
    }
    if transform != nil, registration != .own {
      throw ValidationError("--transform takes the place of --registration \(registration.rawValue)")
    }
    guard (1...604_800).contains(timeLimit) else {
      throw ValidationError("--time-limit must be from 1 to 604800 s, not \(timeLimit)")
    }
    _ = try settings()
  }

  /// - Throws: `ValidationError` for files of one patient where there are many.
  func requireNoFiles() throws {
    for (file, option) in [(brainMask, "--brain-mask"), (transform, "--transform")] where file != nil {
      throw ValidationError("\(option) is a file of one patient: it goes with --flair and --mprage")
    }
  }

  /// - Throws: `ValidationError` for a text that is no command.
  func settings() throws -> PreparationSettings {
    var settings = PreparationSettings()
    if let brainMask {
      settings.brain = .file(URL(fileURLWithPath: brainMask), labels: brainLabels.brainLabel?.labels)
    } else if let brainCommand {
      settings.brain = .command(try command(brainCommand, "--brain-command"))
    }
    settings.bias = try biasCommand.map { try command($0, "--bias-command") }
    if registration == .elastix { settings.registration = .elastix }
    if let transform { settings.registration = .file(URL(fileURLWithPath: transform)) }
    settings.limitSeconds = timeLimit
    return settings
  }

  private func command(_ text: String, _ option: String) throws -> CommandTemplate {
    do throws(CommandTemplate.Problem) { return try CommandTemplate(text) } catch {
      throw ValidationError("\(option) \(error)")
    }
  }

  func options(overwrite: Bool, waits: Bool, by attribution: Attribution) -> PreparationOptions {
    var options = PreparationOptions()
    options.overwrite = overwrite
    options.waits = waits
    options.attribution = attribution
    return options
  }
}
