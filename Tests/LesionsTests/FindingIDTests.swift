import Foundation
import Testing

@testable import Lesions

@Suite struct FindingIDTests {
  static let names: [(FindingKind, Int, String)] = [
    (.lesion, 1, "L001"), (.candidate, 42, "C042"), (.missedReference, 7, "M007"), (.readerMark, 999, "R999"),
    (.lesion, 1000, "L1000"), (.candidate, 1234, "C1234"),
  ]

  @Test(arguments: names.indices) func everyKindIsPrintedAndParsed(_ index: Int) throws {
    let (kind, number, text) = Self.names[index]
    let id = FindingID(kind: kind, number: number)
    #expect(id.description == text && FindingID(text) == id)
    let json = try JSONEncoder().encode([id])
    #expect(String(decoding: json, as: UTF8.self) == "[\"\(text)\"]")
    #expect(try JSONDecoder().decode([FindingID].self, from: json) == [id])
  }

  @Test func noKindIsLeftOut() {
    #expect(Set(Self.names.map(\.0)) == Set(FindingKind.allCases))
    #expect(Set(FindingKind.allCases.map { FindingID(kind: $0, number: 1).description }).count == 4)
  }

  @Test(arguments: [
    "", "L", "L1", "L01", "L000", "L-01", "L+01", "L0001", "L01000", "X001", "l001", "001", "L 01", "L001 ", "L1.0",
    "L００１", "L99999999999999999999",
  ]) func whatNamesNoFindingIsRefused(_ text: String) throws {
    #expect(FindingID(text) == nil)
    let json = try JSONEncoder().encode([text])
    #expect(throws: DecodingError.self) { try JSONDecoder().decode([FindingID].self, from: json) }
  }

  @Test func lesionsComeFirstAndNumbersCountAsNumbers() {
    let ids = ["R001", "C002", "L1000", "M001", "L002", "C001", "L001"].compactMap { FindingID($0) }
    #expect(ids.sorted().map(\.description) == ["L001", "L002", "L1000", "C001", "C002", "M001", "R001"])
  }
}
