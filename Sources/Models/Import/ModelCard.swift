import Networks

/// The program that imports a model, as model.json and the model card name it.
public struct ImportingProgram: Sendable {
  /// Name and version.
  public let identity: String
  /// What every output of the program says about it, one sentence.
  public let disclaimer: String

  public init(name: String, version: String, disclaimer: String) {
    (identity, self.disclaimer) = ("\(name) \(version)", disclaimer)
  }
}

/// The card of an imported model: what is known of it, and that its quality is not.
struct ModelCard {
  let title: String
  /// A noun phrase: project, architecture, number of parameters.
  let network: String
  let program: ImportingProgram
  let channelOrder: ChannelOrder
  /// What follows the order of the channels.
  let input: String
  let sources: [(name: String, digest: String)]
  var trainingData: String?
  let licence: String?

  private var contrasts: String {
    if channelOrder.channels.count == 1 { return "FLAIR alone" }
    return "FLAIR and MPRAGE (T1w), in this order"
      + (channelOrder.isExchanged ? " (trained on T1w first; its first layers were exchanged at import)" : "")
  }

  var text: String {
    """
    # \(title)

    \(network), imported by \(program.identity). \(program.disclaimer)

    ## Input

    \(contrasts); \(input)

    ## Origin

    | file | SHA-256 |
    | --- | --- |
    \(sources.map { "| \($0.name) | `\($0.digest)` |" }.joined(separator: "\n"))

    Training data: \(trainingData ?? "not stated"). Licence: \(licence ?? "not stated").

    ## Metrics

    Unknown. How well it finds lesions has to be measured on cases with a reference mask before anybody relies on it.

    """
  }
}

extension ModelFolder.Contract {
  /// The contract in one paragraph of a model card.
  ///
  /// - Parameter outputs: of the network.
  func sentences(outputs: Int) -> String {
    let spacing =
      spacingMillimetres.map { "voxels of \($0.map { "\($0)" }.joined(separator: " × ")) mm" }
      ?? "the images' own voxel size"
    let scaling = normalisation == .zscoreNonzero ? "zscore-nonzero" : normalisation.lines.joined(separator: ", then ")
    let probability = outputActivation ?? (outputs == 1 ? .sigmoid : .softmax)
    return """
      \(brainExtracted ? "brain-extracted" : "whole heads"); normalisation \
      \(scaling); axes \(orientation == "asStored" ? "as stored" : orientation); \
      \(spacing). Window \(window.map(String.init).joined(separator: " × ")), overlap \(overlap), \
      \(importance.rawValue) importance; lesion where \(probability.rawValue) exceeds \(threshold). \
      This is what the person who imported the model stated; the weights cannot confirm it.
      """
  }
}
