import Testing

@testable import JSON

@Suite("JSON") struct JSONTests {
  @Test("Values") func values() throws {
    let text = #" {"a": [1, -2, 3.5e-1, true, null], "b\u00e9\ud83d\ude00": "\"\\\/\b\f\n\r\t", "c": {}} "#
    #expect(
      try JSONParser.parse(text)
        == .object([
          ("a", .array([.integer(1), .integer(-2), .number(0.35), .bool(true), .null])),
          ("bé😀", .string("\"\\/\u{8}\u{C}\n\r\t")), ("c", .object([])),
        ]))
    #expect(try JSONParser.parse("9223372036854775807") == .integer(.max))
    #expect(try JSONParser.parse("9223372036854775808") == .unsigned(1 << 63))
    #expect(try JSONParser.parse("18446744073709551616") == .number(0x1p64))
  }

  @Test(
    "What is not JSON",
    arguments: [
      "", " ", "{", "[1,]", "{\"a\":1,}", "{a:1}", "01", "+1", "1.", ".5", "1e", "-", "tru", "nul", "\"", "\"\u{1}\"",
      "\"\\x\"", "\"\\u12\"", "\"\\ud800\"", "\"\\udc00\"", "\"\\ud800\\u0041\"", "1 2", "[1 2]", "{\"a\" 1}", "NaN",
      "Infinity", "1e999", "{\"a\":1,\"a\":1}",
    ]) func refused(text: String)
  { #expect(throws: JSONParser.Problem.self) { try JSONParser.parse(text) } }

  @Test("Depth is bounded") func depth() throws {
    func nested(_ levels: Int) -> String {
      String(repeating: "[", count: levels) + String(repeating: "]", count: levels)
    }
    #expect(throws: Never.self) { try JSONParser.parse(nested(32)) }
    #expect(throws: JSONParser.Problem.self) { try JSONParser.parse(nested(33)) }
    #expect(throws: JSONParser.Problem.self) { try JSONParser.parse(nested(1_000_000)) }
  }

  @Test("Bytes that are not UTF-8") func encoding() {
    #expect(throws: JSONParser.Problem.self) {
      try [0x22, 0xFF, 0x22].map(UInt8.init).withUnsafeBytes { try JSONParser.parse($0) }
    }
  }

  /// Python: json.dumps(json.loads(text), sort_keys=True, separators=(",", ":"), ensure_ascii=False)
  @Test(
    "The canonical form is the same for equal documents",
    arguments: [
      (#" { "b" : 1 , "a" : [ 1 , -2.50 , 1e2 ] } "#, #"{"a":[1,-2.5,100.0],"b":1}"#),
      (#"{"é":"\u00e9","z":"\u0001\u007f\n\/","Z":null}"#, "{\"Z\":null,\"z\":\"\\u0001\u{7f}\\n/\",\"é\":\"é\"}"),
      (
        "[0.00001, 0.0001, 1e16, 1e15, 18446744073709551615, true, {}]",
        "[1e-05,0.0001,1e+16,1000000000000000.0,18446744073709551615,true,{}]"
      ), (#"{"aa":{"d":1,"c":2},"a":"\"\\\b\f\r\t"}"#, #"{"a":"\"\\\b\f\r\t","aa":{"c":2,"d":1}}"#),
    ]) func canonical(text: String, expected: String) throws
  {
    let document = try JSONParser.parse(text)
    #expect(document.canonicalText == expected)
    #expect(try JSONParser.parse(expected).canonicalText == expected)
  }

  @Test("What is no number is written as null") func notFinite() {
    #expect(JSONValue.array([.number(.nan), .number(.infinity), 1.5]).canonicalText == "[null,null,1.5]")
  }

  private struct Wanted: Decodable {
    struct Part: Decodable { let b: UInt }
    let a: Part
  }

  @Test(
    "What keeps a document from being decoded",
    arguments: [
      (#"{"a":{"b":1},"a":{"b":2}}"#, #"not JSON: byte 16: the key "a" stands twice"#),
      (#"{"a":{"b":1}"#, "not JSON: byte 12: "), ("{}", "'a' is missing"), (#"{"a":{}}"#, "'b' is missing"),
      (#"{"a":{"b":"1"}}"#, "'a.b' has another type"), (#"{"a":null}"#, "'a' has another type"),
      (#"{"a":{"b":-1}}"#, "a value is not allowed"), ("[]", "the document has another type"),
    ]) func decoding(text: String, reason: String)
  {
    do {
      _ = try JSONParser.decode(Wanted.self, from: Array(text.utf8))
      Issue.record("\(text) was decoded")
    } catch { #expect(JSONParser.reason(error).hasPrefix(reason), "\(JSONParser.reason(error))") }
  }

  @Test("What is decoded") func decoded() throws {
    #expect(try JSONParser.decode(Wanted.self, from: Array(#"{"a":{"b":7},"c":[]}"#.utf8)).a.b == 7)
  }
}
