import Testing
import Volumes

@testable import Registration

@Suite struct ITKTransformFileTests {
  static let header = "#Insight Transform File V1.0\n#Transform 0\n"
  static let identity = "Parameters: 1 0 0 0 1 0 0 0 1 0 0 0\nFixedParameters: 0 0 0\n"

  struct Reference: Sendable {
    let kind: String
    let parameters: String
    let fixed: String
    /// Where the point (10, -20, 30) mm, RAS+, goes.
    let point: [Double]

    init(_ kind: String, _ parameters: String, _ fixed: String, _ point: [Double]) {
      self.kind = kind
      self.parameters = parameters
      self.fixed = fixed
      self.point = point
    }
  }

  static let nine = "1.01 0.02 -0.03 0.01 0.98 0.05 0 -0.04 1.02 4 5 -6"
  /// Texts written by SimpleITK 2.5.7 and its `TransformPoint`.
  static let references: [Reference] = [
    Reference(
      "Euler3DTransform_double_3_3", "0.1 -0.2 0.3 4 5 -6", "1 -2 3 0",
      [16.176462440739677, -16.825934404541382, 23.351489072484327]),
    Reference(
      "Euler3DTransform_double_3_3", "0.1 -0.2 0.3 4 5 -6", "1 -2 3 1",
      [16.487364308021892, -16.44514649230497, 23.296790885862983]),
    Reference(
      "VersorRigid3DTransform_double_3_3", "0 0.11920159847703672 0.158935464636049 4 5 -6", "1 -2 3",
      [5.676856613263846, -21.484706900967108, 26.63646982427467]),
    Reference("AffineTransform_double_3_3", nine, "1 -2 3", [6.4799999999999995, -25.8, 23.66]),
    Reference("MatrixOffsetTransformBase_float_3_3", nine, "1 -2 3", [6.4799999999999995, -25.8, 23.66]),
  ]

  @Test(arguments: references) func pointsGoWhereITKTakesThem(_ reference: Reference) throws {
    let text =
      Self.header + "Transform: \(reference.kind)\nParameters: \(reference.parameters)\n"
      + "FixedParameters: \(reference.fixed)\n"
    let point = try ITKTransformFile.affine(in: text, path: "a.txt").world(10, -20, 30)
    for (found, wanted) in zip([point.x, point.y, point.z], reference.point) { #expect(abs(found - wanted) < 1e-12) }
  }

  /// What is written is read back to the bit, and by ITK: LPS+ changes the sign of x and y.
  @Test func whatIsWrittenIsReadBack() throws {
    let transform = RigidTransform(
      rotationVector: SIMD3(0.01, -0.2, 3e-6), about: WorldPoint(x: 1, y: 2, z: 3),
      translationMillimetres: SIMD3(1e-7, -40, 0.1))
    let text = ITKTransformFile.text(transform, from: "FLAIR", to: "T1w")
    let read = try ITKTransformFile.affine(in: text, path: "a.txt")
    #expect(read == transform.affine)
    #expect(RigidTransform(read) == transform)
    #expect(text.contains("a point of the FLAIR (mm, LPS+) to the point of the T1w"))
    let shift = RigidTransform(
      rotationVector: .zero, about: WorldPoint(x: 0, y: 0, z: 0), translationMillimetres: SIMD3(1, 2, 3))
    let lines = ITKTransformFile.text(shift, from: "FLAIR", to: "T1w").split(separator: "\n")
    #expect(
      lines[3...] == [
        "Transform: AffineTransform_double_3_3", "Parameters: 1.0 0.0 0.0 0.0 1.0 0.0 0.0 0.0 1.0 -1.0 -2.0 3.0",
        "FixedParameters: 0 0 0",
      ])
  }

  static func affine(_ parameters: String, fixed: String = "0 0 0") -> String {
    header + "Transform: AffineTransform_double_3_3\nParameters: \(parameters)\nFixedParameters: \(fixed)\n"
  }

  static let faults: [(String, RegistrationError.TransformFault)] = [
    ("", .noITKHeader), ("1 0 0 0\n0 1 0 0\n0 0 1 0\n", .noITKHeader), (header + "nonsense\n", .lineWithoutColon),
    (header, .missing("Transform")), (header + "Transform:\n", .missing("Transform")),
    (header + "Transform: AffineTransform_double_3_3\nFixedParameters: 0 0 0\n", .missing("Parameters")),
    (header + "Transform: AffineTransform_double_3_3\nParameters: \(nine)\n", .missing("FixedParameters")),
    (affine("1 0 0"), .numbers(field: "Parameters", expected: 12, found: 3)),
    (affine("1 0 0 0 1 0 0 0 1 0 nan 0"), .numbers(field: "Parameters", expected: 12, found: 12)),
    (affine("1 0 0 0 1 0 0 0 1 0 x 0"), .numbers(field: "Parameters", expected: 12, found: 12)),
    (affine(nine, fixed: "0 0 0 0"), .numbers(field: "FixedParameters", expected: 3, found: 4)),
    (affine("1 0 0 0 1 0 0 0 -1 0 0 0"), .notInvertible), (affine("0 0 0 0 0 0 0 0 0 0 0 0"), .notInvertible),
    (header + "Transform: AffineTransform_double_2_2\n" + identity, .unknownKind("AffineTransform_double_2_2")),
    (header + "Transform: BSplineTransform_double_3_3\n" + identity, .unknownKind("BSplineTransform_double_3_3")),
    (header + "Transform: CompositeTransform_double_3_3\n", .unknownKind("CompositeTransform_double_3_3")),
    (affine(nine) + "Transform: AffineTransform_double_3_3\n" + identity, .severalTransforms),
  ]

  @Test(arguments: faults) func faultsAreNamed(_ text: String, _ fault: RegistrationError.TransformFault) {
    #expect(throws: RegistrationError.transformText(path: "own.txt", fault: fault)) {
      try ITKTransformFile.affine(in: text, path: "own.txt")
    }
    let line = RegistrationError.transformText(path: "own.txt", fault: fault).description
    #expect(line.hasPrefix("own.txt: ") && !line.contains("\n"))
  }

  /// Windows' line ends and fields in another order are no fault.
  @Test func otherLineEndsAreRead() throws {
    let text =
      "#Insight Transform File V1.0\r\nFixedParameters: 0 0 0\r\nParameters: 1 0 0 0 1 0 0 0 1 5 0 0\r\n"
      + "Transform: AffineTransform_double_3_3\r\n"
    #expect(try ITKTransformFile.affine(in: text, path: "a.txt").world(0, 0, 0) == WorldPoint(x: -5, y: 0, z: 0))
  }
}
