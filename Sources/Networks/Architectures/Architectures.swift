/// The architectures that model.json may name.
package enum Architectures {
  package static let known: [any ArchitectureConfiguration.Type] = [
    UNetConfiguration.self, DynUNetConfiguration.self, PlainConvUNetConfiguration.self,
    ResidualEncoderUNetConfiguration.self, SwinUNETRConfiguration.self,
  ]

  package static func type(named name: String) -> (any ArchitectureConfiguration.Type)? {
    known.first { $0.name == name }
  }
}
