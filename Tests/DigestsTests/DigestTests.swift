import Foundation
import Testing

@testable import Digests

/// Known answers of the standards: FIPS 180-4's examples and RFC 4231's test cases.
@Suite struct DigestTests {
  @Test(arguments: [
    ("", "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"),
    ("abc", "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"),
    (
      "abcdbcdecdefdefgefghfghighijhijkijkljklmklmnlmnomnopnopq",
      "248d6a61d20638b8e5c026930c3e6039a33ce45964ff2167f6ecedd419db06c1"
    ),
  ]) func sha256OfText(_ text: String, _ expected: String) {
    #expect(Digest.sha256(utf8: text) == expected)
    #expect(Digest.sha256(AnySequence(text.utf8)) == expected, "of a sequence without contiguous storage")
  }

  /// A million letters a (FIPS 180-4), from memory and, in several blocks, from a file.
  @Test func sha256OfAMillionLetters() throws {
    let bytes = [UInt8](repeating: UInt8(ascii: "a"), count: 1_000_000)
    let expected = "cdc76e5c9914fb9281a1c7e284d73e67f1809a48a497200e046d39ccc7112cd0"
    #expect(Digest.sha256(bytes) == expected)
    let file = FileManager.default.temporaryDirectory.appendingPathComponent(UUID().uuidString)
    defer { try? FileManager.default.removeItem(at: file) }
    try Data(bytes + bytes).write(to: file)
    #expect(try Digest.sha256(file: file) == Digest.sha256(bytes + bytes))
  }

  @Test func missingFileIsNamed() {
    let error = #expect(throws: DigestError.self) { try Digest.sha256(file: URL(fileURLWithPath: "/nowhere/x")) }
    #expect(error?.description.hasPrefix("/nowhere/x: cannot be read") == true)
  }

  /// RFC 4231, test cases 1, 2 and 6: a short key, a key of letters, one longer than a block.
  @Test(arguments: [
    (
      [UInt8](repeating: 0x0b, count: 20), "Hi There",
      "b0344c61d8db38535ca8afceaf0bf12b881dc200c9833da726e9376c2e32cff7"
    ),
    (
      Array("Jefe".utf8), "what do ya want for nothing?",
      "5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843"
    ),
    (
      [UInt8](repeating: 0xaa, count: 131), "Test Using Larger Than Block-Size Key - Hash Key First",
      "60e431591ee0b67f0d8a26aacbf5b77f8e0bc6213728c5140546040f0ee37f54"
    ),
  ]) func hmacOfRFC4231(_ key: [UInt8], _ text: String, _ expected: String) {
    #expect(KeyedDigest(key: Data(key)).hexadecimal(utf8: text) == expected)
  }
}
