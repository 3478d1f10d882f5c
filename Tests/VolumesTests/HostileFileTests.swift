import CZlib
import Foundation
import Statistics
import Testing

@testable import Volumes

/// Damaged and malicious files end in one clear line: no crash, no hang, no runaway allocation.
@Suite struct HostileFileTests {
  static let shape = GridShape(6, 5, 4)

  /// A sound file to damage, with both forms set.
  static func bytes(_ name: String) throws -> [UInt8] {
    let voxels = (0..<shape.voxelCount).map { Float($0) * 0.25 }
    return try Fixtures.withTemporaryFolder { folder in
      try NIfTIWriter.write(Volume(shape: shape, affine: obliqueAffine, voxels: voxels), to: folder + "/" + name)
      return try Array(Data(contentsOf: URL(fileURLWithPath: folder + "/" + name)))
    }
  }

  /// A sound NIfTI-1 file with some header fields changed.
  static func bytes(_ edit: (inout NIfTIHeader) -> Void) throws -> [UInt8] {
    let sound = try bytes("a.nii")
    var header = NIfTIHeader(version: .one, isBigEndian: false, bytes: Array(sound[..<348]))
    edit(&header)
    return header.bytes + sound[348...]
  }

  /// The error of reading `bytes`, whose text must be one line that starts with the file.
  static func refusal(_ bytes: [UInt8], name: String = "image.nii") throws -> VolumeError? {
    try Fixtures.withFile(bytes, name: name) { path in
      do {
        _ = try NIfTIFile.read(path)
        return nil
      } catch let error as VolumeError {
        #expect(error.description.hasPrefix(path + ": "))
        #expect(!error.description.contains("\n"))
        return error
      }
    }
  }

  @Test(arguments: ["a.nii", "a.nii.gz"]) func everyTruncationIsRefused(name: String) throws {
    let sound = try Self.bytes(name)
    #expect(try Self.refusal(sound, name: name) == nil)
    for length in 0..<sound.count {
      let error = try Self.refusal(Array(sound[..<length]), name: name)
      #expect(error != nil, "\(length) of \(sound.count) bytes of \(name) were read as a volume")
    }
  }

  @Test func truncatedGzipSaysSo() throws {
    let sound = try Self.bytes("a.nii.gz")
    let error = try #require(try Self.refusal(Array(sound.dropLast(100)), name: "flair.nii.gz"))
    #expect(error.description.contains("damaged gzip: truncated"))
    #expect(try Self.refusal(Array(sound.dropLast(1)), name: "flair.nii.gz") != nil)
  }

  @Test func aWrongChecksumIsRefused() throws {
    var sound = try Self.bytes("a.nii.gz")
    sound[sound.count - 8] ^= 1
    let error = try #require(try Self.refusal(sound, name: "flair.nii.gz"))
    #expect(error.description.contains("incorrect data check"))
  }

  @Test func membersFollowEachOtherAndGarbageBehindThemIsIgnored() throws {
    let plain = try Self.bytes("a.nii")
    let expected = try Fixtures.withFile(plain) { try NIfTIFile.read($0) }.volume
    for cut in [1, 10, 348, 352, 353, 600, plain.count - 1, plain.count] {
      let members = gzip(Array(plain[..<cut])) + gzip([]) + gzip(Array(plain[cut...]))
      for tail in [[], [0], [0, 0, 0, 0], [0x1F], [0x1F, 0x8C, 1, 2, 3]] as [[UInt8]] {
        let volume = try Fixtures.withFile(members + tail, name: "a.nii.gz") { try NIfTIFile.read($0) }.volume
        #expect(volume == expected, "cut at \(cut), tail \(tail)")
      }
    }
  }

