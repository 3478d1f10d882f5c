import Networks
import Testing
import Volumes

@testable import Analysis

/// All 48 ways to lay the network's axes along the stored ones.
private let everyLayout: [AxisLayout] = {
  let shape = GridShape(3, 4, 5)
  let orders = [[0, 1, 2], [0, 2, 1], [1, 0, 2], [1, 2, 0], [2, 0, 1], [2, 1, 0]]
  return orders.flatMap { order in
    (0..<8).map { bits in AxisLayout(shape: shape, storedAxis: order, reversed: (0..<3).map { bits >> $0 & 1 == 1 }) }
  }
}()

@Test func tensorFollowsTheStoredAxes() {
  // Voxel (i, j, k) holds 100 i + 10 j + k; tensor [c][d][h][w] is d = i, h = j, w = k, w fastest.
  let shape = GridShape(2, 3, 4)
  let values = (0..<shape.voxelCount).map { index -> Float in
    let v = shape.voxel(at: index)
    return Float(100 * v.i + 10 * v.j + v.k)
  }
  let tensor = AxisLayout(asStored: shape).tensor([values])
  #expect(tensor.shape == [1, 2, 3, 4])
  #expect(Array(tensor.values[0..<5]) == [0, 1, 2, 3, 10])
  #expect(tensor.values[12] == 100)
}

@Test(arguments: everyLayout.indices) func everyLayoutIsUndoneExactly(_ index: Int) {
  let layout = everyLayout[index]
  let shape = layout.patientShape
  let values = (0..<shape.voxelCount).map(Float.init)
  let tensor = layout.tensor([values])
  #expect(tensor.values.withUnsafeBufferPointer { layout.patientValues($0) } == values)
  let n = layout.spatialShape
  for patient in 0..<shape.voxelCount {
    let voxel = shape.voxel(at: patient)
    let p = layout.position(ofPatient: voxel)
    #expect(tensor.values[(p[0] * n[1] + p[1]) * n[2] + p[2]] == Float(patient))
    #expect(layout.patientPlace(of: p.map(Double.init)) == [voxel.i, voxel.j, voxel.k].map(Double.init))
  }
  let grid = NetworkGrid(layout)
  let region = grid.region(ofPatient: [0, 7, 31, 59])
  #expect(region.voxels.map { Int(tensor.values[$0]) }.sorted() == [0, 7, 31, 59])
  #expect(region.weights == [1, 1, 1, 1] && region.omegaCount == 4)
  #expect(grid.networkIndices(ofPatient: [0, 7, 31, 59]) == region.voxels)
}

@Test(arguments: everyLayout.indices) func boxesComeBackToTheirPlace(_ index: Int) {
  let network = everyLayout[index]
  let values = (0..<network.patientShape.voxelCount).map(Float.init)
  let tensor = network.tensor([values])
  let n = network.spatialShape
  let box = VoxelBox(lower: [1, 0, 1], upper: [n[0], n[1] - 1, n[2] - 1])
  var part: [Float] = []
  for d in box.lower[0]..<box.upper[0] {
    for h in box.lower[1]..<box.upper[1] {
      for w in box.lower[2]..<box.upper[2] { part.append(tensor.values[(d * n[1] + h) * n[2] + w]) }
    }
  }
  let moved = network.patientBox(box, values: part[...])
  var expected: [Float] = []
  for row in moved.box.rows(in: network.patientShape) { expected += row.map(Float.init) }
  #expect(moved.values == expected)
}

@Test func zScoreLeavesZerosAndUsesThePopulation() throws {
  // Non-zero voxels 1, 3: mean 2, population standard deviation 1.
  #expect(try Normalisation.zScoreOfNonZero([0, 1, 3, 0], file: "f", channel: "FLAIR") == [0, -1, 1, 0])
}

@Test(arguments: [[Float](repeating: 0, count: 8), [0, 5, 5, 5], [0.1, 0.1, 0.1]]) func constantChannelIsNamed(
  _ voxels: [Float]
) {
  #expect { try Normalisation.zScoreOfNonZero(voxels, file: "scan.nii.gz", channel: "MPRAGE") } throws: {
    "\($0)".contains("scan.nii.gz") && "\($0)".contains("MPRAGE")
  }
}
