import Testing
import Volumes

@testable import Analysis
@testable import Checkpoints
@testable import Models
@testable import Networks
@testable import Saliency

/// Chains of layout, crop and resampling.
private let chains: [NetworkGrid] = {
  let shape = GridShape(9, 8, 7)
  func chain(
    _ axes: [Int], _ reversed: [Bool], lower: [Int], upper: [Int], to target: [Int], _ order: Interpolation,
    separateAxis: Int? = nil
  ) -> NetworkGrid {
    let layout = AxisLayout(shape: shape, storedAxis: axes, reversed: reversed)
    let box = VoxelBox(lower: lower, upper: upper)
    return NetworkGrid(
      layout: layout, box: box, images: GridResize(from: box.shape, to: target, .cubic, separateAxis: separateAxis),
      logits: GridResize(from: target, to: box.shape, order, separateAxis: separateAxis))
  }
  return [
    chain([0, 1, 2], [false, false, false], lower: [0, 0, 0], upper: [9, 8, 7], to: [5, 10, 7], .linear),
    chain([2, 1, 0], [false, false, false], lower: [1, 2, 3], upper: [6, 8, 8], to: [5, 6, 5], .linear),
    chain([1, 2, 0], [true, false, true], lower: [1, 0, 2], upper: [8, 6, 9], to: [9, 3, 5], .linear),
    chain(
      [2, 0, 1], [false, true, true], lower: [1, 1, 0], upper: [7, 9, 8], to: [2, 9, 6], .linear, separateAxis: 0),
    chain([0, 2, 1], [true, true, true], lower: [0, 1, 1], upper: [9, 6, 7], to: [12, 4, 4], .nearest),
  ]
}()

/// Numbers without a pattern that an error could follow.
private func numbers(_ count: Int, _ seed: Int) -> [Float] {
  (0..<count).map { Float(($0 * 7919 + seed * 104_729) % 997) / 997 - 0.5 }
}

@Test(arguments: chains.indices) func aRegionsWeightsAreTheAdjointOfTheLogitsWay(_ index: Int) {
  let grid = chains[index]
  let logits = numbers(grid.spatialShape.reduce(1, *), index)
  let patient = grid.patientValues(ofBox: grid.logits.applied(to: logits), outside: 0)
  // Some voxels inside the box and some that no logit reaches.
  let omega = (0..<grid.patientShape.voxelCount).filter { $0 % 5 == index % 5 }
  let region = grid.region(ofPatient: omega)
  let direct = omega.reduce(0.0) { $0 + Double(patient[$1]) }
  let adjoint = zip(region.voxels, region.weights).reduce(0.0) { $0 + Double(logits[$1.0]) * Double($1.1) }
  let scale = omega.reduce(0.0) { $0 + Double(abs(patient[$1])) }
  #expect(scale > 0 && abs(direct - adjoint) < 1e-5 * scale)
  #expect(region.omegaCount == omega.count)
  #expect(zip(region.voxels, region.voxels.dropFirst()).allSatisfy { $0 < $1 })
}

@Test(arguments: chains.indices) func theStoredGridHasItsVoxelsWhereTheNetworkHasThem(_ index: Int) {
  let grid = chains[index]
  let affine = Affine(rows: [[-1.1, 0.1, 0, 5], [0.2, 0.9, 0.1, -7], [0, 0.1, 2, 3]])
  let stored = grid.storedGrid(patientAffine: affine)
  let layout = grid.layout.withNetworkShape(grid.spatialShape)
  #expect(stored.shape == layout.patientShape)
  for voxel in [VoxelIndex(0, 0, 0), VoxelIndex(1, 2, 1), VoxelIndex(stored.shape.ni - 1, 0, stored.shape.nk - 1)] {
    let place = grid.patientPlace(of: layout.position(ofPatient: voxel).map(Double.init))
    let (a, b) = (affine.world(place[0], place[1], place[2]), stored.affine.world(voxel))
    #expect(abs(a.x - b.x) + abs(a.y - b.y) + abs(a.z - b.z) < 1e-9)
  }
}

