import Files
import Foundation
import Programs
import Registration
import Volumes

/// Rigid registration by the program `elastix` (Klein et al., IEEE Transactions on Medical Imaging 29 (2010) 196–205).
struct ElastixRegistration {
  let program: Program
  /// As it says it: `5.0.1`.
  let version: String

  /// - Throws: `ProgramError` where it is not installed.
  init(log: URL) throws {
    program = try Self.program()
    let words = try program.run(["--version"], log: log, watch: Program.Watch(limitSeconds: 60))
    version =
      words.split(whereSeparator: \.isWhitespace).first { $0.first?.isNumber == true }.map(String.init) ?? "unknown"
  }

  static func program() throws -> Program {
    do { return try Program("elastix") } catch ProgramError.notFound {
      throw ProgramError.notInstalled(program: "elastix", package: "elastix")
    }
  }

  /// elastix's own defaults for rigid registration by mutual information, but for more and finer samples and cubic
  /// splines. The samples are drawn by a generator with a fixed seed.
  static let parameters = """
    (Registration "MultiResolutionRegistration")
    (FixedImagePyramid "FixedRecursiveImagePyramid")
    (MovingImagePyramid "MovingRecursiveImagePyramid")
    (Interpolator "BSplineInterpolator")
    (ResampleInterpolator "FinalBSplineInterpolator")
    (Resampler "DefaultResampler")
    (Metric "AdvancedMattesMutualInformation")
    (Optimizer "AdaptiveStochasticGradientDescent")
    (Transform "EulerTransform")
    (FixedInternalImagePixelType "float")
    (MovingInternalImagePixelType "float")
    (UseDirectionCosines "true")
    (AutomaticScalesEstimation "true")
    (AutomaticTransformInitialization "false")
    (HowToCombineTransforms "Compose")
    (NumberOfResolutions 3)
    (MaximumNumberOfIterations 500)
    (NumberOfHistogramBins 32)
    (NumberOfSpatialSamples 5000)
    (NewSamplesEveryIteration "true")
    (ImageSampler "RandomCoordinate")
    (RandomSeed 121212)
    (ErodeMask "false")
    (WriteResultImage "false")

    """

  /// An image and what of it is compared.
  struct Image {
    let file: URL
    let mask: URL?
  }

  /// - Parameter folder: an empty one.
  /// - Returns: from a point of the fixed image to one of the moving image, mm, RAS+.
  /// - Throws: `ProgramError`, `RegistrationError.transformText`, `CancellationError`.
  func register(fixed: Image, moving: Image, in folder: URL, watch: Program.Watch) throws -> Affine {
    let parameters = folder.appendingPathComponent("rigid.txt")
    try Data(Self.parameters.utf8).write(to: parameters)
    var arguments = ["-f", fixed.file.path, "-m", moving.file.path]
    for (option, mask) in [("-fMask", fixed.mask), ("-mMask", moving.mask)] {
      if let mask { arguments += [option, mask.path] }
    }
    try program.run(
      arguments + ["-out", folder.path, "-p", parameters.path, "-threads", "2"],
      log: folder.appendingPathComponent("log.txt"), watch: watch)
    let result = folder.appendingPathComponent("TransformParameters.0.txt")
    guard let bytes = try? SmallFile.read(result, .description) else {
      throw ProgramError.noOutput(program: program.name)
    }
    return try ITKTransformFile.affine(
      in: Self.itkText(String(decoding: bytes, as: UTF8.self)), path: "the transform of elastix")
  }

  /// elastix's file as an ITK text: the same numbers under other names.
  static func itkText(_ text: String) -> String {
    var fields: [String: String] = [:]
    for line in text.split(whereSeparator: \.isNewline) where line.hasPrefix("(") {
      let words = line.trimmingCharacters(in: CharacterSet(charactersIn: "() ")).split(separator: " ", maxSplits: 1)
      if words.count == 2 { fields[String(words[0])] = String(words[1]) }
    }
    // Angles about z, y, x in the other order have a mark of their own.
    let order = fields["ComputeZYX"]?.contains("true") == true ? "1" : "0"
    return """
      #Insight Transform File V1.0
      #Transform 0
      Transform: Euler3DTransform_double_3_3
      Parameters: \(fields["TransformParameters"] ?? "")
      FixedParameters: \(fields["CenterOfRotationPoint"] ?? "") \(order)

      """
  }
}
