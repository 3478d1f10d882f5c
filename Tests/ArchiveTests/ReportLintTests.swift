import Foundation
import PageLint
import Results
import SharedPatients
import Testing

@testable import Archive

private let policy =
  "<meta http-equiv=\"Content-Security-Policy\" content=\"default-src 'none'; img-src data:; "
  + "style-src 'unsafe-inline'; script-src 'sha256-bhHHL3z2vDgxUt0W3dWQOrprscmda2Y5pLsLg4GF+pI='; "
  + "base-uri 'none'; form-action 'none'\">"

private func page(_ body: String, head: String = policy) -> [UInt8] {
  Array("<!DOCTYPE html>\n<html lang=\"en\">\n<head>\n\(head)\n</head>\n<body>\n\(body)\n</body>\n</html>\n".utf8)
}

private func lint(_ page: [UInt8], identifiers: [String] = ["Smith", "ward-pc7"]) throws -> [ReportLint.Leak] {
  ReportLint(identifiers: identifiers, ownDates: ["2026-11-24"]).leaks(in: page)
}

/// A one-pixel PNG with a further chunk.
private func png(chunk type: String? = nil, _ content: String = "") -> String {
  func chunk(_ type: String, _ content: [UInt8]) -> [UInt8] {
    withUnsafeBytes(of: UInt32(content.count).bigEndian) { Array($0) } + Array(type.utf8) + content + [0, 0, 0, 0]
  }
  let bytes =
    [0x89, 0x50, 0x4E, 0x47, 0x0D, 0x0A, 0x1A, 0x0A] + chunk("IHDR", Array(repeating: 0, count: 13))
    + (type.map { chunk($0, Array(content.utf8)) } ?? []) + chunk("IDAT", [1, 2, 3]) + chunk("IEND", [])
  return "data:image/png;base64," + Data(bytes).base64EncodedString()
}

@Suite struct ReportLintTests {
  @Test func whatAPageMaySayIsNoFinding() throws {
    let decisions = """
      {"decisions":[{"comment":"cap \\u003c 3 mm","id":"L001","time":"2025-03-04T10:00:00Z"}],
       "savedAt":"2025-03-04T10:00:00Z"}
      """
    let clean = page(
      """
      <p>Run on 2026-11-24. mean / highest, TP / (TP + FP), n/a, and/or 0.66/0.82; version 1.10.0; seed 12345678</p>
      <p>Blacksmith and smithereens; 23 May be; doi 10.1038/s41598-026-36560-9;
        digest \(String(repeating: "20200101", count: 8))</p>
      <a href="#L001">L001</a> <a href="./sub-01.html#L001">report</a> <img src="\(png())" alt="L001 in FLAIR, 12 mm³">
      <svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 1 1"><path d="M0 0"/></svg>
      <script>alert(1)</script>
      <script type="application/json" id="decisions">\(decisions)</script>
      """, head: policy + "<style>@page{size:A4} a{background:url(\(png()))}</style>")
    // The hash in the policy is that of `alert(1)`: printf 'alert(1)' | openssl dgst -sha256 -binary | base64
    #expect(try lint(clean) == [])
  }

  @Test func theDayThatThePageGivesForItsRunIsItsOwn() throws {
    let body = "<p>Run <time datetime=\"2031-05-06T10:00:00Z\">6 May 2031</time> 2031-05-06</p><p>2031-05-07</p>"
    #expect(try lint(page(body)).map(\.text).sorted() == ["2031-05-07"])
  }