@Test(arguments: chains.indices) func aPatientVoxelAndItsNetworkVoxelAreNeighbours(_ index: Int) throws {
  let grid = chains[index]
  let n = grid.spatialShape
  for position in [[0, 0, 0], n.map { $0 - 1 }, n.map { $0 / 2 }] {
    let voxel = grid.patientVoxel(nearestTo: position)
    let place = grid.patientPlace(of: position.map(Double.init))
    for (found, exact) in zip([voxel.i, voxel.j, voxel.k], place) { #expect(abs(Double(found) - exact) <= 0.5 + 1e-9) }
  }
  let inBox = (0..<grid.patientShape.voxelCount).filter {
    let p = grid.layout.position(ofPatient: grid.patientShape.voxel(at: $0))
    return (0..<3).allSatisfy { (grid.box.lower[$0]..<grid.box.upper[$0]).contains(p[$0]) }
  }
  let nearest = grid.networkIndices(ofPatient: inBox)
  #expect(nearest == Set(nearest).sorted() && nearest.last! < n.reduce(1, *))
  #expect(grid.networkIndices(ofPatient: [inBox[0]]).count == 1)
}

/// A map that is linear in the network's coordinates is met exactly by its resampled copy, away from the borders.
@Test(arguments: chains.indices) func picturesResampleTheMap(_ index: Int) {
  let grid = chains[index]
  let n = grid.spatialShape
  let part = VoxelBox(lower: [0, 0, 0], upper: n)
  var values: [Float] = []
  for c in 0..<2 {
    for d in 0..<n[0] {
      for h in 0..<n[1] { for w in 0..<n[2] { values.append(Float(100 * c + 5 * d - 3 * h + 2 * w)) } }
    }
  }
  let map = SaliencyMap(
    spatialShape: n, box: part, values: Tensor(shape: [2] + n, values: values), aggregation: .sum,
    region: SaliencyRegion(voxels: [0]))
  let affine = Affine(rows: [[-1.1, 0.1, 0, 5], [0.2, 0.9, 0.1, -7], [0, 0.1, 2, 3]])
  let picture = grid.picture(of: map, within: part, patientAffine: affine)
  var compared = 0
  var next = 0
  for k in picture.box.lower.k..<picture.box.upper.k {
    for j in picture.box.lower.j..<picture.box.upper.j {
      for i in picture.box.lower.i..<picture.box.upper.i {
        let p = grid.layout.position(ofPatient: VoxelIndex(i, j, k))
        let at = grid.images.targetCoordinate(ofSource: (0..<3).map { Double(p[$0] - grid.box.lower[$0]) })
        if (0..<3).allSatisfy({ at[$0] >= 0 && at[$0] <= Double(n[$0] - 1) }) {
          let exact: Double = 5 * at[0] - 3 * at[1] + 2 * at[2]
          #expect(abs(Double(picture.flair[next]) - exact) < 1e-4)
          #expect(abs(picture.mprage![next] - picture.flair[next] - 100) < 1e-3)
          compared += 1
        }
        next += 1
      }
    }
  }
  #expect(compared > 20)
}

@Test func holesCountAsInside() {
  // A shell of ones with a hole, and a bay that is open to the border.
  let n = [5, 5, 6]
  var values = [Float](repeating: 0, count: 150)
  func at(_ d: Int, _ h: Int, _ w: Int) -> Int { (d * 5 + h) * 6 + w }
  for d in 1...3 { for h in 1...3 { for w in 1...4 { values[at(d, h, w)] = 1 } } }
  values[at(2, 2, 2)] = 0
  values[at(2, 2, 4)] = 0
  var other = [Float](repeating: 0, count: 150)
  other[at(0, 2, 2)] = -3
  let region = NonZeroRegion(channels: [values, other], spatialShape: n)
  #expect(region.box == VoxelBox(lower: [0, 1, 1], upper: [4, 4, 5]))
  #expect(region.isInside[at(2, 2, 2)], "enclosed")
  #expect(!region.isInside[at(2, 2, 4)], "open along w")
  #expect(region.isInside[at(0, 2, 2)], "of the other channel")
  #expect(region.isInside.count { $0 } == 36 - 1 + 1)
}

@Test func schemesOfNormalisation() throws {
  func apply(_ scheme: NNUNetPreprocessing.Normalisation, _ values: [Float], _ inside: [Bool]) throws -> [Float] {
    try NNUNetNormalisation.apply(scheme, to: values, isInside: inside, file: "scan.nii", channel: "FLAIR")
  }
  let values: [Float] = [0, 1, 3, 8]
  // Inside: mean 2, deviation 1; the value outside stays.
  #expect(try apply(.zScore(useMask: true), values, [false, true, true, false]) == [0, -1, 1, 8])
  // All: mean 3, squares 9 + 4 + 0 + 25, variance 9.5.
  let all = try apply(.zScore(useMask: false), values, [false, true, true, false])
  #expect(zip(all, values).allSatisfy { abs(Double($0) - (Double($1) - 3) / 9.5.squareRoot()) < 1e-6 })
  #expect(try apply(.fixed(mean: 2, deviation: 2, lower: 1, upper: 5), values, []) == [-0.5, -0.5, 0.5, 1.5])
  #expect(try apply(.rescaleTo01, [2, 4, 10], []) == [0, 0.25, 1])
  #expect(try apply(.none, values, []) == values)
  #expect { _ = try apply(.none, [5, 5], []) } throws: { "\($0)".contains("scan.nii") && "\($0)".contains("FLAIR") }
}
