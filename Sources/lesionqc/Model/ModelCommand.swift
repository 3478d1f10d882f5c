import ArgumentParser

struct ModelCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "model", abstract: "Make a model folder from a checkpoint, look at one, and check one.",
    subcommands: [
      ModelImportCommand.self, ModelInfoCommand.self, ModelVerifyCommand.self, ModelProbabilityCommand.self,
      ModelIntensitiesCommand.self,
    ])
}
