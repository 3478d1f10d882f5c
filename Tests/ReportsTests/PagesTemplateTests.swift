import Foundation
import Testing

@testable import Reports
@testable import Results

@Suite struct PagesTemplateTests {
  @Test func everyKeyOfEveryTemplateIsProvided() throws {
    // Filled results reach every section; the opposite cases reach the inverted ones. Rendering checks each key it
    // meets.
    let full = PagesSamples.results()
    _ = try PagesSamples.page(full)
    _ = try PagesSamples.page(PagesSamples.results(calibrated: true))
    _ = try PagesSamples.page(PagesSamples.external())
    _ = try PagesSamples.page(PagesNoticeTests.awkward())
    _ = try PagesSamples.index([PagesSamples.entry("sub-04", results: PagesSamples.external())])
    let empty = PagesSamples.results(lesions: 0, candidates: 0, reference: false, warnings: [])
    _ = try PagesSamples.page(empty, pictures: PagePictures(panels: [:], thumbnails: [:], notes: []))
    _ = try PagesSamples.index([
      PagesSamples.entry("sub-01", results: full), PagesSamples.entry("sub-02", .failed, reason: "truncated gzip"),
    ])
    var read = PagesSamples.entry("sub-03", .stale, results: PagesSamples.results(calibrated: true), reason: "altered")
    read.decided = 2
    read.results?.scanner = ScannerIdentity(manufacturer: "Siemens", model: nil, fieldTesla: 3)
    _ = try PagesSamples.index([read])
    _ = try FailurePage.render(
      PagesSamples.entry("sub-02", .failed, reason: "truncated gzip"),
      templates: TemplateFolder(path: PagesSamples.templates))
    _ = try PagesSamples.index([])
  }

