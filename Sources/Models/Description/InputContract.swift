import Networks

/// What happens to images before a network and to its logits after it, in words: all of it, for a person who compares
/// with the program that the network is from.
public struct InputContract {
  /// Titles with their texts, in the order of the steps.
  public let lines: [(title: String, text: String)]

  public init(_ description: ModelDescription) {
    let preprocessing = description.preprocessing
    var lines: [(title: String, text: String)] = [
      ("channels", description.channels.joined(separator: ", ")),
      ("brain-extracted", description.brainExtracted ? "yes" : "no, whole heads"), ("axes", Self.axes(description)),
    ]
    if let preprocessing {
      lines.append(("crop", "to the box of voxels that are not 0 in some channel"))
      for (channel, scheme) in zip(description.channels, preprocessing.normalisation) {
        lines.append(("normalisation", "\(channel): \(scheme.text)"))
      }
    } else {
      lines += description.normalisation.lines.map { ("normalisation", $0) }
    }
    let axes = "along network axes 0, 1, 2"
    if let spacing = description.spacingMillimetres {
      lines.append(("voxel size", "\(spacing.map { "\($0)" }.joined(separator: " x ")) mm \(axes)"))
      lines.append(("resample image", preprocessing?.imageResampling.text ?? "linear"))
    } else {
      lines.append(("voxel size", "the images' own"))
    }
    let sigma =
      description.sigmaScale == Importance.defaultSigmaScale
      ? "" : " of sigma \(description.sigmaScale.map { "\($0)" }.joined(separator: " x ")) windows"
    let mirrored = description.mirrorAxes.map { "\($0)" }.joined(separator: ", ")
    lines += [
      (
        "window",
        "\(description.window.map(String.init).joined(separator: " x ")) voxels \(axes), "
          + "overlap \(description.overlap), importance \(description.importance.rawValue)\(sigma), "
          + "tiling \(description.tiling.rawValue)\(Self.padding(description.padding))"
      ), ("mirroring", mirrored.isEmpty ? "none" : "on request, along network axes \(mirrored)"),
    ]
    if description.spacingMillimetres != nil {
      lines.append(("resample logits", preprocessing?.logitResampling.text ?? "linear"))
    }
    let outputs = description.outputChannels
    let probability =
      switch description.outputActivation {
      case .softmax: "softmax of class \(description.lesionClass) of \(outputs)"
      case .sigmoid:
        outputs == 1 ? "sigmoid of the one output" : "sigmoid of output \(description.lesionClass) of \(outputs)"
      }
    lines.append(("threshold", "\(probability) above \(description.threshold)"))
    self.lines = lines
  }

  /// Nothing for zeros, which are the rule.
  private static func padding(_ padding: Padding) -> String {
    switch padding {
    case .constant(0): ""
    case .constant(let value): ", padding with \(value)"
    default: ", \(padding.mode.rawValue) padding"
    }
  }

  /// Which axes of the image the network's are.
  private static func axes(_ description: ModelDescription) -> String {
    let turned =
      switch description.orientation {
      case .asStored: "as stored"
      case .axes(let code): "turned to \(code)"
      }
    // nnU-Net's arrays count the image's axes from the last one.
    let order = description.preprocessing.map { $0.transposeForward.map { 2 - $0 } } ?? [0, 1, 2]
    let names = order.map { ["i", "j", "k"][$0] }.joined(separator: ", ")
    let plan = description.preprocessing.map { ", transposeForward \($0.transposeForward) of k, j, i" } ?? ""
    return "\(turned); network axes 0, 1, 2 are the image's \(names)\(plan)"
  }
}

extension NNUNetPreprocessing.Normalisation {
  fileprivate var text: String {
    switch self {
    case .zScore(useMask: true):
      "ZScoreNormalization, useMask true: over the head (not 0 in some channel, holes filled); the rest stays as it is"
    case .zScore(useMask: false): "ZScoreNormalization, useMask false: over the cropped box"
    case .fixed(let mean, let deviation, let lower, let upper):
      "CTNormalization: cut to \(lower) to \(upper), less \(mean), divided by \(deviation)"
    case .rescaleTo01: "RescaleTo01Normalization: lowest value 0, highest 1"
    case .none: "NoNormalization"
    }
  }
}

extension NNUNetPreprocessing.Resampling {
  fileprivate var text: String {
    let separate =
      switch forceSeparateZ {
      case true?: "always"
      case false?: "never"
      case nil: "where voxels are anisotropic"
      }
    return "splines of order \(order); the coarse axis on its own \(separate)"
      + (forceSeparateZ == false ? "" : ", there of order \(orderZ)")
  }
}
