/// Whole axial slices with every finding outlined and numbered.
public struct Overview: Sendable, Equatable {
  public struct Montage: Sendable, Equatable {
    public let picture: LayeredPicture
    public let sliceCount: Int

    public init(picture: LayeredPicture, sliceCount: Int) {
      self.picture = picture
      self.sliceCount = sliceCount
    }
  }

  /// The slices that together show the most findings; without a finding, slices through the brain.
  public let first: Montage
  /// The other slices that hold a finding, as far as the file has room for them, from superior to inferior.
  public let further: [Montage]
  /// Slices that hold a finding and stand in no montage.
  public let slicesLeftOut: Int
  /// Findings that no drawn slice shows; they are on their own panels.
  public let findingsNotShown: Int

  public init(first: Montage, further: [Montage], slicesLeftOut: Int, findingsNotShown: Int) {
    self.first = first
    self.further = further
    self.slicesLeftOut = slicesLeftOut
    self.findingsNotShown = findingsNotShown
  }

  /// Size as base64 text.
  var embeddedBytes: Int {
    ([first] + further).flatMap(\.picture.layers).reduce(0) { $0 + $1.embeddedBytes }
  }
}
