import Foundation
import PageLint
import Testing

private let policy =
  "<meta http-equiv=\"Content-Security-Policy\" content=\"default-src 'none'; img-src data:; "
  + "style-src 'unsafe-inline'; script-src 'none'; base-uri 'none'; form-action 'none'\">"

private func page(_ body: String, head: String = "") -> [UInt8] {
  Array(
    "<!DOCTYPE html>\n<html lang=\"en\">\n<head>\n\(policy)\(head)\n</head>\n<body>\n\(body)\n</body>\n</html>\n".utf8)
}

/// Names and numbers of a patient, places of files and addresses, each in every way to write it that a browser, a style
/// sheet or a reader undoes.
@Suite struct LintCorpusTests {
  /// What is planted, and the kinds under which it may be found.
  static let planted: [(text: String, kinds: Set<ReportLint.Leak.Kind>)] = [
    ("Novakova", [.identifier]), ("Müller-Lüdenscheidt", [.identifier]), ("Ødegård", [.identifier]),
    ("Jane Doe-Smith", [.identifier]), ("MRN4711229", [.identifier]), ("19087746", [.identifier]),
    ("ward-pc7", [.identifier]), ("Иванова", [.identifier]), ("/home/jane/scans/flair.nii.gz", [.path]),
    ("C:\\Users\\jane\\scans", [.path]), ("jane.doe@hospital.example", [.email]),
    ("https://pacs.hospital.example/42", [.external]), ("12.03.1964", [.date]), ("1964-03-12", [.date]),
  ]
  static let identifiers = planted.filter { $0.kinds == [.identifier] }.map(\.text)

  private static func scalars(_ text: String, _ write: (Unicode.Scalar) -> String) -> String {
    text.unicodeScalars.map(write).joined()
  }
  private static func hex(_ scalar: Unicode.Scalar) -> String { String(scalar.value, radix: 16) }
  private static func percent(_ text: String) -> String {
    text.utf8.map { "%" + (($0 < 16) ? "0" : "") + String($0, radix: 16) }.joined()
  }
  private static func units(_ text: String) -> String {
    text.utf16.map { "\\u" + String(repeating: "0", count: 4 - String($0, radix: 16).count) + String($0, radix: 16) }
      .joined()
  }
  private static func escaped(_ text: String) -> String {
    scalars(text) { "&<>\"'".unicodeScalars.contains($0) ? "&#\($0.value);" : String($0) }
  }
  private static func halves(_ text: String, _ seam: String) -> String {
    let middle = text.index(text.startIndex, offsetBy: text.count / 2)
    return escaped(String(text[..<middle])) + seam + escaped(String(text[middle...]))
  }

