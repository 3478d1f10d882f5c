import Volumes

/// A rectangle of square pixels on one slice of a grid.
///
/// Pixel (x, y) counts from the top left; its centre is at (x + 0.5, y + 0.5). Lengths within the slice are true in mm along
/// both stored axes; a shear between them is not drawn.
struct SliceView: Sendable {
  let geometry: SliceGeometry
  let shape: GridShape
  /// Index of the slice along `geometry.normalAxis`.
  let index: Int
  /// Voxel coordinates, along the horizontal and the vertical stored axis, of the picture's centre.
  let centre: (u: Double, v: Double)
  let millimetresPerPixel: Double
  let width: Int
  let height: Int

  /// Voxel coordinates of a place in the picture, in pixels from its top left corner.
  func coordinates(x: Double, y: Double) -> (u: Double, v: Double) {
    let right = (x - Double(width) / 2) * millimetresPerPixel
    let down = (y - Double(height) / 2) * millimetresPerPixel
    return (
      centre.u + right * Double(geometry.horizontalStep) / geometry.horizontalSpacingMillimetres,
      centre.v + down * Double(geometry.verticalStep) / geometry.verticalSpacingMillimetres
    )
  }

  /// Where voxel coordinates lie in the picture, in pixels from its top left corner.
  func place(u: Double, v: Double) -> (x: Double, y: Double) {
    let right = (u - centre.u) * Double(geometry.horizontalStep) * geometry.horizontalSpacingMillimetres
    let down = (v - centre.v) * Double(geometry.verticalStep) * geometry.verticalSpacingMillimetres
    return (right / millimetresPerPixel + Double(width) / 2, down / millimetresPerPixel + Double(height) / 2)
  }

  /// Linear index of a voxel of this slice; `nil` outside the grid.
  func linearIndex(u: Int, v: Int) -> Int? {
    guard u >= 0, v >= 0, u < shape.count(along: geometry.horizontalAxis), v < shape.count(along: geometry.verticalAxis)
    else { return nil }
    return u * shape.stride(along: geometry.horizontalAxis) + v * shape.stride(along: geometry.verticalAxis)
      + index * shape.stride(along: geometry.normalAxis)
  }

  /// Linear index of the voxel that a pixel's centre lies in; `nil` outside the grid.
  func voxel(x: Int, y: Int) -> Int? {
    let at = coordinates(x: Double(x) + 0.5, y: Double(y) + 0.5)
    return linearIndex(u: Int((at.u + 0.5).rounded(.down)), v: Int((at.v + 0.5).rounded(.down)))
  }

  /// The pixels whose voxel satisfies a condition, row by row: labels are shown as they are stored, never blurred.
  func mask(where condition: (Int) -> Bool) -> PixelMask {
    var isSet = [Bool](repeating: false, count: width * height)
    for y in 0..<height {
      for x in 0..<width {
        if let voxel = voxel(x: x, y: y) { isSet[y * width + x] = condition(voxel) }
      }
    }
    return PixelMask(width: width, height: height, isSet: isSet)
  }

  /// Values by linear interpolation within the slice, row by row; NaN where the pixel's own voxel is hidden or outside.
  ///
  /// Hidden voxels take no part in the interpolation: what lies outside the brain neither shows nor darkens its edge. Pixels
  /// much larger than a voxel average several places, so that a small lesion does not fall between them.
  ///
  /// - Parameters:
  ///   - value: the value of a voxel, by linear index.
  ///   - isShown: whether a voxel may be shown, by linear index.
  func values(_ value: (Int) -> Float, isShown: (Int) -> Bool) -> [Float] {
    let finest = min(geometry.horizontalSpacingMillimetres, geometry.verticalSpacingMillimetres)
    let places = min(4, max(1, Int((millimetresPerPixel / finest / 1.25).rounded(.up))))
    var result = [Float](repeating: .nan, count: width * height)
    for y in 0..<height {
      for x in 0..<width {
        guard let own = voxel(x: x, y: y), isShown(own) else { continue }
        var sum = 0.0
        var count = 0.0
        for b in 0..<places {
          for a in 0..<places {
            let dx = (Double(a) + 0.5) / Double(places)
            let dy = (Double(b) + 0.5) / Double(places)
            let at = coordinates(x: Double(x) + dx, y: Double(y) + dy)
            guard let sample = interpolate(u: at.u, v: at.v, value, isShown: isShown) else { continue }
            sum += sample
            count += 1
          }
        }
        result[y * width + x] = count > 0 ? Float(sum / count) : value(own)
      }
    }
    return result
  }

  private func interpolate(
    u: Double, v: Double, _ value: (Int) -> Float, isShown: (Int) -> Bool
  ) -> Double? {
    let lowerU = u.rounded(.down)
    let lowerV = v.rounded(.down)
    var sum = 0.0
    var weights = 0.0
    for b in 0...1 {
      for a in 0...1 {
        let weight = (a == 0 ? 1 - (u - lowerU) : u - lowerU) * (b == 0 ? 1 - (v - lowerV) : v - lowerV)
        guard weight > 0, let index = linearIndex(u: Int(lowerU) + a, v: Int(lowerV) + b), isShown(index) else {
          continue
        }
        sum += weight * Double(value(index))
        weights += weight
      }
    }
    return weights > 0 ? sum / weights : nil
  }
}