  @Test(arguments: [
    ("{{patint}}", "patint"), ("{{#lesions}}{{idd}}{{/lesions}}", "idd"), ("{{#lesion}}{{id}}{{/lesion}}", "lesion"),
    ("{{^empty}}{{nothing}}{{/empty}}", "nothing"), ("{{id}}", "id"),
  ]) func misspeltKeyIsNamed(_ text: String, _ key: String) throws {
    let fields: PageFields = ["patient": "sub-01", "lesions": .list([["id": "L001"]]), "empty": .list([])]
    let templates = try TemplateFolder(texts: ["page.mustache": "first line\n" + text])
    #expect(throws: ReportsError.unknownKey(template: "page", key: key, line: 2)) {
      try templates.render("page", fields)
    }
  }

  @Test func misspeltKeyInAPartialNamesThePartial() throws {
    let templates = try TemplateFolder(texts: ["page.mustache": "{{> part}}", "part.mustache": "{{patint}}"])
    #expect(throws: ReportsError.unknownKey(template: "part", key: "patint", line: 1)) {
      try templates.render("page", ["patient": "sub-01"])
    }
  }

  @Test func outerKeysAreInReachInsideSections() throws {
    let templates = try TemplateFolder(texts: ["page.mustache": "{{#lesions}}{{patient}} {{id}};{{/lesions}}"])
    let page = try templates.render("page", ["patient": "sub-01", "lesions": .list([["id": "L001"], ["id": "L002"]])])
    #expect(String(decoding: page, as: UTF8.self) == "sub-01 L001;sub-01 L002;")
  }

  @Test(arguments: [
    "{{patient", "{{#lesions}}", "{{/lesions}}", "{{#a}}{{/b}}", "{{=<% %>=}}", "{{a.b}}", "{{count(a)}}",
  ]) func tagsThatTemplatesDoNotUseAreRefused(_ text: String) {
    #expect(throws: ReportsError.self) { try TemplateFolder(texts: ["page.mustache": text]) }
  }

  @Test func onlyWhatThisProgramWroteStandsUnescaped() throws {
    for file in try FileManager.default.contentsOfDirectory(atPath: PagesSamples.templates)
    where file.hasSuffix(".mustache") {
      let text = try String(contentsOfFile: PagesSamples.templates + "/" + file, encoding: .utf8)
      // Style and script are files of the installation; the others are JSON without "<", base64, letters escaped for
      // a style (PrintMargins), drawings whose texts are escaped (SVGCanvas), and the policy made from a digest.
      let known = [
        "style", "script", "policy", "decisions", "sliceData", "viewerHeader", "base64", "marginText", "svg",
      ]
      let rest = known.reduce(text) { $0.replacingOccurrences(of: "{{{\($1)}}}", with: "") }
      #expect(!rest.contains("{{{"), "\(file)")
      #expect(!text.contains("{{&"), "\(file)")
    }
  }

  /// The margin of a printed page is text of the style sheet: nothing in a name ends the string or the element.
  @Test func namesInThePrintedMarginAreEscaped() throws {
    #expect(PrintMargins.escaped("sub-01 · x_y") == "sub-01 · x\\5f y")
    for hostile in ["\"; } </style><script>x</script>", "\\", "a\nb", "é漢"] {
      let text = PrintMargins.escaped(hostile)
      #expect(!text.contains { "\"<>;{}\n&/".contains($0) } && text.allSatisfy(\.isASCII), "\(text)")
    }
    let page = try PagesSamples.page(PagesSamples.results())
    #expect(page.contains("@page { @top-right { content: \"sub-01 · ses-02 · report "))
  }

  @Test func styleThatEndsItsElementIsRefused() throws {
    let templates = try TemplateFolder(texts: ["report.css": "a{}</style><p>"])
    #expect(throws: ReportsError.self) { try templates.head(styles: ["report"]) }
  }

  @Test(arguments: ["a</script>", "a<!--", "a\r\n"]) func scriptThatDoesNotStayWholeIsRefused(_ text: String) throws {
    let templates = try TemplateFolder(texts: ["report.css": "", "page.js": text])
    #expect(throws: ReportsError.self) { try templates.head(styles: ["report"], scripts: ["page"]) }
    #expect(throws: ReportsError.self) { try templates.head(styles: ["report"], scripts: ["absent"]) }
  }

  @Test func templatesAreFoundInACheckoutAndBesideAnInstallation() throws {
    let checkout = URL(fileURLWithPath: PagesSamples.templates).deletingLastPathComponent().path
    let built = try TemplateFolder.locate(environment: [:], executable: checkout + "/.build/release/lesionqc")
    #expect(built.styles["report"] != nil)

    let root = FileManager.default.temporaryDirectory.appendingPathComponent("lesionqc-" + UUID().uuidString)
    defer { try? FileManager.default.removeItem(at: root) }
    for (place, word) in [("share/lesionqc/templates", "shared"), ("bin/templates", "beside"), ("named", "named")] {
      let folder = root.appendingPathComponent(place)
      try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
      try Data(word.utf8).write(to: folder.appendingPathComponent("report.mustache"))
    }
    func found(_ environment: [String: String]) throws -> String {
      let folder = try TemplateFolder.locate(
        environment: environment, executable: root.appendingPathComponent("bin/lesionqc").path)
      return String(decoding: try folder.render("report", [:]), as: UTF8.self)
    }
    #expect(try found([:]) == "beside")
    #expect(try found(["LESIONQC_TEMPLATES": root.appendingPathComponent("named").path]) == "named")
    try FileManager.default.removeItem(at: root.appendingPathComponent("bin/templates"))
    #expect(try found([:]) == "shared")
  }

  @Test func missingTemplatesNameThePlaces() throws {
    let error = try #require(
      throws: ReportsError.self,
      performing: { try TemplateFolder.locate(environment: [:], executable: "/nowhere/bin/lesionqc") })
    for place in ["LESIONQC_TEMPLATES", "/nowhere/bin/templates", "/nowhere/share/lesionqc/templates", "checkout"] {
      #expect(error.description.contains(place))
    }
    #expect(throws: ReportsError.templatesNotFound(searched: ["/nowhere (LESIONQC_TEMPLATES)"])) {
      try TemplateFolder.locate(environment: ["LESIONQC_TEMPLATES": "/nowhere"], executable: "/nowhere/lesionqc")
    }
  }
}