  @Test func sayingWhatTheFileReallyIs() throws {
    func found(_ bytes: [UInt8]) throws -> VolumeError.NotNIfTI? {
      guard case .notNIfTI(_, let found)? = try Self.refusal(bytes) else { return nil }
      return found
    }
    #expect(try found([]) == .empty)
    #expect(try found(Array("hello".utf8)) == .tooShort(byteCount: 5))
    #expect(try found(Array(repeating: 65, count: 4000)) == .unknown)
    #expect(try found(gzip([])) == .empty)
    let dicom = Array(repeating: UInt8(0), count: 128) + Array("DICM".utf8) + Array(repeating: 0, count: 400)
    #expect(try found(dicom) == .dicom)
    let analyze = try Self.bytes { $0.setBytes(.magic, [0, 0, 0, 0]) }
    #expect(try found(analyze) == .analyze75)
    let pair = try Self.bytes { $0.setBytes(.magic, Array("ni1\0".utf8)) }
    #expect(try found(pair) == .pairHeader)
  }

  /// What stands between header and voxels is looked for identifiers, wherever the header says that they begin.
  @Test(arguments: [Int.min, Int.min + 540, -1, 0, 539, 540, 544, 1 << 40, Int.max]) func anyPlaceOfTheVoxels(
    offset: Int
  ) throws {
    var header = NIfTIHeader(version: .two, isBigEndian: false, bytes: [UInt8](repeating: 0, count: 540))
    header.set(.sizeofHdr, to: 540)
    header.setBytes(.magic, Array("n+2\0\r\n\u{1A}\n".utf8))
    header.set(.voxOffset, to: offset)
    let url = FileManager.default.temporaryDirectory.appendingPathComponent("offset-\(UUID().uuidString).nii")
    defer { try? FileManager.default.removeItem(at: url) }
    try Data(header.bytes + Array("Smith^John, 1970".utf8)).write(to: url)
    let found = try NIfTIFreeText.texts(in: url.path).first { $0.field == "extension" }?.text
    #expect(found == (offset <= 540 ? nil : offset == 544 ? "Smit" : "Smith^John, 1970"))
  }

