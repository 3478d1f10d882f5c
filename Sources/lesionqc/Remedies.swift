import Checkpoints
import Models
import Results

/// The options of the command line that take the ways out which errors offer.
extension CheckpointError.Remedy {
  var options: String {
    switch self {
    case .chooseKey: "choose one with --key"
    case .nameKey: "name their place with --key, such as --key a.b"
    case .leaveKeyOut: "leave --key out"
    }
  }
}

extension ModelError.Remedy {
  var options: String {
    switch self {
    case .nameProbe: "name one with --probe"
    case .nameFolds: "name what there is with --fold, such as all"
    case .nameLesionClass: "say which is the lesion: --lesion-class"
    case .takePrefix(let prefix): "import them with --prefix \(prefix)"
    case .state(let setting): "state it with --\(setting.rawValue)"
    case .replace: "replace it with --overwrite"
    }
  }
}

extension MaskRole {
  /// The option that names labels of this mask.
  var labelOption: String {
    switch self {
    case .lesions: "--mask-label"
    case .reference: "--reference-label"
    case .brain: "--brain-label"
    case .corrected: "--corrected-label"
    }
  }
}

extension Warning {
  /// One line for the terminal, with the option that would help.
  var line: String {
    switch code {
    case .negativeVoxels, .nearZeroRim, .headShown: "\(sentence) (--brain-mask)"
    default: sentence
    }
  }
}

extension Fault.Remedy {
  var options: String {
    switch self {
    case .replace: "use --overwrite to replace it"
    case .replaceOrOtherFolder: "use --overwrite to replace it, or another output folder"
    case .otherPlace: "choose another place with --output"
    case .runFirst: "run 'lesionqc run' first"
    case .runAgain: "run the patient again with --overwrite"
    case .gather: "'lesionqc run BIDS_DIR OUTPUT_DIR group' writes it again"
    case .drawAgain: "save the report again, or draw it with 'lesionqc report'"
    case .chooseImage: "choose one with --bids-filter-file, or use 'lesionqc patient' with explicit files"
    case .reslice: "register or reslice it first, or use --reslice to resample it by header"
    case .brainMask: "remove skull and background (set them to 0) or give --brain-mask"
    case .brainMaskOrCommand: "give --brain-mask FILE or --brain-command 'hd-bet -i {in} -o {out}'"
    case .lookAtRegistration(let picture, let isOfUser):
      Self.registrationWords(picture, isOfUser, "one of your own with --transform FILE")
    case .nameLabel(let role): "name the one that is meant with \(role.labelOption) N[,N]"
    case .runNetwork:
      "run the patients with 'lesionqc run --model' into a folder of their own, or leave this one out; "
        + "'lesionqc report --reference' compares the mask of another tool"
    case .nameImages: "name the folder that holds it with --images, or run the patient again"
    case .choosePseudonym: "choose a pseudonym with --id, such as 'patient07'"
    case .nameKey:
      "give the output folder that the report was made in, and --pseudonym-key if it was shared under a pseudonym"
    case .installBrowser:
      "for --pdf install Chromium ('apt-get install chromium'), or print the report from any browser"
    case .makeCalibration: "make one with 'lesionqc calibrate'"
    case .withoutCalibration(let other): "\(other), or use no calibration (--calibration none)"
    case .makeIntensities: "make it again with 'lesionqc model intensities', or remove it"
    case .withoutMirroring: "leave --mirror out"
    case .drawBlindness(let isBlind):
      "draw it again with 'lesionqc report OUTPUT_DIR\(isBlind ? " --blind" : "") --overwrite'"
    case .nameLayer: "name one with --layer"
    case .otherFolder, .plain: description
    }
  }
}
