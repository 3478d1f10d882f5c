import CPNG
import Foundation

/// A finished picture: the bytes of a PNG file.
struct PNGPicture: Hashable, Sendable {
  let bytes: [UInt8]
  let widthPixels: Int
  let heightPixels: Int
}

extension PNGPicture {
  /// Encodes pixels without loss; equal pixels give equal bytes.
  ///
  /// Written by libpng's simplified interface, which returns errors instead of jumping over Swift frames. The file
  /// holds pixels alone: no text chunk, no time, no name.
  ///
  /// - Parameters:
  ///   - format: libpng's format flags for colour and opacity, without the one for a palette.
  ///   - pixels: rows from the top: channels by pixel, or numbers of colours when there is a palette.
  ///   - palette: colours in the channels of `format`; empty without a palette.
  init(width: Int, height: Int, format: UInt32, pixels: [UInt8], palette: [UInt8] = []) throws(ReportsError) {
    var image = png_image()
    image.version = png_uint_32(PNG_IMAGE_VERSION)
    image.width = png_uint_32(width)
    image.height = png_uint_32(height)
    image.format = format
    if !palette.isEmpty {
      let channels = format & UInt32(PNG_FORMAT_FLAG_ALPHA) != 0 ? 4 : 3
      image.format |= UInt32(PNG_FORMAT_FLAG_COLORMAP)
      image.colormap_entries = png_uint_32(palette.count / channels)
    }
    // Deflate adds a few bytes to what it cannot compress; filters add one a row.
    var size = png_alloc_size_t(pixels.count + pixels.count / 8 + height + 4096)
    var file = [UInt8](repeating: 0, count: Int(size))
    let written = png_image_write_to_memory(&image, &file, &size, 0, pixels, 0, palette.isEmpty ? nil : palette)
    defer { png_image_free(&image) }
    guard written != 0 else {
      let reason = withUnsafeBytes(of: image.message) { String(decoding: $0.prefix { $0 != 0 }, as: UTF8.self) }
      throw .pngFailed(reason: reason)
    }
    file.removeLast(file.count - Int(size))
    self.init(bytes: file, widthPixels: width, heightPixels: height)
  }
}

extension Raster {
  /// The picture as PNG, without loss: with a palette up to 256 colours, else RGB. Equal pictures give equal bytes.
  func png() throws(ReportsError) -> PNGPicture {
    let format = UInt32(PNG_FORMAT_FLAG_COLOR)
    guard let indexed = Palette(self) else {
      return try PNGPicture(width: width, height: height, format: format, pixels: bytes)
    }
    return try PNGPicture(
      width: width, height: height, format: format, pixels: indexed.pixels,
      palette: indexed.colours.flatMap { [$0.red, $0.green, $0.blue] })
  }
}
