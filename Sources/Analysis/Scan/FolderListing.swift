package import Foundation

/// What lies in a folder, name by name as the file system has it, links not followed.
package struct FolderListing {
  package enum Kind: Sendable { case file, folder, link, special }

  package struct Item: Sendable {
    /// Nil for a name that is not UTF-8, which Swift cannot open under.
    package let name: String?
    /// The name for messages, bytes that are no UTF-8 as `\xNN`.
    package let shown: String
    package let kind: Kind
  }

  /// Sorted by the bytes of their names; empty for a folder that is not there or cannot be read.
  package let items: [Item]

  package init(_ folder: URL) {
    guard let stream = opendir(folder.path) else {
      items = []
      return
    }
    defer { closedir(stream) }
    var found: [(bytes: [UInt8], kind: Kind)] = []
    while let entry = readdir(stream) {
      let bytes = withUnsafePointer(to: &entry.pointee.d_name) { pointer in
        pointer.withMemoryRebound(to: UInt8.self, capacity: 256) {
          Array(
            UnsafeBufferPointer(
              start: $0, count: strnlen(UnsafeRawPointer($0).assumingMemoryBound(to: CChar.self), 256)))
        }
      }
      guard bytes != [0x2E], bytes != [0x2E, 0x2E] else { continue }
      var status = stat()
      let isThere = fstatat(dirfd(stream), bytes.map { CChar(bitPattern: $0) } + [0], &status, AT_SYMLINK_NOFOLLOW) == 0
      let kind: Kind =
        switch isThere ? status.st_mode & S_IFMT : 0 {
        case S_IFREG: .file
        case S_IFDIR: .folder
        case S_IFLNK: .link
        default: .special
        }
      found.append((bytes, kind))
    }
    items = found.sorted { $0.bytes.lexicographicallyPrecedes($1.bytes) }.map { bytes, kind in
      let name = String(validating: bytes, as: UTF8.self)
      return Item(name: name, shown: name ?? Self.escaped(bytes), kind: kind)
    }
  }

  private static func escaped(_ bytes: [UInt8]) -> String {
    bytes.map { byte in
      (0x20..<0x7F).contains(byte)
        ? String(UnicodeScalar(byte)) : "\\x" + (byte < 16 ? "0" : "") + String(byte, radix: 16, uppercase: true)
    }.joined()
  }
}
