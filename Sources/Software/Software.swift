import CCrypto
import COneDNN
import CPNG
import CZlib

/// The product's name and version as they stand in every output, and the versions of what it is made with.
public enum Software {
  public static let name = "lesionqc"

  /// The one place of the version; `make lint` holds CITATION.cff and CHANGELOG.md against it (docs/releasing.md).
  public static let version = "0.1.0"

  public static let disclaimer = "Research software, not a medical device."

  /// Swift packages that are compiled in, in the versions that Package.swift pins; `make lint` compares the two.
  public static let packages: [(name: String, version: String)] = [
    ("swift-argument-parser", "1.8.2"), ("swift-mustache", "2.1.1"),
  ]

  /// System libraries in the versions that this process has loaded, which may be newer than those it was compiled with.
  public static var libraries: [(name: String, version: String)] {
    let dnnl = dnnl_version().pointee
    let png = png_access_version_number()
    return [
      ("oneDNN", "\(dnnl.major).\(dnnl.minor).\(dnnl.patch)"),
      ("OpenSSL", String(cString: OpenSSL_version(OPENSSL_VERSION_STRING))),
      ("libpng", "\(png / 10_000).\(png / 100 % 100).\(png % 100)"), ("zlib", String(cString: zlibVersion())),
    ]
  }

  /// ``packages``, then ``libraries``, in that order in every output.
  public static var dependencies: [(name: String, version: String)] { packages + libraries }
}