  @Test(arguments: [
    ("identifier", "<p>Seen on WARD-PC7</p>"), ("identifier", "<img src=\"#\" alt=\"Mr Smith, FLAIR\">"),
    ("identifier", "<!-- drawn for smith -->"), ("identifier", "<p title=\"Smith\">x</p>"),
    ("identifier", "<p>S&#109;ith</p>"), ("absolute path", "<p>from /home/jane/flair.nii.gz</p>"),
    ("absolute path", "<p data-x='/data/ms/sub-01'>x</p>"), ("absolute path", "<p>C:\\Users\\jane</p>"),
    ("absolute path", "<p>\\\\server\\share</p>"), ("absolute path", "<p>&#x2F;mnt&sol;scans/x</p>"),
    ("absolute path", "<p>~jane/scans</p>"), ("absolute path", "<p>/flair.nii.gz</p>"),
    ("absolute path", "<a href=\"/results\">x</a>"),
    ("absolute path", "<script type=\"application/json\">{\"a\":[\"\\/srv\\/scans\\/1\"]}</script>"),
    ("e-mail address", "<p>mail jane.doe@hospital.example</p>"), ("e-mail address", "<!-- a@b.org -->"),
    ("date that is not the run's", "<p>born 1964-03-12</p>"), ("date that is not the run's", "<p>19640312</p>"),
    ("date that is not the run's", "<p>12.03.1964</p>"), ("date that is not the run's", "<p>03/12/1964</p>"),
    ("date that is not the run's", "<p>12 March 1964</p>"), ("date that is not the run's", "<p>Mar 12, 1964</p>"),
    (
      "date that is not the run's",
      "<script type=\"application/json\" id=\"decisions\">{\"comment\":\"seen 2020-01-01\"}</script>"
    ), ("external reference", "<img src=\"https://cdn.example/x.png\">"),
    ("external reference", "<a href=\"//x.example\">x</a>"),
    ("external reference", "<a href=\"../other/sub-02.html\">x</a>"), ("external reference", "<iframe></iframe>"),
    ("external reference", "<p style=\"background:url(http://x.example/a)\">x</p>"),
    ("external reference", "<meta http-equiv=\"refresh\" content=\"0\">"),
    ("external reference", "<base target=\"x\">"), ("script outside the policy", "<script>alert(2)</script>"),
    ("script outside the policy", "<script src=\"./a.js\"></script>"),
    ("script outside the policy", "<p onclick=\"f()\">x</p>"),
    ("script outside the policy", "<a href=\" JavaScript:f()\">x</a>"),
    ("text inside a picture", "<img src=\"\(png(chunk: "tEXt", "Author\0Smith"))\">"),
    ("text inside a picture", "<img src=\"\(png(chunk: "eXIf", "x"))\">"),
    ("text inside a picture", "<img src=\"data:image/jpeg;base64,AAAA\">"),
    ("whole head", "<p class=\"banner\"><strong>Whole head</strong> x</p>"),
    ("whole head", "<p>The images show the head; do not share this report without a brain mask.</p>"),
  ]) func aPlantedLeakIsFound(_ kind: String, _ body: String) throws {
    let found = try lint(page(body))
    #expect(found.map(\.kind.rawValue) == [kind], "\(found)")
    #expect(found.allSatisfy { $0.line == 7 })
  }

  @Test(arguments: [
    "", "<meta http-equiv=\"Content-Security-Policy\" content=\"\">",
    policy.replacing("default-src 'none'", with: "default-src *"),
    policy.replacing("img-src data:", with: "img-src https:"),
    policy.replacing("script-src ", with: "script-src 'unsafe-inline' "),
    policy.replacing("base-uri 'none'; ", with: ""), policy.replacing("form-action 'none'", with: "form-action 'self'"),
    policy.replacing("base-uri", with: "connect-src https://x.example; base-uri"), "<style>p{}</style>" + policy,
  ]) func aMissingOrOpenPolicyIsFound(_ head: String) throws {
    let found = try lint(page("<p>text</p>", head: head))
    #expect(!found.isEmpty && found.allSatisfy { $0.kind == .policy }, "\(found)")
  }

  @Test func aFileThatIsNoPageIsRefused() throws {
    let file = FileManager.default.temporaryDirectory.appendingPathComponent("lint-\(UUID().uuidString).html")
    try Data("{}".utf8).write(to: file)
    #expect { try ReportLint.leaks(in: file, identifiers: [], dates: []) } throws: { "\($0)".contains("no HTML page") }
  }

  @Test func theRunsOwnPagesAreClean() throws {
    let patient = try SmallPatient()
    _ = try patient.run().single(patient.input(reference: true))
    for name in ["sub-t.html", "index.html"] {
      let url = patient.output.appendingPathComponent(name)
      #expect(try ReportLint.leaks(in: url, identifiers: ["main-job"], dates: []) == [], "\(name)")
    }
    // The input's path and name are known from the trail beside the page.
    let url = patient.output.appendingPathComponent("sub-t.html")
    let text = try String(contentsOf: url, encoding: .utf8)
    try Data(text.replacing("</main>", with: "<p>mprage.nii.gz</p></main>").utf8).write(to: url)
    #expect(try ReportLint.leaks(in: url, identifiers: [], dates: []).map(\.kind) == [.identifier])
  }
}
