/// What a window holds where it reaches beyond a volume that is smaller than it: the modes of PyTorch's `pad`, which
/// MONAI's `sliding_window_inference` names in `padding_mode`.
public enum Padding: Hashable, Sendable {
  /// One value everywhere; PyTorch's and MONAI's default is 0.
  case constant(Float)
  /// The volume mirrored at its first and its last voxel, which are not repeated.
  case reflect
  /// The nearest voxel of the volume.
  case replicate
  /// The volume again and again.
  case circular

  /// As in model.json and in Python.
  public enum Mode: String, Sendable, CaseIterable { case constant, reflect, replicate, circular }

  public init(_ mode: Mode, value: Float = 0) {
    self =
      switch mode {
      case .constant: .constant(value)
      case .reflect: .reflect
      case .replicate: .replicate
      case .circular: .circular
      }
  }

  public var mode: Mode {
    switch self {
    case .constant: .constant
    case .reflect: .reflect
    case .replicate: .replicate
    case .circular: .circular
    }
  }

  /// The voxel of an axis of `extent` voxels whose value stands at a place from before the first to behind the last of
  /// them; nil for a constant. Voxels of the volume stand for themselves.
  func source(of place: Int, extent: Int) -> Int? {
    if (0..<extent).contains(place) { return place }
    switch self {
    case .constant: return nil
    case .replicate: return min(max(place, 0), extent - 1)
    case .circular: return (place % extent + extent) % extent
    case .reflect:
      let period = max(2 * (extent - 1), 1)
      let phase = (place % period + period) % period
      return min(phase, period - phase) % extent
    }
  }

  /// Most voxels by which an axis can be made longer at one end, as in PyTorch; nil: any number.
  func limit(extent: Int) -> Int? {
    switch self {
    case .constant, .replicate: nil
    case .reflect: extent - 1
    case .circular: extent
    }
  }
}
