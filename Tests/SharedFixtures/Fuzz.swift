import Foundation
import Synchronization
import Testing

/// One reader of files that nobody here made, what it starts from and what means something in them.
public struct FuzzReader {
  public let name: String
  let corpus: [[UInt8]]
  let tokens: [[UInt8]]
  let members: [[UInt8]]
  /// The file that is written from damaged bytes.
  let file: ([UInt8]) -> [UInt8]
  let ending: String
  /// Takes so long that a million inputs are not read: as many as the given minutes allow.
  let isSlow: Bool
  /// MB by which the process may grow.
  let memory: Int
  let read: (String) throws -> Void

  public init(
    name: String, corpus: [[UInt8]], tokens: [[UInt8]], members: [[UInt8]] = [],
    file: @escaping ([UInt8]) -> [UInt8] = { $0 }, ending: String, isSlow: Bool = false, memory: Int = 256,
    read: @escaping (String) throws -> Void
  ) {
    self.name = name
    self.corpus = corpus
    self.tokens = tokens
    self.members = members
    self.file = file
    self.ending = ending
    self.isSlow = isSlow
    self.memory = memory
    self.read = read
  }
}

/// Gives readers damaged files and expects each to be read or refused: no crash, nothing that takes long, no runaway
/// allocation.
///
/// `make test` reads 5,000 inputs for each reader; `make fuzz` a million, or what the minutes give
/// (LESIONQC_FUZZ_INPUTS, LESIONQC_FUZZ_MINUTES). Input number n is drawn from n alone, so that a run goes on at any
/// number (LESIONQC_FUZZ_SEED) and one input can be read again (LESIONQC_FUZZ_INPUTS=1, LESIONQC_FUZZ_READER). The
/// input being read lies in LESIONQC_FUZZ_FOLDER with its number beside it, so that one that ends the process is found
/// there.
public enum Fuzz {
  /// Longest time for one input.
  private static let secondsPerInput = 10.0

  /// - Parameter isRefusal: whether an error is one that a reader may answer with.
  public static func run(_ reader: FuzzReader, isRefusal: (any Error) -> Bool) throws {
    let environment = ProcessInfo.processInfo.environment
    if let only = environment["LESIONQC_FUZZ_READER"], !only.isEmpty, only != reader.name { return }
    try #require(!reader.corpus.isEmpty, "\(reader.name)")
    let isLong = environment["LESIONQC_FUZZ_INPUTS"] != nil
    let count = environment["LESIONQC_FUZZ_INPUTS"].flatMap { Int($0) } ?? 5_000
    let first = environment["LESIONQC_FUZZ_SEED"].flatMap { UInt64($0) } ?? 0
    let minutes = environment["LESIONQC_FUZZ_MINUTES"].flatMap { Double($0) }
    let place =
      environment["LESIONQC_FUZZ_FOLDER"].map { URL(fileURLWithPath: $0, isDirectory: true) }
      ?? FileManager.default.temporaryDirectory.appendingPathComponent("lesionqc-fuzz-\(UUID().uuidString)")
    try FileManager.default.createDirectory(at: place, withIntermediateDirectories: true)
    defer { if environment["LESIONQC_FUZZ_FOLDER"] == nil { try? FileManager.default.removeItem(at: place) } }

    let stem = place.appendingPathComponent(reader.name.replacing(" ", with: "-")).path
    let path = "\(stem).\(reader.ending)"
    let watch = Watch(reader.name)
    defer { watch.stop() }
    let before = peakMegabytes()
    let start = ContinuousClock.now
    var (read, refused, slowest) = (0, 0, Duration.zero)
    var number = first
    while number < first + UInt64(count) {
      if reader.isSlow, let minutes, start.duration(to: .now) > .seconds(60 * minutes) { break }
      try write(input(number, of: reader), to: path)
      // Overwritten in place and always as long, so that it is never empty, however the process ends.
      let digits = "\(number)"
      let padded = String(repeating: "0", count: 20 - digits.count) + digits
      try write(Array("\(padded)\n".utf8), to: "\(stem).seed", flags: 0)
      watch.begin(number)
      let time = ContinuousClock().measure {
        do {
          try reader.read(path)
          read += 1
        } catch  where isRefusal(error) { refused += 1 } catch {
          Issue.record("\(reader.name), seed \(number): \(error)")
        }
      }
      watch.end()
      slowest = max(slowest, time)
      number += 1
    }
    // A loop that refuses everything, or nothing, tests nothing.
    if count > 1_000 { #expect(read > 0 && refused > 0, "\(reader.name)") }
    guard isLong else { return }
    let growth = peakMegabytes() - before
    print(
      "fuzz: \(reader.name): \(read) read, \(refused) refused, slowest \(slowest), \(growth) MB more, "
        + "seeds \(first) to \(number)")
    #expect(growth < reader.memory, "\(reader.name)")
  }

  /// Input number `number` of a reader.
  private static func input(_ number: UInt64, of reader: FuzzReader) -> [UInt8] {
    // Neighbouring numbers and readers give unrelated inputs.
    var scramble = SeededNumbers(number)
    let seed = reader.name.utf8.reduce(scramble.next()) { ($0 ^ UInt64($1)) &* 0x100_0000_01B3 }
    var mutation = Mutation(seed: seed, tokens: reader.tokens, members: reader.members)
    let original = reader.corpus.randomElement(using: &mutation.numbers) ?? []
    let other = reader.corpus.randomElement(using: &mutation.numbers) ?? []
    return reader.file(mutation.damaged(original, other: other))
  }

  private static func write(_ bytes: [UInt8], to path: String, flags: Int32 = O_TRUNC) throws {
    let descriptor = open(path, O_WRONLY | O_CREAT | O_CLOEXEC | flags, 0o600)
    try #require(descriptor >= 0, "\(path)")
    defer { close(descriptor) }
    try #require(Glibc.write(descriptor, bytes, bytes.count) == bytes.count, "\(path)")
  }

  private static func peakMegabytes() -> Int {
    var usage = rusage()
    getrusage(Int32(RUSAGE_SELF.rawValue), &usage)
    return usage.ru_maxrss / 1024
  }

  /// Ends the process when an input takes too long.
  private final class Watch: Sendable {
    /// Number of the input being read and when that began; nil between inputs.
    private let current = Mutex<(number: UInt64, start: ContinuousClock.Instant)?>(nil)
    private let isOver = Atomic(false)

    init(_ name: String) {
      let thread = Thread { [self] in
        while !isOver.load(ordering: .relaxed) {
          Thread.sleep(forTimeInterval: 0.5)
          let found = current.withLock { $0 }
          if let found, found.start.duration(to: .now) > .seconds(Fuzz.secondsPerInput) {
            fatalError("\(name), seed \(found.number): takes more than \(Fuzz.secondsPerInput) s")
          }
        }
      }
      thread.start()
    }

    func begin(_ number: UInt64) { current.withLock { $0 = (number, .now) } }
    func end() { current.withLock { $0 = nil } }
    func stop() { isOver.store(true, ordering: .relaxed) }
  }
}
