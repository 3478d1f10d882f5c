import Foundation
import Results
import SharedPatients
import Testing

@testable import Archive

/// Pages that are handed to a browser one by one.
@Suite struct FinishedPageTests {
  private static let page = Result { () throws -> String in
    let patient = try SmallPatient()
    _ = try patient.run().single(patient.input())
    return try String(contentsOf: patient.output.appendingPathComponent("sub-t.html"), encoding: .utf8)
  }

  private func check(_ change: (String) -> String) throws {
    let folder = FileManager.default.temporaryDirectory.appendingPathComponent("saved-\(UUID().uuidString)")
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    defer { try? FileManager.default.removeItem(at: folder) }
    let copy = folder.appendingPathComponent("saved.html")
    try Data(change(Self.page.get()).utf8).write(to: copy)
    try FinishedPage.check(copy)
  }

  @Test func aReportMayBeOpenedWhateverWasDecidedInIt() throws {
    try check { $0 }
    try check {
      $0.replacing(
        "\"decisions\":[]", with: "\"decisions\":[{\"comment\":\"see /home/x on 2026-01-01\",\"id\":\"L001\"}]")
    }
  }

  @Test(arguments: [
    ("const Page = ", "window.other = 1; const Page = ", "script outside the policy"),
    ("</main>", "<script>let other = 1</script></main>", "script outside the policy"),
    ("</main>", "<img src=\"https://example.org/x.png\"></main>", "external reference"),
    ("default-src 'none'", "default-src *", "content security policy"),
    ("id=\"decisions\"", "id=\"other\"", "is no report of a patient"),
  ]) func anAlteredPageIsNotOpened(_ old: String, _ new: String, _ reason: String) throws {
    #expect {
      try check { page in
        let altered = page.replacing(old, with: new, maxReplacements: 1)
        precondition(altered != page)
        return altered
      }
    } throws: { error in
      "\(error)".contains("saved.html") && "\(error)".contains(reason) && !"\(error)".contains("\n")
        && (error as? Fault)?.subject == .input
    }
  }
}
