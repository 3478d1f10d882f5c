import CZlib
import Foundation
import Testing

@testable import PageLint

@Suite struct VolumeDataTests {
  private func leaks(_ bytes: [UInt8], shape: String, name: String = "volume-flair", behind: [UInt8] = [])
    -> [ReportLint.Leak.Kind]
  {
    var size = compressBound(uLong(bytes.count))
    var packed = [UInt8](repeating: 0, count: Int(size))
    _ = compress2(&packed, &size, bytes, uLong(bytes.count), 6)
    let text = Data(packed.prefix(Int(size)) + behind).base64EncodedString()
    let page = """
      <meta http-equiv="Content-Security-Policy" content="default-src 'none'; base-uri 'none'; form-action 'none'">
      <script type="application/octet-stream;base64" id="\(name)" data-shape="\(shape)" \
      data-bytes-per-voxel="1">\(text)</script>
      """
    return ReportLint(identifiers: []).leaks(in: Array(page.utf8)).map(\.kind)
  }

  /// A ball in a box of 80 voxels to a side, or all of the box; differences along rows.
  private func image(isBall: Bool) -> [UInt8] {
    var values = [UInt8](repeating: 0, count: 80 * 80 * 80)
    for at in values.indices {
      let (i, j, k) = (Double(at % 80) - 39.5, Double(at / 80 % 80) - 39.5, Double(at / 6400) - 39.5)
      if !isBall || i * i + j * j + k * k < 1600 { values[at] = 100 }
    }
    return values.indices.map { $0 % 80 == 0 ? values[$0] : values[$0] &- values[$0 - 1] }
  }

  @Test func aBrainPassesAndAHeadDoesNot() {
    #expect(leaks(image(isBall: true), shape: "80 80 80") == [])
    #expect(leaks(image(isBall: false), shape: "80 80 80") == [.head])
    #expect(leaks(image(isBall: false), shape: "80 80 80", name: "saliency-L001") == [])
  }

  @Test func nothingStandsBehindTheVoxels() {
    let brain = image(isBall: true)
    #expect(leaks(brain, shape: "80 80 80", behind: Array("Jane Doe".utf8)) == [.unread])
    #expect(leaks(brain + Array("Jane Doe".utf8), shape: "80 80 80") == [.unread])
    #expect(leaks(brain, shape: "80 80 81") == [.unread])
    #expect(leaks(brain, shape: "80 80") == [.unread])
    #expect(leaks(brain, shape: "99999 99999 99999") == [.unread])
  }
}
