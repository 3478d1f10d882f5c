import Foundation
import Results
import Testing

@testable import Archive

@Suite struct PrintedReportTests {
  private let folder: URL

  init() throws {
    folder = FileManager.default.temporaryDirectory.appendingPathComponent("print-\(UUID().uuidString)")
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
  }

  /// A stand-in for the browser that writes what it was asked to print.
  private func browser(_ script: String) throws -> String {
    let file = folder.appendingPathComponent("chromium")
    try Data("#!/bin/sh\n\(script)\n".utf8).write(to: file)
    try FileManager.default.setAttributes([.posixPermissions: 0o755], ofItemAtPath: file.path)
    return folder.path
  }

  private func page() throws -> URL {
    let page = folder.appendingPathComponent("sub-01.html")
    try Data("<!DOCTYPE html><html><head><title>x</title></head><body>x</body></html>".utf8).write(to: page)
    return page
  }

  @Test func withoutABrowserTheMessageNamesTheWayOut() throws {
    #expect { try PrintedReport(paper: .a4, overwrite: false, searchPath: folder.path) } throws: {
      "\($0)".contains("chromium") && "\($0)".contains("apt-get") && !"\($0)".contains("\n")
    }
  }

  @Test(arguments: PrintedReport.Paper.allCases) func theCopyHasThePaperAndThePageStaysAsItIs(
    _ paper: PrintedReport.Paper
  ) throws {
    let path = try browser(
      """
      for a in "$@"; do case "$a" in --print-to-pdf=*) out="${a#*=}";; file://*) page="${a#file://}";; esac; done
      { printf '%%PDF-1.4\\n'; cat "$page"; } > "$out"
      """)
    let page = try page()
    let before = try Data(contentsOf: page)
    let printer = try PrintedReport(paper: paper, overwrite: false, searchPath: "/nowhere:\(path)")
    let pdf = try printer.print(page)
    #expect(pdf.lastPathComponent == "sub-01.pdf")
    #expect(try String(contentsOf: pdf, encoding: .utf8).contains("@page { size: \(paper.rawValue) }"))
    #expect(try Data(contentsOf: page) == before)
    #expect { try printer.print(page) } throws: { ($0 as? Fault)?.remedy == .replace }
    _ = try PrintedReport(paper: paper, overwrite: true, searchPath: path).print(page)
  }

  @Test func aBrowserThatPrintsNothingIsAnError() throws {
    let path = try browser("exit 1")
    let page = try page()
    #expect { try PrintedReport(paper: .a4, overwrite: false, searchPath: path).print(page) } throws: {
      "\($0)".contains("printed nothing")
    }
    #expect(!FileManager.default.fileExists(atPath: PrintedReport.place(of: page).path))
  }
}
