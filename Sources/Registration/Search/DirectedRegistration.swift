import Volumes

/// Finds the transform from one image to another: a coarse search from many starts, three levels, and a second pass
/// inside a region.
struct DirectedRegistration {
  let fixed: PreparedImage
  let moving: PreparedImage
  let isForward: Bool
  private(set) var stages: [RegistrationReport.Stage] = []

  /// Rotations about each axis that the coarse search starts from.
  private static let startDegrees = [-30.0, -15, 0, 15, 30]
  /// Starts that are followed at the coarse level, and of those at the medium level.
  private static let coarseStarts = 20
  private static let mediumStarts = 4
  /// A transform that brings fewer of the points into the moving image is not considered.
  static let leastOverlap = 0.4

  init(fixed: PreparedImage, moving: PreparedImage, isForward: Bool) {
    self.fixed = fixed
    self.moving = moving
    self.isForward = isForward
  }

  /// The first pass, over the whole head; nil where the images overlap nowhere.
  mutating func firstPass() -> RigidTransform? {
    var candidates = starts()
    candidates = optimised(candidates, .coarse)
    candidates = optimised(Array(candidates.prefix(Self.mediumStarts)), .medium)
    return optimised(Array(candidates.prefix(1)), .fine).first
  }

  /// The second pass, over a region.
  mutating func secondPass(from start: RigidTransform, keeps: (WorldPoint) -> Bool) -> RigidTransform? {
    let points = SamplePoints(of: fixed, level: .masked, keeps: keeps)
    return optimised([start], .masked, points, isSecondPass: true).first
  }

  /// The most promising of a grid of rotations about the centre of the head, each with the shift of the headers and
  /// with that of the centres.
  private func starts() -> [RigidTransform] {
    let points = SamplePoints(of: fixed, level: .coarse, keeps: fixed.showsHead)
    guard points.count > 0 else { return [] }
    var measure = MutualInformation(points, moving: moving, level: .coarse)
    let (from, to) = (fixed.centre, moving.centre)
    let shifts = [SIMD3<Double>.zero, SIMD3(to.x - from.x, to.y - from.y, to.z - from.z)]
    let radians = Self.startDegrees.map { $0 * .pi / 180 }
    var found: [(information: Double, transform: RigidTransform)] = []
    for shift in shifts {
      for z in radians {
        for y in radians {
          for x in radians {
            let transform = RigidTransform(rotationVector: SIMD3(x, y, z), about: from, translationMillimetres: shift)
            let value = measure.evaluate(transform, wantsGradient: false)
            if value.overlap >= Self.leastOverlap { found.append((value.information, transform)) }
          }
        }
      }
    }
    // Sorting is stable: the first of equals stays first.
    return found.sorted { $0.information > $1.information }.prefix(Self.coarseStarts).map(\.transform)
  }

  private mutating func optimised(_ starts: [RigidTransform], _ level: Level) -> [RigidTransform] {
    guard !starts.isEmpty else { return [] }
    let points = SamplePoints(of: fixed, level: level, keeps: fixed.showsHead)
    return optimised(starts, level, points, isSecondPass: false)
  }

  /// The best transform near each start, best first, each once.
  private mutating func optimised(
    _ starts: [RigidTransform], _ level: Level, _ points: SamplePoints, isSecondPass: Bool
  ) -> [RigidTransform] {
    guard points.count > 0 else { return [] }
    var measure = MutualInformation(points, moving: moving, level: level)
    let search = BFGS(
      firstStep: level.deviationMillimetres / 2, longestStep: 4 * level.deviationMillimetres,
      tolerance: level.toleranceMillimetres, maximumIterations: 60)
    var found: [(value: Double, transform: RigidTransform)] = []
    var iterations = 0
    for start in starts {
      let step = RigidStep(from: start, centre: points.centre)
      let minimum = search.minimise([Double](repeating: 0, count: 6)) { parameters in
        let value = measure.evaluate(step.transform(parameters))
        guard value.overlap >= Self.leastOverlap else { return (.infinity, [Double](repeating: 0, count: 6)) }
        return (-value.information, step.gradient(parameters, force: value.force, torque: value.torque).map { -$0 })
      }
      iterations += minimum.iterations
      if minimum.value.isFinite { found.append((minimum.value, step.transform(minimum.parameters))) }
    }
    stages.append(
      RegistrationReport.Stage(
        isForward: isForward, level: level.number, isSecondPass: isSecondPass, samples: points.count,
        iterations: iterations, evaluations: measure.evaluations))
    var kept: [RigidTransform] = []
    let corners = [-60.0, 60].flatMap { x in
      [-60.0, 60].map { y in WorldPoint(x: points.centre.x + x, y: points.centre.y + y, z: points.centre.z + x * y / 60)
      }
    }
    for (_, transform) in found.sorted(by: { $0.value < $1.value }) {
      let isNew = kept.allSatisfy {
        Displacement(of: transform, from: $0, over: corners).meanMillimetres > level.deviationMillimetres
      }
      if isNew { kept.append(transform) }
    }
    return kept
  }
}
