extension Executor {
  /// Seconds that each step of a forward pass and of a gradient takes, the fastest of `rounds`, for the work on its speed. Wall time:
  /// nothing else should run.
  ///
  /// - Parameter repeats: how often each step runs before the next one does; the time is that of one run. With several, weights and
  ///   what the forward pass saved are met again while they are in the cache, as in a batch of cotangents that goes through the
  ///   network step by step.
  public func profile(spatialShape: [Int], rounds: Int, repeats: Int = 1) throws -> [(
    label: String, isGradient: Bool, seconds: Double
  )] {
    let plan = try plan(for: spatialShape)
    for i in plan.input.indices { plan.input[i] = Float(i &* 7919 % 1000) / 250 - 2 }
    for i in plan.cotangent.indices { plan.cotangent[i] = Float(i &* 104_729 % 1000) / 500 - 1 }
    let steps = plan.forwardSteps + plan.gradientSteps
    var fastest = Array(repeating: Double.infinity, count: steps.count)
    for _ in 0..<rounds {
      for (index, step) in steps.enumerated() {
        let time = try ContinuousClock().measure { for _ in 0..<repeats { try step.run() } }
        fastest[index] = min(fastest[index], time / .seconds(repeats))
      }
    }
    return steps.indices.map {
      (label: steps[$0].label, isGradient: $0 >= plan.forwardSteps.count, seconds: fastest[$0])
    }
  }

  /// Bytes of the working memory for a window of this shape, weights not counted.
  public func workingBytes(spatialShape: [Int]) throws -> Int { try plan(for: spatialShape).workingBytes }
}
