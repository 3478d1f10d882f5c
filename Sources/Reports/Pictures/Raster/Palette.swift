import Statistics

/// The colours of a picture that has few, and the picture in numbers of colours.
struct Palette {
  static let maximumColours = 256

  /// From dark to bright, so that neighbouring numbers are similar colours.
  let colours: [RGB]
  /// One byte a pixel, row by row.
  let pixels: [UInt8]

  /// `nil` if the picture has more than 256 colours.
  init?(_ raster: Raster) {
    var seen: Set<UInt32> = []
    var keys: [UInt32] = []
    keys.reserveCapacity(raster.width * raster.height)
    var last: UInt32?
    for at in stride(from: 0, to: raster.bytes.count, by: 3) {
      let key = UInt32(raster.bytes[at]) << 16 | UInt32(raster.bytes[at + 1]) << 8 | UInt32(raster.bytes[at + 2])
      if key != last {
        seen.insert(key)
        if seen.count > Self.maximumColours { return nil }
        last = key
      }
      keys.append(key)
    }
    func sum(_ key: UInt32) -> UInt32 { (key >> 16) + (key >> 8 & 255) + (key & 255) }
    let sorted = seen.sorted { (sum($0), $0) < (sum($1), $1) }
    colours = sorted.map { RGB(UInt8($0 >> 16), UInt8($0 >> 8 & 255), UInt8($0 & 255)) }
    let numbers = Dictionary(uniqueKeysWithValues: zip(sorted, UInt8.min...UInt8.max))
    // Neighbours are often equal: look up the first of a run only.
    var run: (key: UInt32, number: UInt8)?
    pixels = keys.map { key in
      if let run, run.key == key { return run.number }
      let number = numbers[key]!
      run = (key, number)
      return number
    }
  }
}

extension Raster {
  /// The picture with at most 256 colours: greys in 64 steps, other colours in the finest steps per channel that fit.
  ///
  /// A panel then takes a palette file, two thirds of the size. Sixteen steps a channel are the usual outcome; the
  /// ramps of a saliency map show no seams with them. A picture for which even four steps are too many stays as it is.
  func withFewColours() -> Raster {
    for steps in [32, 24, 16, 12, 8, 4] {
      let reduced = rounded(greySteps: 64, colourSteps: steps)
      if Palette(reduced) != nil { return reduced }
    }
    return self
  }

  private func rounded(greySteps: Int, colourSteps: Int) -> Raster {
    func table(_ steps: Int) -> [UInt8] {
      (0...255).map { value in
        let level = (Double(value) / 255 * Double(steps - 1)).rounded()
        return UInt8(saturating: (level / Double(steps - 1) * 255).rounded())
      }
    }
    let greys = table(greySteps)
    let colours = table(colourSteps)
    return mapColours { colour in
      let steps = colour.red == colour.green && colour.red == colour.blue ? greys : colours
      return RGB(steps[Int(colour.red)], steps[Int(colour.green)], steps[Int(colour.blue)])
    }
  }
}
