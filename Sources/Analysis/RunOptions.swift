public import Digests
public import Foundation

/// What a user sets about a run and what changes no number, except that a calibration changes the order.
public struct RunOptions: Sendable {
  /// Which error-score calibration is used.
  public enum CalibrationChoice: Sendable, Equatable {
    /// `calibration.json` of the model folder, if it is there.
    case ofModel
    case file(URL)
    /// No calibration: the uncalibrated order.
    case off
  }

  public var calibration = CalibrationChoice.ofModel
  public var overwrite = false
  /// 0: all cores.
  public var threads = 0
  /// Wait for another process that is at work on the same patient.
  public var waits = true
  /// Write the tables and pages over all patients after the patient.
  public var writesTables = true
  /// Nothing of the reference segmentation on pages and in tables: for reader studies. The results hold it.
  public var isBlind = false
  /// Who ran it, for the audit trail.
  public var operatorName: String?
  /// Signs the records of the audit trail; nil: they are not signed.
  public var signingKey: SigningKey?

  public init() {}
}
