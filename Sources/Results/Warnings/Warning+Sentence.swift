import Foundation

extension Warning {
  /// The warning in words, for a reader of the report and for the terminal.
  public var sentence: String {
    let image = images.joined(separator: " and ")
    switch code {
    case .swappedByWhiteMatter:
      return "White matter is brighter against the cortex in FLAIR than in MPRAGE: the two images look swapped."
    case .swappedByLesions: return "Lesions are brighter in MPRAGE than in FLAIR: the two images look swapped."
    case .headShown: return "The images show the head; do not share this report without a brain mask."
    case .mprageResliced: return "MPRAGE was resampled onto the FLAIR grid by header (\(text("difference")))."
    case .contrastAgent:
      return "\(image) was taken with a contrast agent (ce-\(text("agent"))): enhancing lesions look otherwise than in "
        + "the images that networks are usually trained on."
    case .derivedImage:
      return "\(image) is a processed or otherwise reconstructed image by its name (\(text("entities"))): volumes and "
        + "intensities may differ from the plain image's."
    case .maskResliced:
      return "The \(image) was resampled onto the FLAIR grid by nearest neighbour (\(text("difference"))): "
        + "\(volume("beforeMillilitres")) before, \(volume("afterMillilitres")) after."
    case .probabilityResliced:
      return "The \(image) was resampled onto the FLAIR grid by header (\(text("difference")))."
    case .takenByVoxelIndex:
      return "The \(image) lies where the qform of FLAIR has its grid, and the sform has it elsewhere "
        + "(\(text("difference"))): taken voxel by voxel."
    case .mpragePartlyCovers where values["centresMillimetres"] == nil:
      return "MPRAGE covers \(percent("coverage")) of the brain as it was registered. What it lacks is 0."
    case .mpragePartlyCovers:
      return "MPRAGE covers \(percent("coverage")) of the brain, and the headers put the centres of the two images "
        + "\(count("centresMillimetres")) mm apart: they may not be registered. What one of them lacks is left out."
    case .brainOfOneImage:
      return "FLAIR shows \(count("flairMillilitres")) ml and MPRAGE \(count("mprageMillilitres")) ml that are not 0: "
        + "the brain of \(text("taken")) was taken for both."
    case .softMask:
      return "The \(image) holds fractions, cut at 0.5: \(volume("beforeMillilitres")) that are not 0 before, "
        + "\(volume("afterMillilitres")) after."
    case .brainMaskVolume:
      return "The brain mask has \(count("millilitres")) ml, a brain has \(count("minimumMillilitres")) to "
        + "\(count("maximumMillilitres")) ml: it may not be the mask of this brain."
    case .maskVolumeImplausible:
      return "The mask has \(volume("millilitres"))"
        + (values["fraction"] == nil ? "" : ", \(percent("fraction")) of the brain")
        + ": more than lesions have. The network may not have worked on these images."
    case .lesionsOutsideBrain:
      return "\(count("voxels")) voxels of lesions (\(volume("millilitres"))) lie outside the brain."
    case .oneLargeLesion:
      return "One lesion holds \(percent("fraction")) of \(volume("millilitres")): its place in the order says little "
        + "about its parts."
    case .manyLesions:
      return "\(count("lesions")) lesions, more than "
        + (values["calibrated"] == nil
          ? "\(count("limit")): rare in any patient."
          : "three times the \(count("calibrated")) that a patient of the calibration has at most.")
        + " The network may not have worked on these images."
    case .noLesions:
      return
        "The network found no lesion: look at the images, and at the candidates, before that is taken for an answer."
    case .negativeVoxels:
      return "\(image): \(volume("millilitres")) (\(percent("fraction"))) of what is not 0 is negative, as splines "
        + "leave it around a brain: give a brain mask, or resample otherwise."
    case .nearZeroRim:
      return "\(image): a rim of \(volume("millilitres")) next to 0 (\(percent("fraction"))) lies around the brain, as "
        + "splines leave it: give a brain mask, or resample otherwise."
    case .backgroundNotZero: return "\(image): the background is \(text("value")) and was taken for 0."
    case .thickSlices:
      return "2D \(image): slices of \(edges("thicknessMillimetres")) mm over \(edges("inPlaneMillimetres")) mm in "
        + "plane. Lesions may be missed, and volumes are uncertain; the consensus protocol asks for 3D, "
        + (number("thicknessMillimetres") > number("acceptedMillimetres")
          ? "or slices of at most \(edges("acceptedMillimetres")) mm." : "and accepts 2D up to 3 mm.")
    case .thickVoxels:
      return "\(image): voxels of \(edges("voxelMillimetres")) mm. In slices of \(edges("thicknessMillimetres")) mm "
        + "small lesions may be missed, and their volume is uncertain."
    case .anisotropicVoxels:
      return "\(image): voxels of \(edges("voxelMillimetres")) mm, far from a cube. Shapes and saliency are coarser "
        + "along one axis."
    case .brainCutAtTop: return "The top slice of the FLAIR still shows brain: lesions above it are not in this report."
    case .brainCutAtBottom:
      return "The bottom slice of the FLAIR still shows much brain: lesions below it are not in this report."
    case .voxelsUnlikeTraining:
      return "The FLAIR has voxels of \(edges("voxelMillimetres")) mm, the network was trained at "
        + "\(edges("trainingMillimetres")) mm: expect more errors than its model card says."
    case .intensitiesUnlikeTraining:
      return "The \(image) is unlike the \(count("patients")) patients that the network was trained on: "
        + "\(String(format: "%.0f", number("level") * 100)) % of the brain lies below \(fixed("standardDeviations")) "
        + "SD, there \(fixed("trainingMinimum")) to \(fixed("trainingMaximum")). Expect more errors than the model "
        + "card says."
    case .calibrationNotUsed: return "The model's calibration is not used: it \(refusal)."
    case .calibrationFittedOnThisPatient:
      return "The calibration was fitted on this very patient: the error scores look better than they are."
    case .calibrationNotOfAKind:
      return
        "The calibration's patients and this one are not of a kind: \(unlikeness). Findings are ordered by it, and no "
        + "probability of an error, number of expected errors or cut-off is stated."
    case .calibrationOfFewerSamples:
      return "The error scores were calibrated on maps of \(count("minimumSamples")) to \(count("maximumSamples")) "
        + "noise samples, these have up to \(count("samples")): maxima fall a little as samples are added, so that the "
        + "scores are shifted."
    case .scoresExtrapolated:
      return "The error scores of \(text("findings")) are extrapolated: their features lie outside the range of the "
        + "patients that the calibration was made with."
    case .header, .headerDoubtful: return "\(image): \(text("fault"))"
    }
  }

