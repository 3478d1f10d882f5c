/// A PyTorch checkpoint (`.pt`, `.pth`, `.ckpt`) as written by `torch.save` since version 1.6: a zip file with a pickle
/// that describes the values and one entry per tensor storage. Read without executing anything: see ``PickleMachine``.
public struct TorchCheckpoint: Sendable {
  public let path: String
  /// What was saved.
  public let root: PickleValue
  /// Size of the file.
  let byteCount: Int

  /// A pickle of this size describes more than a million tensors.
  private static let maximumPickleBytes = 1 << 26
  /// Deflated entries may grow by this, all together, beyond 16 times the file.
  private static let inflationAllowance = 1 << 26

  /// - Throws: ``CheckpointError/unreadable(file:reason:)``, ``CheckpointError/malformed(file:reason:remedy:)``.
  public init(path: String) throws {
    let file = try MappedFile(path)
    self.path = path
    byteCount = file.bytes.count
    do { root = try file.withBytes { try Self.root(file, $0) } } catch let problem as Malformed {
      throw CheckpointError.malformed(file: path, reason: "not a readable checkpoint: \(problem.reason)")
    }
  }

  private static func root(_ file: MappedFile, _ bytes: UnsafeRawBufferPointer) throws -> PickleValue {
    if let reason = otherFormat(bytes) { throw Malformed(reason) }
    let contents = Contents(file: file, archive: try ZipArchive(bytes))
    let folder = try contents.folder()
    try contents.requireLittleEndian(folder)
    let pickle = try contents.storage("\(folder)data.pkl")
    guard pickle.byteCount <= maximumPickleBytes else {
      throw Malformed("its data.pkl has \(pickle.byteCount) bytes; at most \(maximumPickleBytes) are read")
    }
    return try pickle.withBytes { bytes in
      try PickleMachine.read(bytes) { key in try contents.storage("\(folder)data/\(key)") }
    }
  }

  /// Why the file is of another format than zip, if it is.
  private static func otherFormat(_ bytes: UnsafeRawBufferPointer) -> String? {
    guard bytes.count >= 4 else { return "\(bytes.count) bytes, too short" }
    if ForeignFormat.isZip(bytes) { return nil }
    if ForeignFormat.isSafeTensors(bytes) { return "it is a safetensors file; give it the ending .safetensors" }
    if let reason = ForeignFormat.reason(bytes) { return reason }
    if bytes[0] == 0x80 {
      return "it has the format of torch before 1.6; load it and save it again with torch 1.6 or later: "
        + "torch.save(torch.load(FILE), NEWFILE)"
    }
    return "it is no zip file, as torch.save writes them since 1.6"
  }

  /// The entries of the zip file that were asked for, inflated where need be, each once.
  private final class Contents {
    private let file: MappedFile
    private let archive: ZipArchive
    private var storages: [String: TorchStorage] = [:]
    private var inflationBudget: Int

    init(file: MappedFile, archive: ZipArchive) {
      (self.file, self.archive) = (file, archive)
      inflationBudget = 16 * file.bytes.count + TorchCheckpoint.inflationAllowance
    }

    /// The folder that holds everything, with its slash: `archive/` or whatever torch.save was told.
    func folder() throws -> String {
      let pickles = archive.entries.keys.filter { $0.hasSuffix("data.pkl") && $0.split(separator: "/").count <= 2 }
        .filter { $0 == "data.pkl" || $0.hasSuffix("/data.pkl") }.sorted()
      guard let pickle = pickles.first, pickles.count == 1 else {
        throw Malformed(
          pickles.isEmpty
            ? "the zip file has no data.pkl, so that it is none of torch.save"
            : "the zip file has \(pickles.count) data.pkl")
      }
      let folder = String(pickle.dropLast("data.pkl".count))
      guard archive.entries["\(folder)constants.pkl"] == nil else {
        throw Malformed("it is a TorchScript program; save the weights alone: torch.save(network.state_dict(), FILE)")
      }
      return folder
    }

    func requireLittleEndian(_ folder: String) throws {
      guard archive.entries["\(folder)byteorder"] != nil else { return }
      let order = try storage("\(folder)byteorder").withBytes { UnsafeRawBufferPointer(rebasing: $0.prefix(16)).text }
      guard order == "little" else {
        throw Malformed(
          "its byte order is \(PrintableName(order ?? "unknown")); only little is read; save it on an x86 or ARM "
            + "machine")
      }
    }

    func storage(_ name: String) throws -> TorchStorage {
      if let known = storages[name] { return known }
      guard let entry = archive.entries[name] else {
        throw Malformed("the entry \(PrintableName(name)) is missing; the file is not complete")
      }
      let storage: TorchStorage
      if entry.isDeflated {
        guard entry.byteCount <= inflationBudget else {
          throw Malformed(
            "the entry \(PrintableName(name)) would inflate to \(entry.byteCount) bytes, too many for this file; "
              + "save it again with torch.save")
        }
        inflationBudget -= entry.byteCount
        let inflated = file.withBytes {
          Inflation.inflate(UnsafeRawBufferPointer(rebasing: $0[entry.range]), to: entry.byteCount)
        }
        guard let bytes = inflated else { throw Malformed("the compressed entry \(PrintableName(name)) is damaged") }
        storage = TorchStorage(key: name, inflated: bytes)
      } else {
        storage = TorchStorage(key: name, file: file, range: entry.range)
      }
      // torch.save writes 0 where it was told not to compute checksums.
      let checksum = storage.withBytes(Inflation.checksum)
      guard entry.checksum == 0 || checksum == entry.checksum else {
        throw Malformed(
          "the entry \(PrintableName(name)) does not have its checksum; the file was damaged, copy it again")
      }
      storages[name] = storage
      return storage
    }
  }
}
