import ArgumentParser
import Models
import Networks
import QualityControl
import Results
import Software

struct ModelImportCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "import", abstract: "Make a model folder from a checkpoint. Nothing in the checkpoint is executed.",
    discussion: """
      From a state dict (.pt, .pth, .ckpt of torch 1.6 or later, or .safetensors):

        lesionqc model import --state-dict net.pt --architecture UNet --parameters '{"spatial_dims": 3, …}' \
      --channels FLAIR T1w --normalisation zscore-nonzero --brain-extracted --orientation RAS --spacing own \
      --window 96 96 96 --threshold 0.3 --output models/net

      From a MONAI bundle, which says architecture and window itself:

        lesionqc model import --bundle BUNDLE --channels FLAIR T1w --normalisation zscore-nonzero --brain-extracted \
      --orientation RAS --spacing own --threshold 0.3 --output models/net

      From a result folder of nnU-Net v2, whose plans say everything but brain extraction:

        lesionqc model import --nnunet Dataset001_MS/nnUNetTrainer__nnUNetPlans__3d_fullres --fold 0,1 \
        --brain-extracted \
      --output models/net

      What the weights cannot tell must be stated: a wrong answer gives wrong masks without any error. Parameters \
      that are \
      missing, surplus or of another shape are all listed, and then nothing is written.
      """)

  @OptionGroup(title: "Source") var source: ImportSource
  @OptionGroup(title: "What the network expects") var contract: ImportContract

  @Option(help: "The model's name (default: that of the bundle or of the output folder).") var name: String?
  @Option(help: "The model's version.") var modelVersion: String?
  @Option(help: "The licence of the weights.") var licence: String?
  @Option(
    help: """
      What the network gives in PyTorch (tools/parity/make_probe.py): nothing is written unless the model \
      agrees, and the probe is kept.
      """) var probe: String?
  @Option(help: "Folder to make.") var output: String
  @Flag(help: "Replace a model folder that is there.") var overwrite = false

  func run() throws {
    if let nnunet = source.nnunetImport(contract, name: name) {
      try contract.requireNothingElse()
      var job = NNUNetModelImport(source: nnunet, program: program)
      (job.version, job.licence, job.probePath) = (modelVersion, licence, probe)
      let (outcome, deviation) = try job.write(to: output, overwrite: overwrite)
      let folds = outcome.folds.count == 1 ? "fold" : "folds"
      print(
        "\(output): \(outcome.architectureName), \(outcome.parameterCount) parameters, "
          + "\(folds) \(outcome.folds.joined(separator: ", "))\(agreement(deviation))")
      printNextStep(isProbed: deviation != nil)
      return
    }
    let found = try source.read()
    try contract.requireAgreement(withFLAIRAt: found.flairChannel)
    var job = ModelImport(
      state: found.state, architecture: found.architecture,
      contract: try contract.contract(default: found.inferer, from: found.configurationPath), program: program)
    job.statements = found.statements
    job.name = name ?? found.name
    job.version = modelVersion ?? found.version
    job.licence = licence
    job.configurationPath = found.configurationPath
    job.probePath = probe
    let outcome = try job.write(to: output, overwrite: overwrite)
    let place = outcome.location.isEmpty ? "" : " under \(outcome.location.joined(separator: "."))"
    let prefixes = outcome.removedPrefixes.isEmpty ? "" : ", without the prefix \(outcome.removedPrefixes.joined())"
    let others =
      outcome.leftOutCount == 0
      ? "" : ", \(outcome.leftOutCount) other tensor\(outcome.leftOutCount == 1 ? "" : "s") left out"
    let besides = outcome.besides.isEmpty ? "" : ", not read, no tensors: \(outcome.besides.joined(separator: ", "))"
    print(
      "\(output): \(found.architecture.name), \(outcome.parameterCount) parameters\(place)\(prefixes)\(others)"
        + besides + agreement(outcome.deviation))
    printNextStep(isProbed: outcome.deviation != nil)
  }

  /// What to do with the folder, and that nobody compared it with its origin where that is so.
  private func printNextStep(isProbed: Bool) {
    if !isProbed {
      print(
        "no probe was checked: nothing says that this network gives what its origin gives; make one with "
          + "tools/parity/make_probe.py and import again with --probe")
    }
    print("next: lesionqc patient --flair FLAIR.nii.gz --mprage T1w.nii.gz --model \(output) --output results")
  }

  private var program: ImportingProgram {
    ImportingProgram(name: Software.name, version: Software.version, disclaimer: Software.disclaimer)
  }

  private func agreement(_ deviation: ModelProbe.Deviation?) -> String {
    deviation.map {
      "; agrees with the probe: logits within \($0.logits) of their range, gradient within \($0.gradient)"
    } ?? ""
  }
}
