import Testing

@testable import Volumes

@Suite struct HeaderTableTests {
  /// Every byte of the header belongs to exactly one field: a slip in an offset or a type shows here.
  @Test(arguments: [NIfTIVersion.one, .two]) func theFieldsTileTheHeader(version: NIfTIVersion) {
    let slots = HeaderTable.rows.compactMap { HeaderTable.slot($0.field, in: version) }
    var next = 0
    for slot in slots.sorted(by: { $0.offset < $1.offset }) {
      #expect(slot.offset == next)
      next = slot.bytes.upperBound
    }
    #expect(next == version.headerByteCount)
    #expect(HeaderTable.rows.count == HeaderField.allCases.count)
  }

  @Test(arguments: [NIfTIVersion.one, .two], [false, true]) func whatIsSetIsRead(
    version: NIfTIVersion, isBigEndian: Bool
  ) {
    var header = NIfTIHeader(version: version, isBigEndian: isBigEndian)
    for row in HeaderTable.rows {
      guard let slot = HeaderTable.slot(row.field, in: version), slot.type != .text else { continue }
      for index in 0..<slot.count {
        let value = slot.type == .uint8 ? 200 : -5 - index
        header.set(row.field, index, to: value)
        #expect(header.integer(row.field, index) == value)
        #expect(header.number(row.field, index) == Double(value))
      }
    }
  }
}
