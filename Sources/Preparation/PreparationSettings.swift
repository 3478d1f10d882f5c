public import Archive
public import Foundation
public import Programs

/// What decides the prepared images.
public struct PreparationSettings: Sendable {
  /// Where the brain mask comes from.
  public enum Brain: Sendable {
    /// Nothing was said: the FLAIR has to be brain-extracted.
    case ofImage
    /// On the grid of the FLAIR.
    case file(URL, labels: [Int]?)
    /// A program that is given the FLAIR.
    case command(CommandTemplate)
  }

  /// Where the transform comes from.
  public enum Registration: Sendable {
    case own
    /// The program of that name, with the same check.
    case elastix
    /// An ITK text transform that maps a point of the FLAIR to the MPRAGE.
    case file(URL)
  }

  public var brain = Brain.ofImage
  public var registration = Registration.own
  /// Corrects the bias field of each image; nil: nothing does.
  public var bias: CommandTemplate?
  /// Of every call of another program.
  public var limitSeconds = 3600.0

  public init() {}
}

/// What a user sets about a preparation and what changes no voxel.
public struct PreparationOptions: Sendable {
  /// Replace images that were prepared otherwise.
  public var overwrite = false
  /// Wait for another process that is at work on the same patient.
  public var waits = true
  public var attribution = Attribution.unnamed

  public init() {}
}
