import Digests
import Foundation

/// The Content-Security-Policy of a page: no request of any kind, pictures from inside the file, and at most one script.
enum ContentPolicy {
  /// - Parameter script: the exact text of the page's one script; a script of which a character was changed does not run.
  static func text(script: String?) -> String {
    let allowed = script.map { script in
      "script-src 'sha256-\(Data(Digest.sha256Bytes(script.utf8)).base64EncodedString())'; "
    }
    return
      "default-src 'none'; img-src data:; style-src 'unsafe-inline'; \(allowed ?? "")base-uri 'none'; form-action 'none'"
  }
}
