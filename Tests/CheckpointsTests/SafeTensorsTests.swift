import Foundation
import SharedFixtures
import Testing

@testable import Checkpoints

@Suite("safetensors") struct SafeTensorsTests {
  /// A file of this header and so many zero bytes of data.
  private func file(_ header: String, data: Int, length: UInt64? = nil) -> Data {
    var bytes = Data()
    withUnsafeBytes(of: (length ?? UInt64(header.utf8.count)).littleEndian) { bytes.append(contentsOf: $0) }
    return bytes + Data(header.utf8) + Data(count: data)
  }

  private func read(_ bytes: Data) throws -> SafeTensors {
    try withTemporaryFolder { folder in
      let url = folder.appendingPathComponent("weights.safetensors")
      try bytes.write(to: url)
      return try SafeTensors(path: url.path)
    }
  }

  @Test("What was written is read") func roundTrip() throws {
    let tensors = [
      "b.weight": Tensor(shape: [2, 3], values: [1, -2, 3.5, .infinity, 0, -0.0]), "a": Tensor(shape: [], values: [7]),
      "empty": Tensor(shape: [0, 4], values: []), "ünï \"quoted\"\n": Tensor(shape: [1], values: [0x1p-140]),
    ]
    let found = try read(SafeTensors.encoded(tensors, metadata: ["made with": "a \\ test"]))
    #expect(found.names == ["a", "b.weight", "empty", "ünï \"quoted\"\n"])
    #expect(found.metadata == ["made with": "a \\ test"])
    for (name, tensor) in tensors { #expect(found.tensor(name) == tensor) }
    #expect(found.tensor("c") == nil)
  }

  @Test("Element types") func elementTypes() throws {
    // 1.5 and −2: F64 3FF8…, C000…; BF16 3FC0, C000; F16 3E00, C000; I64 7
    let header = """
      {"d":{"dtype":"F64","shape":[2],"data_offsets":[0,16]},"h":{"dtype":"F16","shape":[2],"data_offsets":[16,20]},\
      "b":{"dtype":"BF16","shape":[2],"data_offsets":[20,24]},"n":{"dtype":"I64","shape":[],"data_offsets":[24,32]}}
      """
    var bytes = file(header, data: 0)
    for value in [1.5, -2.0] { withUnsafeBytes(of: value.bitPattern.littleEndian) { bytes.append(contentsOf: $0) } }
    bytes.append(contentsOf: [0x00, 0x3E, 0x00, 0xC0, 0xC0, 0x3F, 0x00, 0xC0, 7, 0, 0, 0, 0, 0, 0, 0])
    let found = try read(bytes)
    for name in ["d", "h", "b"] { #expect(found.tensor(name)?.values == [1.5, -2]) }
    #expect(found.tensor("n") == Tensor(shape: [], values: [7]))
    #expect(found.elementType(of: "b") == .bfloat16)
  }

  @Test("Every half-precision number") func halves() {
    for bits in UInt16.min...UInt16.max {
      let exponent = bits >> 10 & 0x1F
      let fraction = Double(bits & 0x3FF)
      let size: Double =
        exponent == 0
        ? fraction / 16_777_216
        : exponent == 31 ? (fraction == 0 ? .infinity : .nan) : (1 + fraction / 1024) * exp2(Double(exponent) - 15)
      let expected = Float(bits & 0x8000 == 0 ? size : -size)
      let found = ElementType.float(half: bits)
      #expect(found == expected || found.isNaN && expected.isNaN)
    }
  }

  static let hostile: [(header: String, data: Int, length: UInt64?, says: String)] = [
    ("{}", 0, 1 << 62, "header of"), ("{}", 0, .max, "header of"), ("{}", 0, 3, "header of"),
    ("[]", 0, nil, "no JSON object"), ("{", 0, nil, "byte 1"), ("{} x", 0, nil, "after the end"),
    (#"{"a":1,"a":2}"#, 0, nil, "stands twice"), (String(repeating: "[", count: 100_000), 0, nil, "levels deep"),
    (#"{"a":"#, 0, nil, "unexpected end"), (#"{"a":[]}"#, 0, nil, "\"a\": described by a list"),
    (#"{"a":{"dtype":"F32","shape":[1]}}"#, 4, nil, "is missing"),
    (#"{"a":{"dtype":"F32","shape":[1],"data_offsets":[0,4],"x":1}}"#, 4, nil, "unknown key"),
    (#"{"a":{"dtype":"F8_E4M3","shape":[4],"data_offsets":[0,4]}}"#, 4, nil, "dtype F8_E4M3 is not read"),
    (#"{"a":{"dtype":"F32","shape":[1],"data_offsets":[0,8]}}"#, 8, nil, "8 bytes where its shape needs 4"),
    (#"{"a":{"dtype":"F32","shape":[1],"data_offsets":[4,8]}}"#, 8, nil, "leaves a hole"),
    (#"{"a":{"dtype":"F32","shape":[1],"data_offsets":[8,4]}}"#, 8, nil, "outside"),
    (#"{"a":{"dtype":"F32","shape":[1],"data_offsets":[-4,0]}}"#, 8, nil, "data_offsets holds -4"),
    (#"{"a":{"dtype":"F32","shape":[1],"data_offsets":[0,4.0]}}"#, 8, nil, "data_offsets holds 4.0"),
    (#"{"a":{"dtype":"F32","shape":[3],"data_offsets":[0,12]}}"#, 8, nil, "outside the 8 bytes"),
    (#"{"a":{"dtype":"F32","shape":[1],"data_offsets":[0,4]}}"#, 8, nil, "4 bytes after the last"),
    (
      #"{"a":{"dtype":"F32","shape":[2],"data_offsets":[0,8]},"b":{"dtype":"F32","shape":[1],"data_offsets":[4,8]}}"#,
      8, nil, "overlaps"
    ),
    (
      #"{"a":{"dtype":"F32","shape":[4611686018427387904,4],"data_offsets":[0,0]}}"#, 0, nil,
      "more bytes than can be addressed"
    ), (#"{"a":{"dtype":"F32","shape":[99999999999999999999],"data_offsets":[0,0]}}"#, 0, nil, "shape holds 1e+20"),
    (#"{"a":{"dtype":"F32","shape":[1,1,1,1,1,1,1,1,1],"data_offsets":[0,4]}}"#, 4, nil, "9 axes"),
    (#"{"__metadata__":{"a":1}}"#, 0, nil, "__metadata__"),
  ]

  @Test("Hostile headers are refused with the reason", arguments: hostile.indices) func refused(index: Int) {
    let item = Self.hostile[index]
    let text = message { _ = try read(file(item.header, data: item.data, length: item.length)) }
    #expect(text.contains(item.says), "\(item.header.prefix(80)): \(text)")
    #expect(!text.contains("\n"))
  }

  @Test("Files that are none") func noFile() throws {
    #expect(
      message { _ = try SafeTensors(path: "/nowhere/w.safetensors") }.contains("/nowhere/w.safetensors: cannot be read")
    )
    #expect(message { _ = try SafeTensors(path: "/") }.contains("it is a folder, not a file"))
    #expect(message { _ = try read(Data()) }.contains("shorter than the header length"))
    #expect(message { _ = try read(Data([1, 0, 0])) }.contains("3 bytes"))
  }

  @Test("Damaged copies are read or refused, never worse") func mutations() throws {
    let original = Array(
      SafeTensors.encoded([
        "model.0.conv.weight": Tensor(shape: [2, 2, 3], repeating: 1), "model.0.conv.bias": Tensor(shape: [2]),
      ]))
    var numbers = SeededNumbers(11)
    var refused = 0
    for _ in 0..<20_000 {
      var bytes = original
      for _ in 0..<Int.random(in: 1...4, using: &numbers) {
        let place = Int.random(in: 0..<bytes.count, using: &numbers)
        switch Int.random(in: 0..<4, using: &numbers) {
        case 0: bytes[place] = UInt8.random(in: 0...255, using: &numbers)
        case 1: bytes[place] ^= 1 << UInt8.random(in: 0..<8, using: &numbers)
        case 2: bytes.insert(contentsOf: bytes[place...].prefix(9), at: place)
        default: bytes.removeSubrange(place..<min(place + 5, bytes.count))
        }
        if bytes.isEmpty { bytes = [0] }
      }
      do {
        let header = try bytes.withUnsafeBytes { try SafeTensorsHeader($0, file: "f") }
        for entry in header.entries.values {
          #expect(entry.range.upperBound <= bytes.count)
          #expect(entry.range.count == entry.shape.reduce(entry.type.byteCount, *))
        }
      } catch is CheckpointError { refused += 1 }
    }
    #expect(refused > 10_000, "most damage is noticed")
  }
}