  @Test func pathsThatAreNoFiles() throws {
    #expect(throws: VolumeError.unreadable(path: "/no/such/file", reason: "no such file")) {
      try NIfTIFile.read("/no/such/file")
    }
    #expect(throws: VolumeError.unreadable(path: "/", reason: "it is a folder, not a file")) { try NIfTIFile.read("/") }
    #expect(throws: VolumeError.unreadable(path: "/dev/zero", reason: "it is a device, not a file")) {
      try NIfTIFile.read("/dev/zero")
    }
    let odd = VolumeError.unreadable(path: "a\nb\u{1B}[31m", reason: "x").description
    #expect(odd.hasPrefix("a\\u{a}b\\u{1b}[31m: "))
  }

  /// Four megabytes that inflate to four gigabytes, behind a header that asks for 480 bytes: nothing beyond the
  /// voxels is inflated. And headers that ask for a gigabyte the file cannot hold: refused before anything is reserved.
  @Test func decompressionBombsCostNothing() throws {
    let sound = try Self.bytes("a.nii")
    let zeros = gzip(Array(repeating: 0, count: 1 << 24))
    let bomb = gzip(sound) + Array(repeatElement(zeros, count: 256).joined())
    #expect(bomb.count < 1 << 23)
    let time = try Fixtures.withFile(bomb, name: "bomb.nii.gz") { path in
      let started = ContinuousClock.now
      let image = try NIfTIFile.read(path)
      #expect(image.volume.shape == Self.shape)
      // Inflating it all takes five seconds and more.
      return ContinuousClock.now - started
    }
    #expect(time < .seconds(2))
    let huge = try Self.bytes { header in
      for (axis, size) in [(1, 640), (2, 640), (3, 640)] { header.set(.dim, axis, to: size) }
    }
    for bytes in [huge, gzip(huge)] {
      guard case .truncated? = try Self.refusal(bytes) else {
        Issue.record("a header that announces a gigabyte was believed")
        continue
      }
    }
  }

  /// `sound` with one to six of its first 352 bytes replaced, mostly by the values that break things.
  private static func mutated(_ sound: [UInt8], _ random: inout SplitMix64) -> [UInt8] {
    var bytes = sound
    for _ in 0..<Int.random(in: 1...6, using: &random) {
      let at = Int.random(in: 0..<352, using: &random)
      let extreme = [0, 1, 0x7F, 0x80, 0xFF][Int(random.next() % 5)] as UInt8
      bytes[at] = random.next() % 3 == 0 ? extreme : UInt8(random.next() & 0xFF)
    }
    return bytes
  }

  /// Every mutation of a header has a plan or an error, never both, and everything derived from it holds together.
  @Test func mutatedHeadersAreJudged() throws {
    let sound = try Self.bytes("a.nii")
    var random = SplitMix64(state: 7)
    var (accepted, refused) = (0, 0)
    for _ in 0..<20_000 {
      let bytes = Self.mutated(sound, &random)
      guard case .success(let (version, isBigEndian)) = NIfTIHeader.identify(bytes), version == .one else {
        refused += 1
        continue
      }
      let header = NIfTIHeader(version: version, isBigEndian: isBigEndian, bytes: Array(bytes[..<348]))
      for expectation in [NIfTIHeader.Expectation.oneVolume, .channels] {
        let (plan, problems) = header.examine(expecting: expectation)
        let isRefused = problems.contains { $0.severity == .error }
        #expect((plan == nil) == isRefused)
        guard let plan else {
          refused += 1
          continue
        }
        accepted += 1
        #expect(plan.shape.voxelCount * plan.channelCount <= NIfTIHeader.largestVoxelCount)
        #expect(plan.affine.rows.joined().allSatisfy(\.isFinite) && plan.affine.determinant != 0)
        let result = header.cropped(to: GridBox(plan.shape)).result(datatype: .uint8, intent: .label)
        #expect(result.shape == plan.shape && Orientation(plan.affine).code.count == 3)
      }
    }
    #expect(accepted > 1000 && refused > 1000)
  }

  /// Every mutated file either reads or is refused; what is read fits the file.
  @Test func mutatedFilesDoNoHarm() throws {
    let sound = try Self.bytes("a.nii")
    var random = SplitMix64(state: 8)
    var (read, refused) = (0, 0)
    for round in 0..<800 {
      var bytes = Self.mutated(sound, &random)
      if round % 4 == 0 { bytes.removeLast(Int.random(in: 0..<bytes.count, using: &random)) }
      try Fixtures.withFile(round % 8 == 1 ? gzip(bytes) : bytes) { path in
        do {
          let image = try NIfTIFile.read(path)
          #expect(image.volume.shape.voxelCount <= bytes.count)
          read += 1
        } catch is VolumeError { refused += 1 }
      }
    }
    #expect(read > 100 && refused > 100)
  }

  /// Damage anywhere in a compressed file.
  @Test func mutatedGzipDoesNoHarm() throws {
    let sound = try Self.bytes("a.nii.gz")
    var random = SplitMix64(state: 11)
    for _ in 0..<500 {
      var bytes = sound
      bytes[Int.random(in: 0..<bytes.count, using: &random)] ^= UInt8(1 << (random.next() % 8))
      _ = try Self.refusal(bytes, name: "a.nii.gz")
    }
  }
}

/// One gzip member made by zlib itself.
func gzip(_ bytes: [UInt8]) -> [UInt8] {
  var stream = z_stream()
  precondition(
    deflateInit2_(&stream, 6, Z_DEFLATED, 31, 8, Z_DEFAULT_STRATEGY, ZLIB_VERSION, Int32(MemoryLayout<z_stream>.size))
      == Z_OK)
  defer { deflateEnd(&stream) }
  var input = bytes
  var output = [UInt8](repeating: 0, count: Int(deflateBound(&stream, UInt(bytes.count))) + 32)
  let room = output.count
  return input.withUnsafeMutableBufferPointer { source in
    output.withUnsafeMutableBufferPointer { target in
      stream.next_in = source.baseAddress
      stream.avail_in = UInt32(source.count)
      stream.next_out = target.baseAddress
      stream.avail_out = UInt32(target.count)
      precondition(deflate(&stream, Z_FINISH) == Z_STREAM_END)
      return Array(target[..<(room - Int(stream.avail_out))])
    }
  }
}
