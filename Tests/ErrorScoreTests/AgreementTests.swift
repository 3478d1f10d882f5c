import Foundation
import Testing

@testable import ErrorScore

struct AgreementTests {
  private struct Fixture: Decodable {
    struct Case: Decodable {
      let answers: [[String]]
      let kappa: Double?
    }
    let cases: [Case]
  }

  @Test func equalsScikitLearnForTwoReadersAndStatsmodelsForMore() throws {
    let file = URL(fileURLWithPath: #filePath).deletingLastPathComponent().appendingPathComponent(
      "Fixtures/agreement.json")
    let fixture = try JSONDecoder().decode(Fixture.self, from: Data(contentsOf: file))
    #expect(fixture.cases.count == 10)
    for expected in fixture.cases {
      let agreement = try Agreement(expected.answers)
      #expect((agreement.kappa == nil) == (expected.kappa == nil), "\(expected.answers.count) findings")
      // A few dozen additions in double precision.
      if let kappa = agreement.kappa, let reference = expected.kappa { #expect(abs(kappa - reference) < 1e-12) }
    }
  }

  @Test func twoReadersByHand() throws {
    // Agree on 3 of 4. Reader 1: 2 accept, 2 reject; reader 2: 3 accept, 1 reject. Chance: 1/2·3/4 + 1/2·1/4 = 1/2.
    let agreement = try Agreement([
      ["accept", "accept"], ["accept", "accept"], ["reject", "accept"], ["reject", "reject"],
    ])
    #expect(agreement.observed == 0.75)
    #expect(agreement.kappa == 0.5)
    #expect(agreement.findings == 4 && agreement.readers == 2)
  }

  @Test func nothingToCompareIsNoNumber() throws {
    #expect(try Agreement([]).kappa == nil && Agreement([]).observed == nil)
    #expect(try Agreement([["accept", "accept"], ["accept", "accept"]]).kappa == nil)
    #expect(try Agreement([["accept", "accept"], ["accept", "accept"]]).observed == 1)
    #expect(throws: ErrorScoreError.self) { try Agreement([["accept", "accept"], ["accept"]]) }
  }
}
