import Files
public import Foundation
import Results

/// Prints a finished page to PDF with a browser that is installed on this machine; the page's own print style decides
/// what stands where.
public struct PrintedReport: Sendable {
  public enum Paper: String, Sendable, CaseIterable {
    case a4 = "A4"
    case letter = "Letter"
  }

  /// Names under which Chromium is installed, in order of preference.
  static let browserNames = ["chromium", "chromium-browser", "google-chrome-stable", "google-chrome", "chrome"]
  /// A page of 8 MB takes a few seconds.
  private static let patienceSeconds = 180.0

  let browser: URL
  private let paper: Paper
  private let overwrite: Bool

  /// - Throws: ``Fault`` when no browser is found.
  public init(paper: Paper, overwrite: Bool) throws {
    try self.init(
      paper: paper, overwrite: overwrite, searchPath: ProcessInfo.processInfo.environment["PATH"] ?? "/usr/bin:/bin")
  }

  init(paper: Paper, overwrite: Bool, searchPath: String) throws {
    let folders = searchPath.split(separator: ":").map(String.init)
    let places = Self.browserNames.flatMap { name in folders.map { "\($0)/\(name)" } }
    guard let found = places.first(where: FileManager.default.isExecutableFile) else {
      throw Fault(
        .input, "PATH", role: "browser", found: "none of \(Self.browserNames.joined(separator: ", ")) is installed",
        remedy: .installBrowser)
    }
    browser = URL(fileURLWithPath: found)
    self.paper = paper
    self.overwrite = overwrite
  }

  /// Where the PDF of a page goes: beside it.
  public static func place(of page: URL) -> URL { page.deletingPathExtension().appendingPathExtension("pdf") }

  /// - Throws: ``Fault`` when a PDF stands there and may not be replaced.
  public func requireFree(_ page: URL) throws {
    let place = Self.place(of: page)
    guard overwrite || !FileManager.default.fileExists(atPath: place.path) else {
      throw Fault(.output, place.path, found: "exists", remedy: .replace)
    }
  }

  /// Prints a page and returns where the PDF is.
  ///
  /// - Throws: ``Fault`` when the page is missing, the browser fails or the place is taken.
  public func print(_ page: URL) throws -> URL {
    try requireFree(page)
    guard let bytes = try? SmallFile.read(page, .page), case let text = String(decoding: bytes, as: UTF8.self),
      let head = text.range(of: "</head>")
    else { throw Fault(.input, page.path, found: "is no finished page", remedy: .plain("draw it first")) }
    let folder = FileManager.default.temporaryDirectory.appendingPathComponent("lesionqc-print-\(UUID().uuidString)")
    defer { try? FileManager.default.removeItem(at: folder) }
    let copy = folder.appendingPathComponent(page.lastPathComponent)
    let printed = folder.appendingPathComponent("page.pdf")
    do {
      try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
      let sized = text.replacingCharacters(in: head, with: "<style>@page { size: \(paper.rawValue) }</style></head>")
      try Data(sized.utf8).write(to: copy)
    } catch { throw Fault.unwritable(folder, error, .plain("free space in the temporary folder")) }
    try run(copy, to: printed, profile: folder.appendingPathComponent("profile"))
    guard let data = try? SmallFile.read(printed, .page), data.starts(with: "%PDF-".utf8) else {
      throw Fault(
        .output, page.path, found: "\(browser.path) printed nothing",
        remedy: .plain("open the page in a browser and print it from there"))
    }
    let place = Self.place(of: page)
    do { try DurableFile.write(data, to: place) } catch { throw Fault.unwritable(place, error, nil) }
    return place
  }

  private func run(_ page: URL, to pdf: URL, profile: URL) throws {
    let process = Process()
    process.executableURL = browser
    // The sandbox of Chromium does not work for root; the page is our own and can load nothing.
    process.arguments =
      ["--headless", "--disable-gpu", "--no-first-run", "--disable-extensions", "--no-pdf-header-footer"]
      + (getuid() == 0 ? ["--no-sandbox"] : []) + [
        "--user-data-dir=\(profile.path)", "--print-to-pdf=\(pdf.path)", page.absoluteString,
      ]
    process.standardOutput = FileHandle.nullDevice
    process.standardError = FileHandle.nullDevice
    do { try process.run() } catch {
      throw Fault(
        .input, browser.path, found: "cannot be started", remedy: .plain("print the report from a browser by hand"))
    }
    let deadline = Date().addingTimeInterval(Self.patienceSeconds)
    while process.isRunning, Date() < deadline { Thread.sleep(forTimeInterval: 0.05) }
    if process.isRunning {
      process.terminate()
      throw Fault(
        .output, page.lastPathComponent, found: "\(browser.path) did not finish within \(Int(Self.patienceSeconds)) s",
        remedy: .plain("print it by hand"))
    }
  }
}