  /// Ways to write a text into the body of a page.
  static var encodings: [(name: String, write: (String) -> String)] {
    [
      ("plain", { "<p>\(escaped($0))</p>" }), ("capitals", { "<p>\(escaped($0.uppercased()))</p>" }),
      ("small letters", { "<p>\(escaped($0.lowercased()))</p>" }), ("percent", { "<p>\(percent($0))</p>" }),
      ("percent twice", { "<p>\(percent(percent($0)))</p>" }),
      ("decimal references", { "<p>\(scalars($0) { "&#\($0.value);" })</p>" }),
      ("hexadecimal references", { "<p>\(scalars($0) { "&#x\(hex($0));" })</p>" }),
      ("references with zeros", { "<p>\(scalars($0) { "&#000000000\($0.value);" })</p>" }),
      ("references without end", { "<p>\(scalars($0) { "&#x\(hex($0)) " }.replacing(" ", with: "&#x200b"))</p>" }),
      ("references escaped again", { "<p>\(scalars($0) { "&amp;#\($0.value);" })</p>" }),
      ("CSS in a style", { "<style>p::after{content:\"\(scalars($0) { "\\\(hex($0)) " })\"}</style>" }),
      ("CSS in an attribute", { "<p style='content:\"\(scalars($0) { "\\\(hex($0)) " })\"'>x</p>" }),
      ("UTF-16 escapes", { "<script type=\"application/json\">{\"a\":[\"\(units($0))\"]}</script>" }),
      ("under a key given twice", { "<script type=\"application/json\">{\"a\":\"\(units($0))\",\"a\":1}</script>" }),
      ("escapes in damaged JSON", { "<script type=\"application/json\">{\"a\":[\"\(units($0))\"</script>" }),
      ("decomposed", { "<p>\(escaped($0.decomposedStringWithCanonicalMapping))</p>" }),
      (
        "full width",
        {
          let wide = scalars($0) { letter in
            (0x21...0x7E).contains(letter.value) ? String(Unicode.Scalar(letter.value + 0xFEE0)!) : String(letter)
          }
          return "<p>\(wide)</p>"
        }
      ), ("zero width", { "<p>\(escaped($0.map { String($0) }.joined(separator: "\u{200B}")))</p>" }),
      ("joiners", { "<p>\(halves($0, "\u{200D}\u{2060}"))</p>" }), ("soft hyphen", { "<p>\(halves($0, "&shy;"))</p>" }),
      ("across tags", { "<p>\(halves($0, "</b><i class=\"x\">"))</p>" }),
      ("across a comment", { "<p>\(halves($0, "<!-- - -->"))</p>" }),
      ("across spans", { "<p>\(halves($0, "</span><span>"))</p>" }),
      ("in an attribute", { "<p title=\"\(escaped($0))\">x</p>" }),
      ("in an alternative text", { "<p aria-label='\(percent($0))'>x</p>" }), ("in a comment", { "<!-- \($0) -->" }),
      ("in a key", { "<script type=\"application/json\">{\"\(units($0))\":1}</script>" }),
      ("Base64", { "<p>\(Data(("name: " + $0 + ".").utf8).base64EncodedString())</p>" }),
      ("hexadecimal digits", { "<p>\(percent("of " + $0).replacing("%", with: ""))</p>" }),
    ]
  }

  /// Ways that only names are found in: other separators make another date or path.
  static var splits: [(name: String, write: (String) -> String)] {
    [
      ("spaced", { "<p>\(escaped($0.map { String($0) }.joined(separator: " ")))</p>" }),
      ("cells", { "<table><tr><td>\(halves($0, "</td>\n        <td>"))</td></tr></table>" }),
      ("lines", { "<p>\(halves($0, "\n    "))</p>" }), ("hyphens", { "<p>\(halves($0, "-"))</p>" }),
      ("look-alikes", { "<p>\($0.replacing("a", with: "а").replacing("e", with: "е").replacing("o", with: "ο"))</p>" }),
      ("marks", { "<p>\(scalars($0) { $0.properties.isAlphabetic ? "\($0)\u{332}" : String($0) })</p>" }),
      ("program text", { "<script type=\"text/plain\">'\($0.prefix(4))' + '\($0.dropFirst(4))'</script>" }),
    ]
  }

  @Test("Every way to write what identifies somebody is found") func theCorpus() {
    let lint = ReportLint(identifiers: Self.identifiers, ownDates: ["2026-11-24"])
    var missed: [String] = []
    var count = 0
    for (text, kinds) in Self.planted {
      let ways = Self.encodings + (kinds == [.identifier] ? Self.splits : [])
      for (name, write) in ways {
        count += 1
        let found = lint.leaks(in: page(write(text)))
        if !found.contains(where: { kinds.contains($0.kind) }) { missed.append("\(text), \(name): \(found)") }
      }
    }
    #expect(count > 400)
    #expect(missed.isEmpty, "\(missed.count) of \(count):\n\(missed.joined(separator: "\n"))")
  }

  @Test(
    "Dates of many countries, of scanners and of files",
    arguments: [
      "1964-03-12", "1964/03/12", "1964.03.12", "1964_03_12", "1964:03:12", "19640312", "19640312101500",
      "19640312101500.123456+0100", "196403121015", "12031964", "12.03.1964", "12.3.1964", "12. 3. 1964", "3/12/1964",
      "12/03/1964", "12-03-1964", "12 / 03 / 1964", "12.03.64", "03/12/64", "64-03-12", "12 March 1964",
      "March 12, 1964", "12th of March 1964", "the 12th March, 1964", "Mar-12-1964", "12-MAR-1964", "12-MAR-64",
      "12MAR1964", "12. März 1964", "12. Maerz 1964".replacing("ae", with: "ä"), "12 mars 1964", "1er août 1964",
      "12 marzo 1964", "12 de marzo de 1964", "12 de março de 1964", "12 maart 1964", "12. mars 1964", "12 marca 1964",
      "12. března 1964", "12. marec 1964".replacing("marec", with: "marca"), "1964. március 12.", "12 Mart 1964",
      "12 марта 1964", "12 березня 1964", "12 Μαρτίου 1964", "12. maaliskuuta 1964", "12 ožujka 1964", "1964年3月12日",
      "昭和39年3月12日", "1964년 3월 12일", "1964-W11-4", "March 1964", "1964-Mar-12", "12 Mar '64", "１９６４－０３－１２", "١٢/٠٣/١٩٦٤",
      "born:1964-03-12T10:00:00Z", "IMG_19640312_2", "DA 19640312", "12\u{2011}03\u{2011}1964",
    ]) func dates(_ text: String)
  {
    let found = ReportLint(identifiers: [], ownDates: ["2026-11-24"]).leaks(in: page("<p>scan \(text)</p>"))
    #expect(found.contains { $0.kind == .date }, "\(found)")
  }

  @Test(
    "What looks like one and is none",
    arguments: [
      "1.10.0", "version 3.5.3", "0.66/0.82", "10.1038/s41598-026-36560-9", "12 of 14 lesions", "0.19640312",
      "20 × 12 × 64", "seed 12345678", "1e-3", "99.99.1964", "32.13.1964", "1964-13-40", "may 20 lesions",
      "TP/(TP + FP)", "mean / maximum", "and/or", "n/a", "smithereens", "Blacksmith", "50 % of 3/4", "a@b", "@media",
      "12:30:45", "L001/L002/L003", "1.2.3.4.5", "100 %", "x = y/z", "http", "data: none", "C: drive", "s m i", "novak",
      "2026-11-24", "24 November 2026", "24.11.2026", "20261124", "November 2026", "3 to 5 mar 12",
    ]) func harmless(_ text: String)
  {
    let lint = ReportLint(identifiers: ["Smith", "Novakova", "ms"], ownDates: ["2026-11-24"])
    #expect(lint.leaks(in: page("<p>\(text.replacing("<", with: "&lt;"))</p>")) == [])
  }

  @Test(
    "Paths and addresses",
    arguments: [
      ("/home/jane/x", ReportLint.Leak.Kind.path), ("file:///home/jane", .path), ("~jane/scans", .path),
      ("$HOME/scans", .path), ("%USERPROFILE%\\scans", .path), ("\\\\server\\share\\x", .path),
      ("//server/share", .path), ("D:/ms/sub-01", .path), ("d:\\ms", .path), ("see=/data/ms/sub-01", .path),
      ("(/mnt/scans/x)", .path), ("/Volumes/MS Study/x", .path), ("/flair.nii.gz", .path), ("x:/nas/home/jane", .path),
      ("nas:/home/jane/x", .path), ("jane@hospital.example", .email), ("jane (at) hospital (dot) example", .email),
      ("jane[at]hospital.example", .email), ("jane＠hospital.example", .email), ("jane@klinik-münchen.example", .email),
      ("http://10.0.0.7/x", .external), ("192.168.17.4", .external), ("00:1a:2b:3c:4d:5e", .external),
      ("a4-5e-60-c2-11-09", .external), ("1.2.840.113619.2.5.1762583153.215519", .external),
      ("ftp://pacs/x", .external),
    ]) func places(_ text: String, _ kind: ReportLint.Leak.Kind)
  {
    let found = ReportLint(identifiers: []).leaks(in: page("<p>\(text)</p>"))
    #expect(found.contains { $0.kind == kind }, "\(found)")
  }

  @Test("A machine named like a word of the page is found in addresses alone") func ordinaryNames() {
    let lint = ReportLint(identifiers: ["pc"], addressees: ["ms", "qc"])
    func kinds(_ text: String) -> [ReportLint.Leak.Kind] { lint.leaks(in: page("<p>\(text)</p>")).map(\.kind) }
    #expect(kinds("MS lesions: QC of 12") == [])
    #expect(kinds("on PC") == [.identifier])
    #expect(kinds("p c, apc, pcs") == [])
    for text in ["root@ms", "qc:/data", "\\\\qc\\data", "ms.local", "//ms/data/x"] {
      #expect(kinds(text).contains(.identifier), "\(text)")
    }
  }

  @Test(
    "Styles, scripts and pictures hide nothing",
    arguments: [
      "<style>p{background:\\75rl(http://x.example/a)}</style>", "<style>@\\69mport 'x.css';</style>",
      "<style>p{background:url(data:image/svg+xml,%3Csvg%3E)}</style>",
      "<p style='background:u\\72l(\"//x.example/a\")'>x</p>", "<a href=\"%2e%2e/other\">x</a>",
      "<a href=\"a/../../b\">x</a>", "<a href=\"\\\\x.example\">x</a>", "<a href=\"ht&#9;tps://x.example\">x</a>",
      "<p data-x=\"data:image/gif;base64,AAAA\">x</p>",
      "<script type=\"application/json\">[\"data:image/jpeg;base64,AAAA\"]</script>",
      "<style>p{background:url(data:image/png;base64,AAAA)}</style>",
    ]) func references(_ body: String)
  { #expect(!ReportLint(identifiers: []).leaks(in: page(body)).isEmpty) }

  @Test(
    "Time grows with the length of a page alone",
    arguments: [
      "a", "/", "a/", "@", "a@", "1", "1.", "%2f", "\\", "\\\\a", "&#97;", "a ", "<", "<b>a", "~a", "12.", "\u{301}",
      "file:", "data:", "'", "<a '", "A1", "ms ", "://", "://a", "&", "%", "a.a@", "12 mar ", "<!--", "1964", "((at)",
      "url(", "@import", "url('", "\u{202E}",
    ]) func linear(_ piece: String)
  {
    let lint = ReportLint(identifiers: ["aaaaaaaa", "12121212", "ms ms"], addressees: ["a"])
    func seconds(_ length: Int) -> Double {
      let text = String(repeating: piece, count: length / piece.utf8.count)
      let bytes = page("<p>\(text)</p><style>\(text)</style><script type=\"application/json\">\(text)</script>")
      let start = threadSeconds()
      _ = lint.leaks(in: bytes)
      return threadSeconds() - start
    }
    let (short, long) = (seconds(10_000), seconds(80_000))
    // Eight times the length; a rule that takes the square of it takes 64 times as long.
    #expect(long < 0.3 || long < 24 * short, "\(short) s, \(long) s")
  }
  /// Processor time of this thread, in seconds: what other programs take from the clock is not in it.
  private func threadSeconds() -> Double {
    var time = timespec()
    clock_gettime(CLOCK_THREAD_CPUTIME_ID, &time)
    return Double(time.tv_sec) + Double(time.tv_nsec) * 1e-9
  }
}
