/// The bar that explains the saliency colours: what they look like over the dimmed image, with ticks and unit.
enum ColourBar {
  static func render(_ scale: SaliencyScale) throws -> PNGPicture {
    let barWidth = 301
    let barHeight = 18
    let margin = 34
    var raster = Raster(width: barWidth + 2 * margin, height: 72, colour: TilePainter.background)
    let title = "saliency (\(SaliencyScale.unit))"
    let top = 26
    raster.write(
      title, x: (raster.width - Raster.textWidth(title, scale: 2)) / 2, y: 4, scale: 2, colour: .grey(235), halo: 0)
    for x in 0..<barWidth {
      let value = (Double(x) / Double(barWidth - 1) * 2 - 1) * scale.limit
      for y in 0..<barHeight {
        // The upper half over the brightest dimmed tissue, the lower half over black: as it is met in the panels.
        let ground = RGB.grey(y < barHeight / 2 ? UInt8(255 * TilePainter.dimming) : 0)
        let (colour, alpha) = scale.colour(Float(value))
        raster[margin + x, top + y] = ground.mixed(with: colour, amount: alpha)
      }
    }
    raster.frame(x: margin - 1, y: top - 1, width: barWidth + 2, height: barHeight + 2, colour: .grey(150))
    for fraction in [-1.0, -0.5, 0, 0.5, 1] {
      let x = margin + Int(((fraction + 1) / 2 * Double(barWidth - 1)).rounded())
      raster.fill(x: x, y: top + barHeight, width: 1, height: 5, colour: .grey(220))
      let label = (fraction > 0 ? "+" : "") + significant(fraction * scale.limit)
      raster.write(
        label, x: x - Raster.textWidth(label, scale: 2) / 2, y: top + barHeight + 9, scale: 2, colour: .grey(235),
        halo: 0)
    }
    return try raster.png()
  }
}
