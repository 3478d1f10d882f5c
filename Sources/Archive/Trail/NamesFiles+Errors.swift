public import AuditTrail
public import Digests
public import Files
public import Volumes

// What errors of the targets below say of files, so that the reason alone can stand on a page.

extension VolumeError: NamesFiles {
  public var namedFiles: [String] {
    switch self {
    case .unreadable(let path, _), .notNIfTI(let path, _), .headerRefused(let path, _), .truncated(let path, _, _),
      .damagedGzip(let path, _), .nonFiniteVoxels(let path, _, _), .unwritable(let path, _):
      [path]
    }
  }
}

extension AuditError: NamesFiles {
  public var namedFiles: [String] {
    switch self {
    case .unreadable(let file, _), .unwritable(let file, _), .broken(let file, _), .heads(let file, _): [file]
    }
  }
}

extension DigestError: NamesFiles {
  public var namedFiles: [String] {
    switch self {
    case .unreadable(let file, _), .notAKey(let file, _, _), .openToOthers(let file, _), .keyExists(let file),
      .unwritable(let file, _):
      [file]
    }
  }
}
