public import Foundation

#if LESIONQC_DICOM
  import CDCMTK
#endif

/// A storage service (C-STORE) of another program, such as a PACS.
public struct StorageService: Sendable, Equatable, CustomStringConvertible {
  public let host: String
  public let port: UInt16
  /// Application entity titles: of the service and our own.
  public let title: String
  public let ownTitle: String

  /// How long to wait for a connection and for each answer.
  private static let patienceSeconds: Int32 = 30

  /// - Parameters:
  ///   - address: `HOST:PORT`.
  ///   - title: of the service; 1 to 16 characters of ASCII without backslash.
  /// - Throws: ``DICOMError/peer(name:fault:)``.
  public init(address: String, title: String, ownTitle: String) throws(DICOMError) {
    guard let colon = address.lastIndex(of: ":"), let port = UInt16(address[address.index(after: colon)...]), port > 0,
      case let host = String(address[..<colon]), !host.isEmpty, host.utf8.allSatisfy(Self.isOfHost)
    else { throw .peer(name: address, fault: "is no HOST:PORT") }
    for name in [title, ownTitle] {
      guard (1...16).contains(name.utf8.count), name.utf8.allSatisfy({ $0 > 0x20 && $0 < 0x7F && $0 != 0x5C }) else {
        throw .peer(name: address, fault: "'\(name)' is no application entity title")
      }
    }
    (self.host, self.port, self.title, self.ownTitle) = (host, port, title, ownTitle)
  }

  private static func isOfHost(_ byte: UInt8) -> Bool {
    (0x30...0x39).contains(byte) || (0x41...0x5A).contains(byte) || (0x61...0x7A).contains(byte) || byte == 0x2D
      || byte == 0x2E || byte == 0x5F
  }

  public var description: String { "\(title) at \(host):\(port)" }

  /// Sends files over one association.
  ///
  /// - Parameter stored: is told of each file that was taken, in order.
  /// - Throws: ``DICOMError``; files that were taken before stay there.
  public func store(_ files: [URL], stored: @escaping (URL) -> Void) throws(DICOMError) {
    #if LESIONQC_DICOM
      let answers = Answers()
      var paths: [UnsafePointer<CChar>?] = files.map { UnsafePointer(strdup($0.path)) }
      defer { for path in paths { free(UnsafeMutablePointer(mutating: path)) } }
      var reason = [CChar](repeating: 0, count: 256)
      let code = host.withCString { host in
        title.withCString { title in
          ownTitle.withCString { own in
            var peer = cdcmtk_peer(
              host: host, port: port, own_title: own, peer_title: title, timeout_seconds: Self.patienceSeconds)
            return cdcmtk_store(
              &peer, &paths, Int32(paths.count),
              { context, index, status in
                guard let context else { return }
                Unmanaged<Answers>.fromOpaque(context).takeUnretainedValue().status[Int(index)] = status
              }, Unmanaged.passUnretained(answers).toOpaque(), &reason, reason.count)
          }
        }
      }
      for (index, file) in files.enumerated() where answers.status[index].map(Self.isTaken) ?? false { stored(file) }
      guard code == 0 else { throw .peer(name: description, fault: DICOMFile.words(reason)) }
      for (index, file) in files.enumerated() {
        guard let status = answers.status[index], Self.isTaken(status) else {
          let status = String(answers.status[index] ?? 0, radix: 16, uppercase: true)
          throw .peer(name: description, fault: "did not take \(file.lastPathComponent) (status 0x\(status))")
        }
      }
    #else
      throw .notBuilt
    #endif
  }

  /// Success, and the warnings with which a service still keeps the object (PS3.4, B.2.3).
  static func isTaken(_ status: UInt16) -> Bool { status == 0 || status & 0xF000 == 0xB000 }
}

#if LESIONQC_DICOM
  private final class Answers { var status: [Int: UInt16] = [:] }
#endif
