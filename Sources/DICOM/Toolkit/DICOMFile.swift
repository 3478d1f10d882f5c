public import Foundation

#if LESIONQC_DICOM
  import CDCMTK
#endif

/// DICOM files, read and written by DCMTK.
public enum DICOMFile {
  /// Whether the program was built with DCMTK.
  public static var isAvailable: Bool {
    #if LESIONQC_DICOM
      true
    #else
      false
    #endif
  }

  /// Bytes of one value that are taken into memory unless more is asked for: pixels stay in the file.
  public static let headerLimit = 65_536

  /// The data set of a file, its texts in UTF-8.
  ///
  /// - Parameter limit: most bytes of a value that is read.
  /// - Throws: ``DICOMError``, `FileError`.
  public static func read(_ url: URL, limit: Int = headerLimit) throws -> DataSet {
    #if LESIONQC_DICOM
      try FileGuard.check(url.path)
      let collector = Collector()
      var reason = [CChar](repeating: 0, count: 256)
      let code = cdcmtk_read(
        url.path, limit,
        { context, event, group, element, vr, bytes, count in
          guard let context else { return }
          Unmanaged<Collector>.fromOpaque(context).takeUnretainedValue().meet(
            event, Tag(group, element), VR(rawValue: vr.map { String(cString: $0) } ?? "") ?? .un,
            UnsafeRawBufferPointer(start: bytes, count: bytes == nil ? 0 : count), count)
        }, Unmanaged.passUnretained(collector).toOpaque(), &reason, reason.count)
      guard code == 0 else { throw DICOMError.file(path: url.path, fault: "is damaged: \(Self.words(reason))") }
      return collector.root
    #else
      throw DICOMError.notBuilt
    #endif
  }

  /// Writes a data set with its meta header, explicit VR little endian.
  ///
  /// - Throws: ``DICOMError``.
  public static func write(_ dataSet: DataSet, to url: URL) throws(DICOMError) {
    #if LESIONQC_DICOM
      guard let file = cdcmtk_file_new() else { throw .file(path: url.path, fault: "no memory to make it") }
      defer { cdcmtk_file_free(file) }
      try put(dataSet, into: cdcmtk_file_data_set(file), url)
      var reason = [CChar](repeating: 0, count: 256)
      guard cdcmtk_write(file, url.path, &reason, reason.count) == 0 else {
        throw .file(path: url.path, fault: "cannot be written: \(words(reason))")
      }
    #else
      throw .notBuilt
    #endif
  }

  /// Text of the toolkit that is shown: one line without control characters.
  static func words(_ text: [CChar]) -> String {
    let bytes = text.prefix { $0 != 0 }.map { UInt8(bitPattern: $0) }
    return String(decoding: bytes, as: UTF8.self).split(whereSeparator: \.isNewline).joined(separator: " ")
  }
}

#if LESIONQC_DICOM
  extension DICOMFile {
    private static func put(_ dataSet: DataSet, into item: OpaquePointer?, _ url: URL) throws(DICOMError) {
      for tag in dataSet.tags {
        guard let element = dataSet[tag] else { continue }
        var isDone = true
        switch element.value {
        case .text(let text):
          let bytes = Array(text.utf8)
          isDone = cdcmtk_put(item, tag.group, tag.element, element.vr.rawValue, bytes, bytes.count) == 0
        case .bytes(let bytes):
          isDone = cdcmtk_put(item, tag.group, tag.element, element.vr.rawValue, bytes, bytes.count) == 0
        case .items(let items):
          isDone = cdcmtk_put_sequence(item, tag.group, tag.element) == 0
          for child in items {
            guard let made = cdcmtk_add_item(item, tag.group, tag.element) else {
              isDone = false
              break
            }
            try put(child, into: made, url)
          }
        case .notRead: isDone = false
        }
        guard isDone else { throw .file(path: url.path, fault: "\(tag) cannot be written") }
      }
    }
  }

  /// Makes a data set of what the shim meets.
  private final class Collector {
    private var open: [(tag: Tag, items: [DataSet])] = []
    private var sets = [DataSet()]

    var root: DataSet { sets[0] }

    func meet(_ event: Int32, _ tag: Tag, _ vr: VR, _ bytes: UnsafeRawBufferPointer, _ count: Int) {
      switch Int(event) {
      case CDCMTK_SEQUENCE_BEGIN: open.append((tag, []))
      case CDCMTK_ITEM_BEGIN: sets.append(DataSet())
      case CDCMTK_ITEM_END:
        let item = sets.removeLast()
        open[open.count - 1].items.append(item)
      case CDCMTK_SEQUENCE_END:
        let (tag, items) = open.removeLast()
        sets[sets.count - 1][tag] = DataSet.Element(vr: .sq, value: .items(items))
      default: sets[sets.count - 1][tag] = DataSet.Element(vr: vr, value: Self.value(vr, bytes, count))
      }
    }

    private static func value(_ vr: VR, _ bytes: UnsafeRawBufferPointer, _ count: Int) -> DataSet.Value {
      if bytes.baseAddress == nil {
        return count == 0 ? (vr.isText ? .text("") : .bytes([])) : .notRead(byteCount: count)
      }
      guard vr.isText else { return .bytes(Array(bytes)) }
      var text = Array(bytes)
      while let last = text.last, last == 0x20 || last == 0 { text.removeLast() }
      return .text(String(decoding: text, as: UTF8.self))
    }
  }
#endif

extension DICOMFile {
  /// Name and version of what reads and writes.
  public static var toolkit: String {
    #if LESIONQC_DICOM
      "DCMTK \(String(cString: cdcmtk_version()))"
    #else
      "none"
    #endif
  }
}
