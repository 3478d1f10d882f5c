public import Volumes

/// A brain mask on the grid of one of the two images, not 0 inside.
public enum BrainMask: Sendable {
  case ofFixed(Volume<UInt8>)
  case ofMoving(Volume<UInt8>)

  var image: RegistrationError.Image {
    switch self {
    case .ofFixed: .fixed
    case .ofMoving: .moving
    }
  }

  var volume: Volume<UInt8> {
    switch self {
    case .ofFixed(let mask), .ofMoving(let mask): mask
    }
  }

  /// The voxels of an image from which the head was removed that are not 0; nil for whole heads.
  init?(ofExtracted fixed: Volume<Float>, or moving: Volume<Float>) {
    if BrainExtraction.detect(in: fixed).isBrainExtracted {
      self = .ofFixed(fixed.map { $0 != 0 ? 1 : 0 })
    } else if BrainExtraction.detect(in: moving).isBrainExtracted {
      self = .ofMoving(moving.map { $0 != 0 ? 1 : 0 })
    } else {
      return nil
    }
  }
}
