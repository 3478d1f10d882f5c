import Networks

/// The card of an imported model: what is known of it, and that its quality is not.
struct ModelCard {
  let title: String
  let architecture: String
  /// The project that the architecture is from, with its article.
  let project: String
  let parameterCount: Int
  let contract: ModelFolder.Contract
  let licence: String?
  let sources: [(name: String, digest: String)]

  var text: String {
    let spacing =
      contract.spacingMillimetres.map { "voxels of \($0.map { "\($0)" }.joined(separator: " × ")) mm" }
      ?? "the images' own voxel size"
    return """
      # \(title)

      \(project) `\(architecture)` of \(parameterCount) parameters, imported by \(Product.name) \(Product.version). \(Product.disclaimer)

      ## Input

      FLAIR and MPRAGE (T1w), in this order; \(contract.brainExtracted ? "brain-extracted" : "whole heads"); normalisation \
      \(contract.normalisation.rawValue); axes \(contract.orientation == "asStored" ? "as stored" : contract.orientation); \
      \(spacing). Window \(contract.window.map(String.init).joined(separator: " × ")), overlap \(contract.overlap), \
      \(contract.importance.rawValue) importance; lesion where softmax exceeds \(contract.threshold). This is what the person who \
      imported the model stated; the weights cannot confirm it.

      ## Origin

      | file | SHA-256 |
      | --- | --- |
      \(sources.map { "| \($0.name) | `\($0.digest)` |" }.joined(separator: "\n"))

      Training data: not stated. Licence: \(licence ?? "not stated").

      ## Metrics

      Unknown. How well it finds lesions has to be measured on cases with a reference mask before anybody relies on it.

      """
  }
}
