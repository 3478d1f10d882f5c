import Foundation
import Results
import Testing

@testable import Reports

/// What the report says about places.
@Suite struct PagesPlaceTests {
  @Test func aSmallTableCountsLesionsOnce() throws {
    var results = PagesSamples.results(lesions: 3, candidates: 1)
    let places = ["periventricular", "juxtacortical", "periventricular"]
    for index in 0..<3 { results.lesions[index].location = places[index] }
    let page = try PagesSamples.page(results)
    let volume = Formatting.millilitres(results.lesions[0].volumeMillilitres + results.lesions[2].volumeMillilitres)
    #expect(
      page.contains(
        "<tr><th scope=\"row\">periventricular</th><td class=\"num\">2</td><td class=\"num\">\(volume)</td></tr>"))
    #expect(page.contains("<tr><th scope=\"row\">infratentorial</th><td class=\"num\">0</td>"))
    // Its row is there only where a lesion was left open.
    #expect(!page.contains("<th scope=\"row\">place not assessed</th>"))
    #expect(page.contains("lesions that run together count as one"))
    #expect(page.contains("told from this scan alone"))
    #expect(!page.lowercased().contains("dissemination"))
  }

  @Test func aReasonStandsOnceAndNoRowHasAPlace() throws {
    var results = PagesSamples.results()
    results.locationRule = LocationRuleFacts(
      rule: "Contact.", notAssessed: "voxels are longer than 3 mm, too thick to see contact",
      ventriclesMillilitres: nil)
    for index in results.lesions.indices { results.lesions[index].location = "notAssessed" }
    let page = try PagesSamples.page(results)
    #expect(!page.contains("Lesions by place") && !page.contains("place not assessed"))
    #expect(page.contains("is not assessed: voxels are longer than 3 mm, too thick to see contact.</li>"))
  }

  @Test func olderResultsDecodeAndSayNothing() throws {
    let written = try PagesSamples.results(candidates: 0).encoded()
    var object = try #require(try JSONSerialization.jsonObject(with: Data(written)) as? [String: Any])
    object["locationRule"] = nil
    object["lesions"] = (object["lesions"] as? [[String: Any]])?.map { lesion in lesion.filter { $0.key != "location" }
    }
    let old = try PatientResults.decode([UInt8](JSONSerialization.data(withJSONObject: object)))
    #expect(old.locationRule == nil && old.lesions.allSatisfy { $0.location == nil })
    let page = try PagesSamples.page(old)
    #expect(page.contains("is not assessed: ") && !page.contains("periventricular</span>"))
    #expect(!page.contains("<th scope=\"row\">Place</th>"))
  }
}
