import Foundation
import Testing

@testable import Reports
@testable import Results

@Suite struct ReviewDecisionsTests {
  private static let schemas = URL(fileURLWithPath: #filePath).deletingLastPathComponent().appendingPathComponent(
    "../../docs/schemas"
  ).standardized

  private func example() throws -> ReviewDecisions {
    let file = Self.schemas.appendingPathComponent("decisions.example.json")
    return try JSONDecoder().decode(ReviewDecisions.self, from: Data(contentsOf: file))
  }

  @Test func theExampleIsRead() throws {
    let decisions = try example()
    #expect(decisions.reader == "R1" && decisions.session == "ses-02")
    #expect(decisions.decisions.map(\.id) == ["L009", "C001", "L008", "L001"])
    #expect(decisions.decisions.map(\.decision) == [.reject, .accept, .editNeeded, .undecided])
    #expect(decisions.decisions[2].reasons == [.cortex, .boundary])
  }

  @Test func theSchemaNamesTheSameWords() throws {
    let file = Self.schemas.appendingPathComponent("decisions.schema.json")
    let schema = try #require(try JSONSerialization.jsonObject(with: Data(contentsOf: file)) as? [String: Any])
    func words(_ path: [String]) throws -> [String] {
      let place = try path.reduce(schema) { try #require($0[$1] as? [String: Any], "\($1)") }
      return try #require(place["enum"] as? [String])
    }
    let entry = ["$defs", "decision", "properties"]
    #expect(try words(entry + ["decision"]) == ReviewDecisions.Verdict.allCases.map(\.rawValue))
    #expect(try words(entry + ["reasons", "items"]) == ReviewDecisions.Reason.allCases.map(\.rawValue))
  }

  @Test func aCommentCannotEndTheElementItStandsIn() throws {
    let decisions = try example()
    let text = EmbeddedJSON.text(decisions)
    #expect(!text.contains("<"))
    #expect(text.contains("\\u003c/script> first"))
    #expect(try JSONDecoder().decode(ReviewDecisions.self, from: Data(text.utf8)) == decisions)
  }
}
