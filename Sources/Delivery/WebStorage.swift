public import DICOM
import Digests
import Files
public import Foundation
import JSON
import Programs

/// A DICOMweb service (STOW-RS, PS3.18, 10.5) that is reached through the program `curl`.
///
/// Credentials stand in a file of curl's (`--netrc-file`): none is an argument, and none is in a log or a trail.
public struct WebStorage: Sendable, CustomStringConvertible {
  private let url: URL
  private let credentials: URL?
  private static let limitSeconds = 600.0

  /// - Parameters:
  ///   - address: of the service, such as `https://pacs.example/dicom-web`; plain HTTP only to this machine.
  ///   - credentials: a netrc file that only its owner can read.
  /// - Throws: ``DICOMError``.
  public init(address: String, credentials: URL?) throws(DICOMError) {
    guard let url = URL(string: address), let host = url.host, !host.isEmpty, let scheme = url.scheme else {
      throw .peer(name: FileError.shown(address), fault: "is no address of a DICOMweb service")
    }
    guard url.user == nil, url.password == nil, url.query == nil, url.fragment == nil else {
      throw .peer(name: host, fault: "the address holds credentials or a query; credentials belong into a netrc file")
    }
    guard scheme == "https" || scheme == "http" && ["127.0.0.1", "localhost"].contains(host) else {
      throw .peer(name: host, fault: "is not reached over TLS; give an https address")
    }
    if let credentials {
      let mode = (try? FileManager.default.attributesOfItem(atPath: credentials.path))?[.posixPermissions] as? Int
      guard let mode, mode & 0o077 == 0 else {
        throw .file(
          path: credentials.path, fault: "is not there, or others can read it; 'chmod 600 \(credentials.path)'")
      }
    }
    self.url = url
    self.credentials = credentials
  }

  public var description: String { url.absoluteString }

  /// - Parameter stored: is told of each file that was taken.
  func store(_ files: [URL], stored: (URL) -> Void) throws {
    let curl = try Program("curl")
    let folder = FileManager.default.temporaryDirectory.appendingPathComponent("lesionqc-web-\(UUID().uuidString)")
    try DurableFile.makeFolder(folder)
    defer { try? FileManager.default.removeItem(at: folder) }
    for file in files {
      // One object a request: an answer is then about one file.
      let boundary = "lesionqc-\(UUID().uuidString)"
      let body = folder.appendingPathComponent("body")
      let answer = folder.appendingPathComponent("answer")
      let head = "--\(boundary)\r\nContent-Type: application/dicom\r\n\r\n"
      let bytes = Array(head.utf8) + (try SmallFile.read(file, .page)) + Array("\r\n--\(boundary)--\r\n".utf8)
      try DurableFile.write(bytes, to: body, mode: 0o600)
      var arguments = [
        "--silent", "--show-error", "--fail", "--proto", "=http,https", "--max-redirs", "0", "--header",
        "Content-Type: multipart/related; type=\"application/dicom\"; boundary=\(boundary)", "--header",
        "Accept: application/dicom+json", "--header", "Expect:", "--data-binary", "@\(body.path)", "--output",
        answer.path,
      ]
      if let credentials { arguments += ["--netrc-file", credentials.path] }
      do {
        try curl.run(
          arguments + [url.appendingPathComponent("studies").absoluteString], log: folder.appendingPathComponent("log"),
          watch: .init(limitSeconds: Self.limitSeconds))
      } catch let error as ProgramError {
        throw DICOMError.peer(name: description, fault: "did not take \(file.lastPathComponent): \(error)")
      }
      let instance = try DICOMFile.read(file).text(.sopInstanceUID) ?? ""
      guard Self.names(instance, try SmallFile.read(answer, .record)) else {
        throw DICOMError.peer(name: description, fault: "did not say that it stored \(file.lastPathComponent)")
      }
      stored(file)
    }
  }

  /// Whether an answer lists the instance among those that were stored (0008,1199).
  static func names(_ instance: String, _ answer: [UInt8]) -> Bool {
    guard let json = try? answer.withUnsafeBytes({ try JSONParser.parse($0) }),
      let stored = json["00081199"]?["Value"]?.arrayValue
    else { return false }
    return stored.contains { $0["00081155"]?["Value"]?.arrayValue?.first?.stringValue == instance }
  }
}
