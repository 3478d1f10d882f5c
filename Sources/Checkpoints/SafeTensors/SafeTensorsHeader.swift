/// The header of a safetensors file, read and checked as a whole before any number is touched.
struct SafeTensorsHeader {
  let entries: [String: SafeTensors.Entry]
  let metadata: [String: String]

  init(_ bytes: UnsafeRawBufferPointer, file: String) throws {
    func fail(_ reason: String) -> CheckpointError {
      .malformed(file: file, reason: "not a valid safetensors file: \(reason)")
    }
    guard bytes.count >= 8 else { throw fail("\(bytes.count) bytes, shorter than the header length") }
    if ForeignFormat.isZip(bytes) { throw fail("it is a checkpoint of torch.save; give it the ending .pt") }
    if let reason = ForeignFormat.reason(bytes) { throw fail(reason) }
    let announced = UInt64(littleEndian: bytes.loadUnaligned(as: UInt64.self))
    guard announced <= UInt64(min(bytes.count - 8, SafeTensors.maximumHeaderBytes)) else {
      throw fail("a header of \(announced) bytes in a file of \(bytes.count)")
    }
    let dataStart = 8 + Int(announced)

    let document: JSONValue
    do {
      document = try JSONParser.parse(UnsafeRawBufferPointer(rebasing: bytes[8..<dataStart]), maximumDepth: 8)
    } catch let problem as JSONParser.Problem { throw fail("header byte \(problem.byte): \(problem.reason)") }
    guard case .object(let members) = document else { throw fail("the header is no JSON object") }

    var entries: [String: SafeTensors.Entry] = [:]
    var metadata: [String: String] = [:]
    for (name, value) in members {
      if name == "__metadata__" {
        guard case .object(let remarks) = value else { throw fail("__metadata__ is no object") }
        for (key, remark) in remarks {
          guard case .string(let text) = remark else { throw fail("__metadata__ holds something other than text") }
          metadata[key] = text
        }
        continue
      }
      do { entries[name] = try Self.entry(value, dataStart: dataStart, dataCount: bytes.count - dataStart) } catch let
        problem as Malformed
      { throw fail("tensor \"\(name.prefix(120))\": \(problem.reason)") }
    }
    try Self.requireNoHoles(entries, dataStart: dataStart, end: bytes.count, fail)
    self.entries = entries
    self.metadata = metadata
  }

  private static func entry(_ value: JSONValue, dataStart: Int, dataCount: Int) throws -> SafeTensors.Entry {
    guard case .object(let members) = value else { throw Malformed("described by \(value.kind)") }
    var type: ElementType?
    var shape: [Int]?
    var offsets: [Int]?
    for (key, member) in members {
      switch key {
      case "dtype":
        guard case .string(let name) = member else { throw Malformed("dtype is \(member.kind)") }
        guard let known = SafeTensors.elementTypes.first(where: { $0.key == name })?.value else {
          let readable = SafeTensors.elementTypes.map(\.key).joined(separator: ", ")
          throw Malformed(
            "dtype \(name.prefix(20)) is not read; readable: \(readable); convert it before saving, such as with "
              + ".float()")
        }
        type = known
      case "shape": shape = try numbers(member, "shape")
      case "data_offsets": offsets = try numbers(member, "data_offsets")
      default: throw Malformed("unknown key \"\(key.prefix(40))\"")
      }
    }
    guard let type, let shape, let offsets else { throw Malformed("dtype, shape or data_offsets is missing") }
    guard shape.count <= 8 else { throw Malformed("\(shape.count) axes; at most 8 are read") }
    guard offsets.count == 2, offsets[0] <= offsets[1], offsets[1] <= dataCount else {
      throw Malformed("data_offsets \(offsets) lie outside the \(dataCount) bytes of data")
    }
    var byteCount = type.byteCount
    for extent in shape {
      let (product, overflow) = byteCount.multipliedReportingOverflow(by: extent)
      guard !overflow else { throw Malformed("a shape of more bytes than can be addressed") }
      byteCount = product
    }
    guard offsets[1] - offsets[0] == byteCount else {
      throw Malformed("\(offsets[1] - offsets[0]) bytes where its shape needs \(byteCount)")
    }
    return SafeTensors.Entry(type: type, shape: shape, range: dataStart + offsets[0]..<dataStart + offsets[1])
  }

  private static func numbers(_ value: JSONValue, _ key: String) throws -> [Int] {
    guard case .array(let values) = value else { throw Malformed("\(key) is \(value.kind)") }
    return try values.map { value in
      guard case .integer(let number) = value, number >= 0 else { throw Malformed("\(key) holds \(value.kind)") }
      return number
    }
  }

  /// Every byte of the data belongs to exactly one tensor, as the format demands.
  private static func requireNoHoles(
    _ entries: [String: SafeTensors.Entry], dataStart: Int, end: Int, _ fail: (String) -> CheckpointError
  ) throws {
    let ordered = entries.sorted {
      ($0.value.range.lowerBound, $0.value.range.upperBound, $0.key) < (
        $1.value.range.lowerBound, $1.value.range.upperBound, $1.key
      )
    }
    var position = dataStart
    for (name, entry) in ordered {
      guard entry.range.lowerBound == position else {
        let what = entry.range.lowerBound < position ? "overlaps the tensor before it" : "leaves a hole before it"
        throw fail("tensor \"\(name.prefix(120))\" \(what)")
      }
      position = entry.range.upperBound
    }
    guard position == end else { throw fail("\(end - position) bytes after the last tensor") }
  }
}
