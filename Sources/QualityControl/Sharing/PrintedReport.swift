public import Foundation

/// Prints a finished page to PDF with a browser that is installed on this machine; the page's own print style decides what stands
/// where.
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

  /// - Throws: ``QualityControlError/badInput(_:)`` when no browser is found.
  public init(paper: Paper, overwrite: Bool) throws {
    try self.init(
      paper: paper, overwrite: overwrite, searchPath: ProcessInfo.processInfo.environment["PATH"] ?? "/usr/bin:/bin")
  }

  init(paper: Paper, overwrite: Bool, searchPath: String) throws {
    let folders = searchPath.split(separator: ":").map(String.init)
    let places = Self.browserNames.flatMap { name in folders.map { "\($0)/\(name)" } }
    guard let found = places.first(where: FileManager.default.isExecutableFile) else {
      throw QualityControlError.badInput(
        "--pdf: none of \(Self.browserNames.joined(separator: ", ")) is installed (on PATH); install Chromium "
          + "('apt-get install chromium') or print the report from any browser")
    }
    browser = URL(fileURLWithPath: found)
    self.paper = paper
    self.overwrite = overwrite
  }

  /// Where the PDF of a page goes: beside it.
  public static func place(of page: URL) -> URL { page.deletingPathExtension().appendingPathExtension("pdf") }

  /// - Throws: ``QualityControlError/badOutput(_:)`` when a PDF stands there and may not be replaced.
  public func requireFree(_ page: URL) throws {
    let place = Self.place(of: page)
    guard overwrite || !FileManager.default.fileExists(atPath: place.path) else {
      throw QualityControlError.badOutput("\(place.path): exists; use --overwrite to print it again")
    }
  }

  /// Prints a page and returns where the PDF is.
  ///
  /// - Throws: ``QualityControlError`` when the page is missing, the browser fails or the place is taken.
  public func print(_ page: URL) throws -> URL {
    try requireFree(page)
    guard let text = try? String(contentsOf: page, encoding: .utf8), let head = text.range(of: "</head>") else {
      throw QualityControlError.badInput("\(page.path): is no finished page; draw it first")
    }
    let folder = FileManager.default.temporaryDirectory.appendingPathComponent("lesionqc-print-\(UUID().uuidString)")
    defer { try? FileManager.default.removeItem(at: folder) }
    let copy = folder.appendingPathComponent(page.lastPathComponent)
    let printed = folder.appendingPathComponent("page.pdf")
    do {
      try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
      let sized = text.replacingCharacters(in: head, with: "<style>@page { size: \(paper.rawValue) }</style></head>")
      try Data(sized.utf8).write(to: copy)
    } catch {
      throw QualityControlError.badOutput(
        "\(folder.path): cannot be written (\(OutputTransaction.reason(error))); free space in the temporary folder")
    }
    try run(copy, to: printed, profile: folder.appendingPathComponent("profile"))
    guard let data = try? Data(contentsOf: printed), data.starts(with: Data("%PDF-".utf8)) else {
      throw QualityControlError.badOutput(
        "\(page.path): \(browser.path) printed nothing; open the page in a browser and print it from there")
    }
    let place = Self.place(of: page)
    do { try data.write(to: place, options: .atomic) } catch {
      throw QualityControlError.badOutput("\(place.path): cannot be written (\(OutputTransaction.reason(error)))")
    }
    return place
  }

  private func run(_ page: URL, to pdf: URL, profile: URL) throws {
    let process = Process()
    process.executableURL = browser
    // The sandbox of Chromium does not work for root; the page is our own and can load nothing.
    process.arguments =
      ["--headless", "--disable-gpu", "--no-first-run", "--disable-extensions", "--no-pdf-header-footer"]
      + (getuid() == 0 ? ["--no-sandbox"] : [])
      + ["--user-data-dir=\(profile.path)", "--print-to-pdf=\(pdf.path)", page.absoluteString]
    process.standardOutput = FileHandle.nullDevice
    process.standardError = FileHandle.nullDevice
    do { try process.run() } catch {
      throw QualityControlError.badInput("\(browser.path): cannot be started; print the report from a browser by hand")
    }
    let deadline = Date().addingTimeInterval(Self.patienceSeconds)
    while process.isRunning, Date() < deadline { Thread.sleep(forTimeInterval: 0.05) }
    if process.isRunning {
      process.terminate()
      throw QualityControlError.badOutput(
        "\(page.lastPathComponent): \(browser.path) did not finish within \(Int(Self.patienceSeconds)) s; print it by hand"
      )
    }
  }
}
