import Foundation

extension Executor {
  /// Seconds that each step of a forward pass and of a gradient takes, the fastest of `rounds`, for the work on its speed:
  /// processor time over all threads divided by their number, which other programs on the machine disturb least.
  public func profile(spatialShape: [Int], rounds: Int) throws -> [(label: String, isGradient: Bool, seconds: Double)] {
    let plan = try plan(for: spatialShape)
    for i in plan.input.indices { plan.input[i] = Float(i &* 7919 % 1000) / 250 - 2 }
    for i in plan.cotangent.indices { plan.cotangent[i] = Float(i &* 104_729 % 1000) / 500 - 1 }
    let steps = plan.forwardSteps + plan.gradientSteps
    var fastest = Array(repeating: Double.infinity, count: steps.count)
    for _ in 0..<rounds {
      for (index, step) in steps.enumerated() {
        let start = Self.processorSeconds()
        try step.run()
        fastest[index] = min(fastest[index], (Self.processorSeconds() - start) / Double(threads))
      }
    }
    return steps.indices.map {
      (label: steps[$0].label, isGradient: $0 >= plan.forwardSteps.count, seconds: fastest[$0])
    }
  }

  private static func processorSeconds() -> Double {
    var time = timespec()
    clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &time)
    return Double(time.tv_sec) + Double(time.tv_nsec) * 1e-9
  }

  /// Bytes of the working memory for a window of this shape, weights not counted.
  public func workingBytes(spatialShape: [Int]) throws -> Int { try plan(for: spatialShape).workingBytes }
}
