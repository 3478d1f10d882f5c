/// What an nnU-Net v2 checkpoint says beside its weights.
struct NNUNetOrigin {
  let trainer: String
  let configuration: String
  let mirrorAxes: [Int]

  /// - Throws: ``NetworkError/malformed(file:reason:)``.
  init(_ checkpoint: TorchCheckpoint) throws {
    func fail(_ reason: String) -> NetworkError { .malformed(file: checkpoint.path, reason: reason) }
    guard let trainer = checkpoint.root["trainer_name"]?.asString,
      let configuration = checkpoint.root["init_args"]?["configuration"]?.asString
    else {
      throw fail("has no \"trainer_name\" and \"init_args\": not a checkpoint of nnU-Net v2")
    }
    self.trainer = trainer
    self.configuration = configuration
    switch checkpoint.root["inference_allowed_mirroring_axes"] {
    case nil, PickleValue.none?: mirrorAxes = []
    case let value?:
      guard let items = value.elements else { throw fail("\"inference_allowed_mirroring_axes\" is no list of axes") }
      let axes = items.compactMap(\.asInteger).filter { (0...2).contains($0) }
      guard axes.count == items.count, Set(axes).count == axes.count else {
        throw fail("\"inference_allowed_mirroring_axes\" is no list of different axes from 0 to 2")
      }
      mirrorAxes = axes.sorted()
    }
  }
}
