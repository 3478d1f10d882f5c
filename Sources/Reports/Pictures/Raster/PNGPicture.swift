import CPNG
import Foundation

/// A finished picture: the bytes of a PNG file.
struct PNGPicture: Hashable, Sendable {
  let bytes: [UInt8]
  let widthPixels: Int
  let heightPixels: Int

  /// `data:image/png;base64,…`, the picture as part of a page.
  var dataURI: String { "data:image/png;base64," + Data(bytes).base64EncodedString() }
}

extension Raster {
  /// The picture as PNG, 8 bits a channel: grey if every pixel is grey, else RGB. Equal pictures give equal bytes.
  ///
  /// Written by libpng's simplified interface, which returns errors instead of jumping over Swift frames. The file holds
  /// pixels alone: no text chunk, no time, no name.
  func png() throws(PictureError) -> PNGPicture {
    let reds = stride(from: 0, to: bytes.count, by: 3)
    let isGrey = reds.allSatisfy { bytes[$0] == bytes[$0 + 1] && bytes[$0] == bytes[$0 + 2] }
    let pixels: [UInt8] = isGrey ? reds.map { bytes[$0] } : bytes
    var image = png_image()
    image.version = png_uint_32(PNG_IMAGE_VERSION)
    image.width = png_uint_32(width)
    image.height = png_uint_32(height)
    image.format = isGrey ? 0 : png_uint_32(PNG_FORMAT_FLAG_COLOR)
    // Deflate adds a few bytes to what it cannot compress; filters add one a row.
    var size = png_alloc_size_t(pixels.count + pixels.count / 8 + height + 4096)
    var file = [UInt8](repeating: 0, count: Int(size))
    let written = png_image_write_to_memory(&image, &file, &size, 0, pixels, 0, nil)
    defer { png_image_free(&image) }
    guard written != 0 else { throw .encoding(message(of: image)) }
    file.removeLast(file.count - Int(size))
    return PNGPicture(bytes: file, widthPixels: width, heightPixels: height)
  }

  private func message(of image: png_image) -> String {
    withUnsafeBytes(of: image.message) { String(decoding: $0.prefix { $0 != 0 }, as: UTF8.self) }
  }
}
