import Analysis
import Archive
import Files
import Foundation
import Registration
import Results
import Testing
import Volumes

@testable import Preparation

/// Transforms that pass, and those that do not.
@Suite(.serialized) struct RegistrationStepTests {
  private func write(_ transform: RigidTransform, in pair: RawPair) throws -> URL {
    let file = pair.folder.appendingPathComponent("own.txt")
    try Data(ITKTransformFile.text(transform, from: "FLAIR", to: "T1w").utf8).write(to: file)
    return file
  }

  @Test func anOwnTransformIsTakenAsItIs() throws {
    let pair = try RawPair()
    let file = try write(pair.truth, in: pair)
    guard case .done(let done) = try pair.preparation({ $0.registration = .file(file) }).single(try pair.input) else {
      Issue.record("not done")
      return
    }
    let figures = try #require(done.steps.compactMap(\.figures).first)
    #expect(figures.forwardBackwardMillimetres == nil && figures.informationAfter > figures.informationBefore)
    #expect(done.steps.first { $0.name == .registration }?.tool == PreparationStep.userFile)
    let text = try String(contentsOf: pair.prepared.transform, encoding: .utf8)
    #expect(
      try ITKTransformFile.affine(in: text, path: "x")
        == ITKTransformFile.affine(in: String(contentsOf: file, encoding: .utf8), path: "y"))
  }

  /// The other way round the images fit worse than without: refused, with a picture and nothing that looks prepared.
  @Test func aWrongOneIsRefusedWithAPicture() throws {
    let pair = try RawPair()
    let file = try write(pair.truth.inverse, in: pair)
    let fault = #expect(throws: Fault.self) {
      try pair.preparation({ $0.registration = .file(file) }).single(try pair.input)
    }
    #expect(fault?.found.contains("normalised mutual information fell") == true, "\(String(describing: fault))")
    let picture = pair.output.appendingPathComponent("failed-sub-01_registration.png")
    #expect(fault?.remedy == .lookAtRegistration(picture: picture.path, isOfUser: true))
    let bytes = try Data(contentsOf: picture)
    #expect(bytes.starts(with: [0x89, 0x50, 0x4E, 0x47]) && bytes.count > 10_000)
    #expect(!FileManager.default.fileExists(atPath: pair.prepared.flair.path))
    #expect(!FileManager.default.fileExists(atPath: pair.prepared.transform.path))
    #expect(try AuditCheck(output: pair.output).notes.isEmpty)
    // A good one goes on from the brain mask and takes the picture away.
    guard case .done(let done) = try pair.preparation().single(try pair.input) else {
      Issue.record("not done")
      return
    }
    #expect(done.stepsOfBefore == [.brain] && !FileManager.default.fileExists(atPath: picture.path))
  }

  @Test func whatIsNoTransformIsNamed() throws {
    let pair = try RawPair(hasHead: false)
    let file = pair.folder.appendingPathComponent("own.txt")
    try Data("1 0 0 0\n".utf8).write(to: file)
    #expect(throws: RegistrationError.transformText(path: file.path, fault: .noITKHeader)) {
      try pair.preparation({ $0.registration = .file(file) }).single(try pair.input)
    }
    #expect(throws: Fault.self) {
      try pair.preparation({ $0.registration = .file(pair.folder.appendingPathComponent("none.txt")) }).single(
        try pair.input)
    }
  }
}
