import Statistics
import Volumes

/// A rectangle of square pixels on one slice of a grid.
///
/// Pixel (x, y) counts from the top left; its centre is at (x + 0.5, y + 0.5). Lengths within the slice are true in mm
/// along both stored axes; a shear between them is not drawn.
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
    return u * shape.stride(along: geometry.horizontalAxis) + v * shape.stride(along: geometry.verticalAxis) + index
      * shape.stride(along: geometry.normalAxis)
  }

  /// Linear index of the voxel that a pixel's centre lies in; `nil` outside the grid.
  func voxel(x: Int, y: Int) -> Int? {
    let at = coordinates(x: Double(x) + 0.5, y: Double(y) + 0.5)
    return linearIndex(u: Int(saturating: (at.u + 0.5).rounded(.down)), v: Int(saturating: (at.v + 0.5).rounded(.down)))
  }

  /// The pixels whose voxel satisfies a condition, row by row: labels are shown as they are stored, never blurred.
  func mask(where condition: (Int) -> Bool) -> PixelMask {
    var isSet = [Bool](repeating: false, count: width * height)
    for y in 0..<height {
      for x in 0..<width { if let voxel = voxel(x: x, y: y) { isSet[y * width + x] = condition(voxel) } }
    }
    return PixelMask(width: width, height: height, isSet: isSet)
  }

  /// The same rectangle in pixels that are `factor` times larger; width and height must be multiples of it.
  func coarser(by factor: Int) -> SliceView {
    precondition(width % factor == 0 && height % factor == 0, "whole blocks of pixels")
    return SliceView(
      geometry: geometry, shape: shape, index: index, centre: centre,
      millimetresPerPixel: millimetresPerPixel * Double(factor), width: width / factor, height: height / factor)
  }

  /// Values by linear interpolation within the slice, row by row; NaN where the pixel's own voxel is hidden or outside.
  ///
  /// Hidden voxels take no part in the interpolation: what lies outside the brain neither shows nor darkens its edge.
  /// Pixels much larger than a voxel average several places, so that a small lesion does not fall between them.
  ///
  /// - Parameters:
  ///   - voxels: one value per voxel of the grid.
  ///   - shown: 0 for a voxel that may not be shown, one value per voxel of the grid; all are shown without it.
  func values(_ voxels: [Float], shown: [UInt8]? = nil) -> [Float] {
    sample { index in shown.map { $0[index] != 0 } ?? true ? voxels[index] : .nan }
  }

  /// As above, for a function of the voxel along the horizontal and vertical stored axes, NaN where it is hidden.
  func sample(_ value: (Int) -> Float) -> [Float] {
    let patch = SlicePatch(self, value)
    let finest = min(geometry.horizontalSpacingMillimetres, geometry.verticalSpacingMillimetres)
    let places = min(4, max(1, Int(saturating: (millimetresPerPixel / finest / 1.25).rounded(.up))))
    var result = [Float](repeating: .nan, count: width * height)
    for y in 0..<height {
      for x in 0..<width {
        let middle = coordinates(x: Double(x) + 0.5, y: Double(y) + 0.5)
        let own = patch.nearest(u: middle.u, v: middle.v)
        guard own.isFinite else { continue }
        var sum = 0.0
        var count = 0.0
        for b in 0..<places {
          for a in 0..<places {
            let at = coordinates(
              x: Double(x) + (Double(a) + 0.5) / Double(places), y: Double(y) + (Double(b) + 0.5) / Double(places))
            let sample = patch.linear(u: at.u, v: at.v)
            guard sample.isFinite else { continue }
            sum += sample
            count += 1
          }
        }
        result[y * width + x] = count > 0 ? Float(sum / count) : own
      }
    }
    return result
  }
}

/// The voxels of a slice that a view touches, copied to where interpolation finds them quickly.
private struct SlicePatch {
  private let lowerU: Int
  private let lowerV: Int
  private let countU: Int
  private let countV: Int
  /// NaN where hidden or outside the grid.
  private let values: [Float]

  init(_ view: SliceView, _ value: (Int) -> Float) {
    let a = view.coordinates(x: 0, y: 0)
    let b = view.coordinates(x: Double(view.width), y: Double(view.height))
    // Never more than the grid has, however small its voxels are.
    func range(_ a: Double, _ b: Double, axis: Int) -> (lower: Int, count: Int) {
      let last = Double(view.shape.count(along: axis) - 1)
      let lower = max(0, min(last, min(a, b).rounded(.down) - 1))
      let upper = max(lower, min(last, max(a, b).rounded(.up) + 1))
      return (Int(saturating: lower), Int(saturating: upper - lower) + 1)
    }
    (lowerU, countU) = range(a.u, b.u, axis: view.geometry.horizontalAxis)
    (lowerV, countV) = range(a.v, b.v, axis: view.geometry.verticalAxis)
    var values = [Float](repeating: .nan, count: countU * countV)
    for v in 0..<countV {
      for u in 0..<countU {
        if let index = view.linearIndex(u: lowerU + u, v: lowerV + v) { values[u + countU * v] = value(index) }
      }
    }
    self.values = values
  }

  func nearest(u: Double, v: Double) -> Float {
    at(Int(saturating: (u + 0.5).rounded(.down)), Int(saturating: (v + 0.5).rounded(.down)))
  }

  /// Weighted mean of the up to four shown neighbours; NaN if none is shown.
  func linear(u: Double, v: Double) -> Double {
    let u0 = u.rounded(.down)
    let v0 = v.rounded(.down)
    var sum = 0.0
    var weights = 0.0
    for b in 0...1 {
      for a in 0...1 {
        let weight = (a == 0 ? 1 - (u - u0) : u - u0) * (b == 0 ? 1 - (v - v0) : v - v0)
        let value = at(Int(saturating: u0) + a, Int(saturating: v0) + b)
        if weight > 0 && value.isFinite {
          sum += weight * Double(value)
          weights += weight
        }
      }
    }
    return weights > 0 ? sum / weights : .nan
  }

  private func at(_ u: Int, _ v: Int) -> Float {
    let column = u - lowerU
    let row = v - lowerV
    return column >= 0 && row >= 0 && column < countU && row < countV ? values[column + countU * row] : .nan
  }
}
