public import Volumes

/// FLAIR and MPRAGE on each other, before and after the registration, in three planes through the middle of the brain.
public struct PreparationPictures: Sendable, Equatable {
  /// FLAIR and MPRAGE in turn by square, by the headers alone.
  let checkerboardBefore: EmbeddedPicture
  let checkerboardAfter: EmbeddedPicture
  /// The outline of the brain mask, which was made on the FLAIR.
  let outlineOnFLAIR: EmbeddedPicture
  let outlineOnMPRAGEBefore: EmbeddedPicture
  let outlineOnMPRAGEAfter: EmbeddedPicture

  static let outline = RGB(255, 196, 0)

  /// - Parameters:
  ///   - before: MPRAGE on the grid of the FLAIR by the headers alone.
  ///   - after: MPRAGE on the grid of the FLAIR as it was registered.
  ///   - brainMask: on the same grid.
  public init(flair: Volume<Float>, before: Volume<Float>, after: Volume<Float>, brainMask: Volume<UInt8>)
    throws(ReportsError)
  {
    let head = try HeadViews(flair: flair, brainMask: brainMask)
    func embedded(_ raster: Raster) throws(ReportsError) -> EmbeddedPicture { EmbeddedPicture(try raster.png()) }
    func outlined(_ volume: Volume<Float>) -> Raster {
      let window = IntensityWindow(volume, brainMask: brainMask)
      return head.row { view in
        var tile = head.grey(volume, window, view)
        for pixel in view.mask(where: { brainMask.voxels[$0] != 0 }).outerContour {
          tile[pixel.x, pixel.y] = Self.outline
        }
        return tile
      }
    }
    checkerboardBefore = try embedded(Checkerboard.raster(head, flair, before, brainMask))
    checkerboardAfter = try embedded(Checkerboard.raster(head, flair, after, brainMask))
    outlineOnFLAIR = try embedded(outlined(flair))
    outlineOnMPRAGEBefore = try embedded(outlined(before))
    outlineOnMPRAGEAfter = try embedded(outlined(after))
  }
}
