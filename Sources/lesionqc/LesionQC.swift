import ArgumentParser

@main
struct LesionQC: AsyncParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "lesionqc",
    abstract: "Quality control of multiple sclerosis lesion segmentation: explain, rank and report every lesion.",
    subcommands: [PhantomCommand.self])
}
