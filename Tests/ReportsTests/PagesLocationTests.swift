import Foundation
import Lesions
import Testing

@testable import Reports
@testable import Results

/// What the report says about locations.
@Suite struct PagesLocationTests {
  @Test func aSmallTableCountsLesionsOnce() throws {
    var results = PagesSamples.results(lesions: 3, candidates: 1)
    let locations = [LesionLocation.periventricular, .juxtacortical, .periventricular]
    for index in 0..<3 { results.findings[index].location = locations[index] }
    let page = try PagesSamples.page(results)
    let volume = Formatting.millilitres([0, 2].reduce(0) { $0 + results.lesions[$1].measurements.volumeMillilitres })
    #expect(
      page.contains(
        "<tr><th scope=\"row\">periventricular</th><td class=\"num\">2</td><td class=\"num\">\(volume)</td></tr>"))
    #expect(page.contains("<tr><th scope=\"row\">infratentorial</th><td class=\"num\">0</td>"))
    // Its row is there only where a lesion was left open.
    #expect(!page.contains("<th scope=\"row\">location not assessed</th>"))
    #expect(page.contains("lesions that run together count as one"))
    #expect(page.contains("inferred from this scan alone"))
    #expect(!page.lowercased().contains("dissemination"))
  }

  @Test func aReasonStandsOnceAndNoRowHasALocation() throws {
    var results = PagesSamples.results()
    results.locations = LocationRecord(notAssessed: LocationLimitation(.thickVoxels), ventriclesMillilitres: nil)
    for index in results.findings.indices { results.findings[index].location = .notAssessed }
    let page = try PagesSamples.page(results)
    #expect(!page.contains("Lesions by location") && !page.contains("location not assessed"))
    #expect(page.contains("is not assessed: voxels are longer than 3 mm, too thick to see contact.</li>"))
  }

  @Test func resultsOfAnotherSchemaAreRefused() throws {
    let written = try PagesSamples.results(candidates: 0).encoded()
    var object = try #require(try JSONSerialization.jsonObject(with: Data(written)) as? [String: Any])
    object["schemaVersion"] = 1
    let old = [UInt8](try JSONSerialization.data(withJSONObject: object))
    #expect(throws: ResultsError.otherSchema(found: 1, expected: 2)) { try PatientResults.decode(old) }
  }
}
