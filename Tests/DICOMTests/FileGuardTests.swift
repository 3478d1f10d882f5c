import Testing

@testable import DICOM

@Suite struct FileGuardTests {
  private static let explicit = "1.2.840.10008.1.2.1"
  private static let implicit = "1.2.840.10008.1.2"

  private func little(_ number: Int, _ count: Int) -> [UInt8] {
    (0..<count).map { UInt8(truncatingIfNeeded: number >> (8 * $0)) }
  }

  private func tag(_ group: Int, _ element: Int) -> [UInt8] { little(group, 2) + little(element, 2) }

  private func short(_ group: Int, _ element: Int, _ vr: String, _ value: [UInt8], length: Int? = nil) -> [UInt8] {
    tag(group, element) + Array(vr.utf8) + little(length ?? value.count, 2) + value
  }

  private func sequence(_ value: [UInt8], length: Int) -> [UInt8] {
    tag(0x0040, 0xA730) + Array("SQ".utf8) + [0, 0] + little(length, 4) + value
  }

  private func item(_ value: [UInt8], length: Int? = nil) -> [UInt8] {
    tag(0xFFFE, 0xE000) + little(length ?? value.count, 4) + value
  }

  private func file(_ dataSet: [UInt8], syntax: String = explicit) -> [UInt8] {
    let name = Array(syntax.utf8) + (syntax.utf8.count.isMultiple(of: 2) ? [] : [0])
    return [UInt8](repeating: 0, count: 128) + Array("DICM".utf8) + short(2, 0x10, "UI", name) + dataSet
  }

  private func fault(_ bytes: [UInt8]) -> String? {
    do {
      try FileGuard.check(bytes, path: "x.dcm")
      return nil
    } catch { return error.description }
  }

  private let name = Array("A^B ".utf8)

  @Test func passesWholeFiles() {
    let inner = short(0x10, 0x10, "PN", name)
    #expect(fault(file(inner)) == nil)
    #expect(fault(file(sequence(item(inner), length: 8 + inner.count))) == nil)
    let open =
      item(inner + tag(0xFFFE, 0xE00D) + little(0, 4), length: 0xFFFF_FFFF) + tag(0xFFFE, 0xE0DD) + little(0, 4)
    #expect(fault(file(sequence(open, length: 0xFFFF_FFFF))) == nil)
    #expect(fault(file(tag(0x10, 0x10) + little(4, 4) + name, syntax: Self.implicit)) == nil)
  }

  @Test func refusesWhatIsCutOffAtEveryByte() throws {
    let inner = short(0x10, 0x10, "PN", name)
    let whole = file(sequence(item(inner), length: 8 + inner.count))
    let start = whole.count - inner.count - 8 - 12
    for count in (start + 1)..<whole.count { #expect(fault(Array(whole[..<count])) != nil, "\(count)") }
  }

  @Test func refusesLengthsBeyondTheFileAndTheItem() {
    #expect(fault(file(short(0x10, 0x10, "PN", name, length: 60_000)))?.contains("announces 60000 bytes") == true)
    // The value would end behind its item, though within the file.
    let inner = short(0x10, 0x10, "PN", name, length: 12)
    let bytes = sequence(item(inner), length: 8 + inner.count) + short(0x10, 0x20, "LO", Array("12345678".utf8))
    #expect(fault(file(bytes))?.contains("announces 12 bytes") == true)
  }

  @Test func refusesDeepNesting() {
    func nested(_ depth: Int) -> [UInt8] {
      var bytes: [UInt8] = []
      for _ in 0..<depth {
        let inner = item(bytes)
        bytes = sequence(inner, length: inner.count)
      }
      return file(bytes)
    }
    #expect(fault(nested(FileGuard.deepest)) == nil)
    #expect(fault(nested(FileGuard.deepest + 1))?.contains("nests sequences deeper than 16") == true)
    #expect(fault(nested(2000)) != nil)
  }

  @Test func refusesDeepNestingThatImplicitLengthsHide() {
    var bytes: [UInt8] = []
    for _ in 0..<40 {
      let inner = item(bytes)
      bytes = tag(0x0041, 0x1001) + little(inner.count, 4) + inner
    }
    #expect(fault(file(bytes, syntax: Self.implicit))?.contains("deeper") == true)
  }

  @Test func refusesUnknownVRsAndSyntaxes() {
    #expect(fault(file(short(0x10, 0x10, "Z9", name)))?.contains("VR 'Z9'") == true)
    #expect(fault(file([], syntax: "1.2.840.10008.1.2.1.99"))?.contains("1.2.840.10008.1.2.1.99") == true)
    #expect(fault(file([], syntax: "1.2.840.10008.1.2.2"))?.contains("which is not read") == true)
    #expect(fault(Array("no file".utf8))?.contains("is no DICOM file") == true)
  }

  @Test func refusesStrayDelimitersAndForeignItems() {
    #expect(fault(file(tag(0xFFFE, 0xE00D) + little(0, 4)))?.contains("delimiter") == true)
    let stray = short(0x10, 0x10, "PN", name)
    #expect(fault(file(sequence(stray, length: stray.count)))?.contains("something else than an item") == true)
  }

  @Test func everyFaultIsOneLine() {
    let text = fault(file(short(0x10, 0x10, "\n\u{7}", name))) ?? ""
    #expect(!text.isEmpty && !text.contains("\n") && text.hasPrefix("x.dcm: "))
  }
}