  // A value that a damaged file lacks is shown as such, never a reason to stop.
  private func number(_ name: String) -> Double {
    if case .number(let value)? = values[name] { return value }
    return .nan
  }

  private func percent(_ name: String) -> String { String(format: "%.1f %%", 100 * number(name)) }

  private func volume(_ name: String) -> String { String(format: "%.2f ml", number(name)) }

  private func count(_ name: String) -> String { String(format: "%.0f", number(name)) }

  private func fixed(_ name: String) -> String { String(format: "%.2f", number(name)) }

  private func text(_ name: String) -> String {
    switch values[name] {
    case .text(let text)?: text
    case .texts(let texts)?: texts.joined(separator: ", ")
    default: "?"
    }
  }

  private func edges(_ name: String) -> String {
    var edges = [number(name)]
    if case .numbers(let several)? = values[name] { edges = several }
    return edges.map { String(format: "%.2g", $0) }.joined(separator: " × ")
  }
}

/// What ``Warning/Code/calibrationNotOfAKind`` says.
extension Warning {
  fileprivate var unlikeness: String {
    guard case .texts(let codes)? = values["reasons"] else { return "?" }
    return codes.map { code in
      switch CalibrationUse.Unlike(rawValue: code) {
      case .synthetic: "they are synthetic"
      case .manufacturer: "another manufacturer of the scanner"
      case .manufacturerUnknown: "the scanner's manufacturer is not known of both"
      case .fieldStrength: "another field strength"
      case .fieldStrengthUnknown: "the field strength is not known of both"
      case .features: "more than 10 % of the features lie outside their range"
      case nil: "?"
      }
    }.joined(separator: "; ")
  }
}

/// What ``Warning/Code/calibrationNotUsed`` says.
extension Warning {
  /// Why error scores of the calibration would not hold, after "it".
  public var refusal: String {
    values["differences"] == nil
      ? "was made with \(count("calibratedSamples")) noise samples, this run has \(count("samples"))"
      : "was made with other settings (\(text("differences")))"
  }

  /// For who runs the program.
  public var remedy: String {
    values["differences"] == nil
      ? "use \(count("calibratedSamples")) noise samples or more" : "use its settings, or calibrate with yours"
  }
}
