/// Something that a reader of a report must know, as a value: which fault, of which images, with which numbers.
///
/// The sentence is made by ``sentence``, in one file. A new warning is a code here, its sentence there, and the check
/// that raises it.
public struct Warning: Codable, Sendable, Equatable {
  public var code: Code
  public var severity: Severity
  /// Roles of the images that it is about: `FLAIR`, `MPRAGE`, `brain mask`, `reference`; empty where it is about none.
  public var images: [String]
  /// What the sentence is made of, by name, lengths in mm.
  public var values: [String: Value]

  public init(_ code: Code, images: [String] = [], _ values: [String: Value] = [:]) {
    self.code = code
    severity = code.severity
    self.images = images
    self.values = values
  }

  public enum Code: String, Codable, Sendable, CaseIterable {
    case swappedByWhiteMatter, swappedByLesions, headShown
    case mprageResliced, maskResliced, probabilityResliced, takenByVoxelIndex, mpragePartlyCovers, brainOfOneImage
    case softMask, brainMaskVolume
    case maskVolumeImplausible, lesionsOutsideBrain, oneLargeLesion, manyLesions, noLesions
    case negativeVoxels, nearZeroRim, backgroundNotZero
    case contrastAgent, derivedImage
    case thickSlices, thickVoxels, anisotropicVoxels, brainCutAtTop, brainCutAtBottom, voxelsUnlikeTraining
    case intensitiesUnlikeTraining
    case calibrationNotUsed, calibrationFittedOnThisPatient, calibrationNotOfAKind, calibrationOfFewerSamples
    case scoresExtrapolated
    case headerDoubtful, header

    public var severity: Severity {
      switch self {
      case .swappedByWhiteMatter, .swappedByLesions, .headShown, .mpragePartlyCovers, .brainOfOneImage, .headerDoubtful,
        .maskVolumeImplausible, .manyLesions, .calibrationNotOfAKind:
        .serious
      case .backgroundNotZero, .header: .header
      default: .ordinary
      }
    }
  }

  /// How much a warning matters to a reader of the report.
  public enum Severity: String, Codable, Sendable {
    /// What the report says may be wrong, or it must not be handed on.
    case serious
    case ordinary
    /// Oddities of a file's header without an effect on what is shown.
    case header
  }

  /// A number, a text or a list of either.
  public enum Value: Codable, Sendable, Equatable, ExpressibleByFloatLiteral, ExpressibleByStringLiteral {
    case number(Double)
    case numbers([Double])
    case text(String)
    case texts([String])

    public init(floatLiteral value: Double) { self = .number(value) }
    public init(stringLiteral value: String) { self = .text(value) }

    public init(from decoder: any Decoder) throws {
      let container = try decoder.singleValueContainer()
      if let number = try? container.decode(Double.self) {
        self = .number(number)
      } else if let text = try? container.decode(String.self) {
        self = .text(text)
      } else if let numbers = try? container.decode([Double].self) {
        self = .numbers(numbers)
      } else {
        self = .texts(try container.decode([String].self))
      }
    }

    public func encode(to encoder: any Encoder) throws {
      var container = encoder.singleValueContainer()
      switch self {
      case .number(let value): try container.encode(value)
      case .numbers(let values): try container.encode(values)
      case .text(let value): try container.encode(value)
      case .texts(let values): try container.encode(values)
      }
    }
  }

  /// Whether a reader of the report must know it: no oddity of a header that changes nothing.
  public var isForReaders: Bool { severity != .header }

  /// Warnings that differ in their image alone become one, where the first of them stood.
  public static func merged(_ warnings: [Warning]) -> [Warning] {
    var result: [Warning] = []
    for warning in warnings {
      if let at = result.firstIndex(where: { $0.code == warning.code && $0.values == warning.values }) {
        result[at].images += warning.images.filter { !result[at].images.contains($0) }
      } else {
        result.append(warning)
      }
    }
    return result
  }
}
