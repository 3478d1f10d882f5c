import Analysis
import Archive
import Foundation
import Programs
import Results
import Testing
import Volumes

@testable import Preparation

/// Brain masks of other programs.
@Suite(.serialized) struct BrainStepTests {
  private func mask(_ pair: RawPair) throws -> [Float] { try NIfTIFile.read(pair.prepared.mask.path).volume.voxels }

  @Test func aHeadWithoutAMaskNamesBothWays() throws {
    let pair = try RawPair()
    let fault = #expect(throws: Fault.self) { try pair.preparation({ $0.brain = .ofImage }).single(try pair.input) }
    #expect(fault?.remedy == .brainMaskOrCommand && fault?.found.contains("whole head") == true)
    #expect(!FileManager.default.fileExists(atPath: pair.prepared.mask.path))
  }

  @Test func anExtractedImageIsItsOwnMask() throws {
    let pair = try RawPair(hasHead: false)
    _ = try pair.preparation({ $0.brain = .ofImage }).single(try pair.input)
    let flair = try NIfTIFile.read(pair.flair.path).volume.voxels
    #expect(try mask(pair) == flair.map { $0 != 0 ? 1 : 0 })
  }

  /// A program may write the mask, or the image with 0 outside.
  @Test func bothKindsOfOutputAreRead() throws {
    let expected = try { try NIfTIFile.read(try RawPair().brainMask.path).volume.voxels }()
    for isMask in [true, false] {
      let pair = try RawPair()
      let file = pair.folder.appendingPathComponent("made.nii.gz")
      let flair = try NIfTIFile.read(pair.flair.path)
      let brain = try NIfTIFile.read(pair.brainMask.path).volume
      if isMask {
        try NIfTIWriter.write(brain.map { UInt8($0) }, like: flair.header, to: file.path)
      } else {
        let cut = zip(flair.volume.voxels, brain.voxels).map { $1 != 0 ? $0 : 0 }
        try NIfTIWriter.write(flair.replacing(voxels: cut).volume, like: flair.header, to: file.path)
      }
      let command = try pair.command("test -f \"$1\" && cp '\(file.path)' \"$2\"")
      _ = try pair.preparation({ $0.brain = .command(command) }).single(try pair.input)
      let found = try mask(pair)
      // Of an extracted image holes are filled.
      let (missing, more) = (
        zip(found, expected).count { $0 == 0 && $1 != 0 }, zip(found, expected).count { $0 != 0 && $1 == 0 }
      )
      #expect(missing == 0 && (isMask ? more == 0 : more < 50), "\(isMask): \(missing), \(more)")
      let left = try FileManager.default.contentsOfDirectory(atPath: pair.output.path)
      #expect(!left.contains { $0.hasPrefix(".lesionqc-") })
    }
  }

  @Test func badCommandsAreNamedAndLeaveNothing() throws {
    let pair = try RawPair()
    func error(_ script: String, limit: Double = 60) throws -> (any Error)? {
      let command = try pair.command(script)
      do {
        _ = try pair.preparation {
          $0.brain = .command(command)
          $0.limitSeconds = limit
        }.single(try pair.input)
        return nil
      } catch { return error }
    }
    guard case .failed(_, 7, "no weights")? = try error("echo no weights; exit 7") as? ProgramError else {
      Issue.record("exit code")
      return
    }
    guard case .noOutput? = try error("exit 0") as? ProgramError else {
      Issue.record("no output")
      return
    }
    guard case .tooLong? = try error("sleep 30", limit: 1) as? ProgramError else {
      Issue.record("time limit")
      return
    }
    // No mask: other intensities, another grid, text, empty.
    let t1 = try #require(try error("cp '\(pair.t1w.path)' \"$2\"") as? Fault)
    #expect(t1.file.hasPrefix("the output of tool-") && t1.role == "brain mask")
    #expect(try error("echo hello > \"$2\"") != nil)
    let missing = try CommandTemplate("no-such-tool {in} {out}")
    #expect(throws: ProgramError.notFound(program: "no-such-tool")) {
      try pair.preparation({ $0.brain = .command(missing) }).single(try pair.input)
    }
    let names = try FileManager.default.subpathsOfDirectory(atPath: pair.output.path)
    #expect(!names.contains { $0.hasSuffix(".nii.gz") } && !names.contains { $0.hasPrefix(".lesionqc-") }, "\(names)")
  }
}
