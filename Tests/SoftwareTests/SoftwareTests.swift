import Software
import Testing

@testable import Software

@Suite struct SoftwareTests {
  @Test func everyDependencyHasAVersion() {
    let names = Software.dependencies.map(\.name)
    #expect(names == ["swift-argument-parser", "swift-mustache", "oneDNN", "OpenSSL", "libpng", "zlib"])
    for (name, version) in Software.dependencies + [(Software.name, Software.version)] {
      let parts = version.split(separator: ".")
      #expect(parts.count >= 3 && parts.allSatisfy { $0.first?.isNumber == true }, "\(name) \(version)")
    }
  }

  @Test func librariesAreThoseThatTheCodeIsWrittenFor() {
    let major = Dictionary(
      uniqueKeysWithValues: Software.libraries.map {
        ($0.name, $0.version.split(separator: ".").first.map(String.init))
      })
    #expect(major == ["oneDNN": "2", "OpenSSL": "3", "libpng": "1", "zlib": "1"])
  }
}
