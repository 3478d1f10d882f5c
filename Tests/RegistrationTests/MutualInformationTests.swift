import Foundation
import Testing
import Volumes

@testable import Registration

@Suite struct MutualInformationTests {
  static let pair = try! PhantomPair(
    PhantomPair.Recipe(name: "", flairSpacing: (2, 2, 4), mprageSpacing: (2, 2, 2), index: 11))
  static let images = (fixed: try! PreparedImage(pair.flair, .fixed), moving: try! PreparedImage(pair.mprage, .moving))

  /// Central differences over 0.02 mm at a place that is not the optimum, and far from the start. The points are those
  /// within 60 mm, which stay inside the moving image: where one leaves it the measure jumps.
  @Test(arguments: [Level.coarse, .medium, .fine]) func theGradientIsTheSlope(_ level: Level) {
    let centre = Self.images.fixed.centre
    let points = SamplePoints(of: Self.images.fixed, level: level) { point in
      let (x, y, z) = (point.x - centre.x, point.y - centre.y, point.z - centre.z)
      return x * x + y * y + z * z < 3600
    }
    var measure = MutualInformation(points, moving: Self.images.moving, level: level)
    let step = RigidStep(from: Self.pair.truth, centre: points.centre)
    let place = [9.0, -7, 5, 2, -3, 1.5]
    let value = measure.evaluate(step.transform(place))
    #expect(value.overlap == 1)
    let gradient = step.gradient(place, force: value.force, torque: value.torque)
    let size = gradient.map { $0 * $0 }.reduce(0, +).squareRoot()
    for axis in 0..<6 {
      func at(_ shift: Double) -> Double {
        var moved = place
        moved[axis] += shift
        return measure.evaluate(step.transform(moved), wantsGradient: false).information
      }
      let slope = (at(0.01) - at(-0.01)) / 0.02
      #expect(abs(slope - gradient[axis]) < 0.03 * size, "axis \(axis): \(slope), \(gradient[axis])")
    }
  }

  /// (H(A) + H(B)) / H(A, B) by plain loops over the same points.
  @Test func theMeasureIsTheFormulas() {
    let level = Level.medium
    let points = SamplePoints(of: Self.images.fixed, level: level, keeps: Self.images.fixed.showsHead)
    var measure = MutualInformation(points, moving: Self.images.moving, level: level)
    let moving = Self.images.moving.levels[1]
    var joint = [[Double]](repeating: [Double](repeating: 0, count: level.bins), count: level.bins)
    for (world, bin) in zip(points.worlds, points.bins) {
      guard let value = moving.value(at: Self.pair.truth.applied(to: world)) else { continue }
      let place = Double(value) * Double(level.bins - 4) + 1.5
      for j in 0..<level.bins { joint[Int(bin)][j] += spline(place - Double(j)) }
    }
    let total = joint.joined().reduce(0, +)
    func entropy(_ counts: [Double]) -> Double { counts.reduce(0) { $0 - ($1 > 0 ? $1 / total * log($1 / total) : 0) } }
    let rows = joint.map { $0.reduce(0, +) }
    let columns = (0..<level.bins).map { j in joint.reduce(0) { $0 + $1[j] } }
    let expected = (entropy(rows) + entropy(columns)) / entropy(Array(joint.joined()))
    let found = measure.evaluate(Self.pair.truth, wantsGradient: false).information
    #expect(expected > 1.05)
    #expect(abs(found - expected) < 1e-4)
  }

  /// Where the moving image is not, nothing is compared.
  @Test func nothingIsSeenBeyondTheImage() {
    let points = SamplePoints(of: Self.images.fixed, level: .coarse, keeps: Self.images.fixed.showsHead)
    var measure = MutualInformation(points, moving: Self.images.moving, level: .coarse)
    let away = RigidTransform(
      rotationVector: .zero, about: WorldPoint(x: 0, y: 0, z: 0), translationMillimetres: SIMD3(1000, 0, 0))
    let value = measure.evaluate(away)
    #expect(value.information == 1 && value.overlap == 0 && value.force == .zero && value.torque == .zero)
  }

  /// The cubic B-spline.
  private func spline(_ x: Double) -> Double {
    let t = abs(x)
    return t < 1 ? (4 - 6 * t * t + 3 * t * t * t) / 6 : t < 2 ? (2 - t) * (2 - t) * (2 - t) / 6 : 0
  }
}

/// A bowl and a curved valley have known minima.
@Suite struct BFGSTests {
  static let search = BFGS(firstStep: 0.5, longestStep: 4, tolerance: 1e-7, maximumIterations: 200)

  /// (x − 3)² + 10 (y + 2)².
  @Test func aBowl() {
    let found = Self.search.minimise([0, 0]) { p in
      let (x, y) = (p[0] - 3, p[1] + 2)
      return (x * x + 10 * y * y, [2 * x, 20 * y])
    }
    #expect(abs(found.parameters[0] - 3) < 1e-5 && abs(found.parameters[1] + 2) < 1e-5)
    #expect(found.iterations < 20)
  }

  /// Rosenbrock's valley, minimum at (1, 1).
  @Test func aValley() {
    let found = Self.search.minimise([-1.2, 1]) { p in
      let (a, b) = (1 - p[0], p[1] - p[0] * p[0])
      return (a * a + 100 * b * b, [-2 * a - 400 * p[0] * b, 200 * b])
    }
    #expect(abs(found.parameters[0] - 1) < 1e-4 && abs(found.parameters[1] - 1) < 1e-4)
  }

  /// A wall at x = 1 is not walked through.
  @Test func forbiddenPlacesAreLeftOut() {
    let found = Self.search.minimise([0]) { p in p[0] > 1 ? (.infinity, [0]) : ((p[0] - 2) * (p[0] - 2), [2 * p[0] - 4])
    }
    #expect(found.value.isFinite && found.parameters[0] <= 1 && found.parameters[0] > 0.4)
  }

  @Test func aForbiddenStartIsSaid() {
    let found = Self.search.minimise([5]) { _ in (.infinity, [0]) }
    #expect(found.value == .infinity && found.iterations == 0 && found.parameters == [5])
  }
}

/// Slices without signal, also two beside each other, but not the dark ends of a head.
@Suite struct MissingSliceTests {
  static let shape = GridShape(10, 10, 12)

  /// Slices of brightness 0, 2, 10 … 10, 2, 0 along the last axis, as a head has.
  static let head = (0..<shape.voxelCount).map { n -> Float in
    let k = n / 100
    return k == 0 || k == 11 ? 0 : k == 1 || k == 10 ? 2 : 10
  }

  @Test(arguments: [[], [5], [5, 6], [3, 8]]) func areFoundAndFilled(_ slices: [Int]) {
    var values = Self.head
    for k in slices { for n in (k * 100)..<((k + 1) * 100) { values[n] = 0.05 } }
    let missing = MissingSlices(in: values, shape: Self.shape)
    #expect(missing.indices == [[], [], slices])
    missing.fill(&values, shape: Self.shape)
    #expect(values == Self.head)
  }
}
