/// Bounds that no network in use comes near; they keep a damaged description from asking for absurd sizes.
enum ConfigurationBounds {
  static let channels = 1...65_536
  static let kernel = 1...31
  static let stride = 1...32
  static let levels = 2...16
  /// What strides may multiply to along an axis: the longest window.
  static let totalStride = 1024
  /// Convolutions or blocks in a row.
  static let repetitions = 1...64
}
