import Testing

@testable import Volumes

private struct ResizeFixture: Decodable, Sendable {
  struct Case: Decodable, Sendable {
    let shape: [Int]
    let oldSpacing: [Double]
    let newSpacing: [Double]
    let order: Int
    let orderZ: Int
    let force: Bool?
    let target: [Int]
    let separateAxis: Int?
    let values: [Float]
    let result: [Float]
  }
  let cases: [Case]
}

private let resizeCases: [ResizeFixture.Case] = {
  (try? Fixtures.load("resize.json", as: ResizeFixture.self))?.cases ?? []
}()

@Test func theResizeFixtureIsThere() { #expect(resizeCases.count == 13) }

@Test(arguments: resizeCases.indices) func resizingAgreesWithNNUNet(_ index: Int) {
  let item = resizeCases[index]
  let axis = SeparateAxis.axis(old: item.oldSpacing, new: item.newSpacing, forced: item.force)
  #expect(axis == item.separateAxis)
  let resize = GridResize(
    from: item.shape, to: item.target, Interpolation(rawValue: item.order)!, separateAxis: axis,
    along: Interpolation(rawValue: item.orderZ)!)
  let found = resize.applied(to: item.values)
  #expect(found.count == item.result.count)
  let range = item.result.max()! - item.result.min()!
  let worst = zip(found, item.result).map { abs($0 - $1) }.max()!
  // The fixture keeps six decimals; values are a few units, in single precision.
  #expect(worst <= 2e-6 * range, "\(item.shape) → \(item.target): \(worst / range) of the range")
}

/// ⟨A x, t⟩ = ⟨x, Aᵀ t⟩ with A x from the forward pass and Aᵀ t voxel by voxel.
@Test(arguments: resizeCases.indices) func theAdjointIsTheTranspose(_ index: Int) {
  let item = resizeCases[index]
  guard item.order < 3 || index % 2 == 0 else { return }
  let order: Interpolation = index % 3 == 0 ? .nearest : .linear
  let resize = GridResize(
    from: item.shape, to: item.target, order, separateAxis: item.separateAxis,
    along: Interpolation(rawValue: item.orderZ)!)
  let forward = resize.applied(to: item.values)
  let voxels = forward.indices.filter { $0 % 7 == index % 7 }.map { (index: $0, value: Double($0 % 11) - 4) }
  let back = resize.adjoint(of: voxels)
  let left = voxels.reduce(0.0) { $0 + $1.value * Double(forward[$1.index]) }
  let right = back.reduce(0.0) { $0 + $1.value * Double(item.values[$1.index]) }
  let scale = voxels.reduce(0.0) { $0 + abs($1.value * Double(forward[$1.index])) }
  #expect(scale > 0)
  #expect(abs(left - right) <= 1e-6 * scale)
  #expect(zip(back, back.dropFirst()).allSatisfy { $0.index < $1.index })
}

@Test func equalShapesKeepEveryValue() {
  let values = (0..<60).map { Float($0) * 0.1 }
  #expect(GridResize(from: [3, 4, 5], to: [3, 4, 5], .cubic).applied(to: values) == values)
}

@Test func coordinatesOfTheTwoGridsAreInverse() {
  let resize = GridResize(from: [4, 6, 9], to: [8, 3, 9], .linear)
  // Twice as many voxels over the same extent: the first centre lies a quarter of an old voxel before the old one.
  #expect(resize.sourceCoordinate(ofTarget: [0, 1, 4]) == [-0.25, 2.5, 4])
  #expect(resize.targetCoordinate(ofSource: [-0.25, 2.5, 4]) == [0, 1, 4])
}
