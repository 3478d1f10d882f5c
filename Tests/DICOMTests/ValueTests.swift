import Foundation
import Testing

@testable import DICOM

@Suite struct UIDTests {
  @Test func isMadeOfTheDigestsBitsInDecimalDigits() {
    // Bytes 0…15 with version 8 in byte 6 and variant 2 in byte 8: 0x000102030405860788090a0b0c0d0e0f, in decimal
    // digits 5233100606847278184134747173490191 by Python's int().
    #expect(UID.derived(digest: (0..<16).map { UInt8($0) }) == "2.25.\(Self.decimal)")
  }

  private static let decimal = "5233100606847278184134747173490191"

  @Test func isTheSameForTheSameNamesAlone() {
    let uid = UID.derived(["ab", "c"])
    #expect(uid == UID.derived(["ab", "c"]))
    #expect(uid != UID.derived(["a", "bc"]))
    #expect(UID.isValid(uid) && uid.utf8.count <= 44)
  }

  @Test(arguments: ["", "1..2", "1.02", "../1", "1.2\n", "1.2/3", String(repeating: "1", count: 65), "1.2 "])
  func refusesWhatIsNone(_ text: String) { #expect(!UID.isValid(text)) }

  @Test(arguments: ["1.2.840.10008.1.2", "0.0", "2.25.0", String(repeating: "1", count: 64)]) func takesWhatIsOne(
    _ text: String
  ) { #expect(UID.isValid(text)) }
}

@Suite struct NumberCodingTests {
  @Test(arguments: [
    0.0, 1, -71.5, 1.0 / 3, -1.0 / 3, 1e-7 / 3, -1.23456789012345e-10, 123_456_789.123456, -9.99999999999e99,
  ]) func decimalStringsHoldSixteenCharacters(_ number: Double) throws {
    let text = NumberCoding.decimal(number)
    #expect(text.utf8.count <= 16)
    let back = try #require(Double(text))
    #expect(abs(back - number) <= 1e-8 * abs(number))
  }

  @Test func numbersComeBack() {
    var set = DataSet()
    set.set(.rows, [1, 65_535])
    set.set(.dimensionIndexValues, [1, 4_294_967_295])
    set.set(.graphicData, [-1.5, 0.25, 3])
    set.set(.pixelSpacing, [0.9375, 1.2])
    #expect(set.numbers(.rows) == [1, 65_535])
    #expect(set.numbers(.dimensionIndexValues) == [1, 4_294_967_295])
    #expect(set.numbers(.graphicData) == [-1.5, 0.25, 3])
    #expect(set.numbers(.pixelSpacing) == [0.9375, 1.2])
  }

  @Test func textThatIsNoNumberGivesNone() {
    var set = DataSet()
    set.set(.pixelSpacing, "1\\two")
    #expect(set.numbers(.pixelSpacing).isEmpty)
    set.set(.pixelSpacing, "1\\nan")
    #expect(set.numbers(.pixelSpacing).isEmpty)
  }
}

@Suite struct StorageServiceTests {
  @Test(arguments: ["pacs", "pacs:", "pacs:0", "pacs:70000", ":104", "pa cs:104", "-\u{7}:104", "a/b:104"])
  func refusesWhatIsNoAddress(_ address: String) {
    #expect(throws: DICOMError.self) { try StorageService(address: address, title: "PACS", ownTitle: "LESIONQC") }
  }

  @Test(arguments: ["", "SEVENTEEN-LETTERS", "A\\B", "Ä"]) func refusesWhatIsNoTitle(_ title: String) {
    #expect(throws: DICOMError.self) { try StorageService(address: "pacs:104", title: title, ownTitle: "LESIONQC") }
  }

  @Test func warningsCountAsStored() {
    #expect(StorageService.isTaken(0) && StorageService.isTaken(0xB000))
    #expect(!StorageService.isTaken(0xA700) && !StorageService.isTaken(0x0122) && !StorageService.isTaken(0xFFFF))
  }
}
