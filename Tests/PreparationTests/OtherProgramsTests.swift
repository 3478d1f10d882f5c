import Analysis
import Archive
import Foundation
import Programs
import Registration
import Results
import Testing
import Volumes

@testable import Preparation

/// Registration and bias correction by other programs, and the page.
@Suite(.serialized) struct OtherProgramsTests {
  static let hasElastix = (try? Program("elastix")) != nil

  @Test(.enabled(if: hasElastix)) func elastixFindsTheTransform() throws {
    let pair = try RawPair()
    guard case .done(let done) = try pair.preparation({ $0.registration = .elastix }).single(try pair.input) else {
      Issue.record("not done")
      return
    }
    let step = try #require(done.steps.first { $0.name == .registration })
    #expect(step.tool == "elastix" && step.version?.first?.isNumber == true && step.programSHA256?.count == 64)
    #expect(try #require(step.figures?.forwardBackwardMillimetres) < 1)
    let text = try String(contentsOf: pair.prepared.transform, encoding: .utf8)
    let found = try ITKTransformFile.affine(in: text, path: "x")
    let error = Displacement(of: found, from: pair.truth.affine, over: pair.points)
    #expect(error.meanMillimetres < 0.8, "\(error)")
    let left = try FileManager.default.contentsOfDirectory(atPath: pair.output.path)
    #expect(!left.contains { $0.hasPrefix(".lesionqc-") })
  }

  /// The numbers of elastix's file are those of an Euler transform of ITK, Rz Rx Ry about a centre.
  @Test func itsFileIsReadAsITKReadsIt() throws {
    let text = """
      // comment
      (Transform "EulerTransform")
      (TransformParameters 0.1 0 0 1 2 3)
      (CenterOfRotationPoint 10 20 30)
      (ComputeZYX "false")
      """
    let affine = try ITKTransformFile.affine(in: ElastixRegistration.itkText(text), path: "x")
    // LPS: x stays and moves by 1; the centre (20, 30) of y and z is turned about x. In RAS+ x and y change sign.
    let centre = affine.world(-10, -20, 30)
    #expect(abs(centre.x + 11) < 1e-9 && abs(centre.y + 22) < 1e-9 && abs(centre.z - 33) < 1e-9, "\(centre)")
    let above = affine.world(-10, -20, 31)
    // A step along z turned by 0.1 about x: (0, -sin, cos) in LPS.
    #expect(abs(above.y - centre.y - sin(0.1)) < 1e-9 && abs(above.z - centre.z - cos(0.1)) < 1e-9, "\(above)")
  }

  @Test func aBiasFieldIsTakenAwayBeforeTheCut() throws {
    let pair = try RawPair(hasHead: false)
    // A program that hands the image on doubled would change every voxel; here one made beforehand for each image.
    let flair = try NIfTIFile.read(pair.flair.path)
    let t1w = try NIfTIFile.read(pair.t1w.path)
    for (image, name) in [(flair, "flair"), (t1w, "t1w")] {
      try NIfTIWriter.write(
        image.volume.map { $0 * 2 }, like: image.header, to: pair.folder.appendingPathComponent(name + ".nii.gz").path)
    }
    let calls = pair.folder.appendingPathComponent("calls")
    let command = try pair.command(
      "if [ -f '\(calls.path)' ]; then cp '\(pair.folder.path)/t1w.nii.gz' \"$2\"; "
        + "else cp '\(pair.folder.path)/flair.nii.gz' \"$2\"; fi; echo >> '\(calls.path)'")
    guard case .done(let done) = try pair.preparation({ $0.bias = command }).single(try pair.input) else {
      Issue.record("not done")
      return
    }
    #expect(done.steps.map(\.name) == [.bias, .brain, .registration, .images])
    let mask = try NIfTIFile.read(pair.prepared.mask.path).volume.voxels
    let made = try NIfTIFile.read(pair.prepared.flair.path).volume.voxels
    #expect(zip(zip(made, flair.volume.voxels), mask).allSatisfy { $0.0 == ($1 != 0 ? $0.1 * 2 : 0) })
    // Another image, on its grid or not, is no corrected one.
    for script in ["cp '\(pair.folder.path)/t1w.nii.gz' \"$2\"", "cp '\(pair.brainMask.path)' \"$2\"; exit 4"] {
      let bad = try pair.command(script)
      #expect(throws: (any Error).self) {
        try pair.preparation({ $0.bias = bad }, overwrite: true).single(try pair.input)
      }
    }
  }

  @Test func thePageShowsFiguresAndPictures() throws {
    let pair = try RawPair()
    guard case .done(let done) = try pair.preparation().single(try pair.input) else {
      Issue.record("not done")
      return
    }
    let page = try String(contentsOf: pair.output.appendingPathComponent("sub-01.html"), encoding: .utf8)
    #expect(page.matches(of: #/<img src="data:image\/png;base64,/#).count == 5)
    #expect(page.contains("default-src 'none'") && !page.contains("<script") && page.contains("SYNTHETIC"))
    let figures = try #require(done.steps.compactMap(\.figures).first)
    #expect(
      page.contains(String(format: "%.3f before, %.3f after", figures.informationBefore, figures.informationAfter)))
    #expect(!page.contains(pair.folder.lastPathComponent))
    #expect(page.utf8.count < 2_000_000, "\(page.utf8.count)")
  }
}
