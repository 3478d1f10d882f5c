import Foundation
import Testing

@testable import Networks

/// What every suite named …ParityTests asserts, once for each set of kernels. The set is chosen once in the life of a
/// process, so that each one has a process of its own.
@Suite("Every instruction set") struct InstructionSetTests {
  /// The name that `ONEDNN_MAX_CPU_ISA` takes, and the channels of a block there.
  static let sets = [("AVX512_CORE", 16), ("AVX2", 8), ("SSE41", 1)]

  @Test("Networks agree with their origins", arguments: sets) func parity(name: String, block: Int) throws {
    guard block <= OneDNN.channelBlock else { return print("NOT TESTED: this processor has no \(name)") }
    let process = Process()
    process.executableURL = URL(fileURLWithPath: "/proc/self/exe").resolvingSymlinksInPath()
    process.arguments = [
      "--testing-library", "swift-testing", "--filter", "ParityTests/", "--filter", "InstructionSetTests/chosen",
    ]
    process.environment = ProcessInfo.processInfo.environment.merging(["ONEDNN_MAX_CPU_ISA": name]) { $1 }
    let output = Pipe()
    (process.standardOutput, process.standardError) = (output, output)
    try process.run()
    let text = String(decoding: output.fileHandleForReading.readDataToEndOfFile(), as: UTF8.self)
    process.waitUntilExit()
    #expect(process.terminationStatus == 0, "\(text.suffix(4000))")
    #expect(text.contains("channels of a block: \(block)\n"), "\(text.suffix(4000))")
    #expect(text.contains("unet-batch") && text.contains("v2-mergingv2"), "\(text.suffix(4000))")
  }

  /// What ``parity(name:block:)`` reads from the process that it started.
  @Test("The set that is used") func chosen() {
    #expect([1, 8, 16].contains(OneDNN.channelBlock))
    print("channels of a block: \(OneDNN.channelBlock)")
  }
}
