import Checkpoints
import Foundation
import Models
import Networks
import Testing

@testable import Saliency

/// Signed maximum and chunked maximum: known answers on linear functions, and maps by PyTorch through MONAI's sliding
/// window (tools/fixtures/make_saliency_method_fixtures.py).
@Suite struct ComparedPartsTests {
  private func maps(
    _ aggregation: Aggregation, of regions: [SaliencyRegion], _ model: some DifferentiableModel, at image: Tensor,
    samples: Int = 1, noise: Double = 0, seed: UInt64 = 1
  ) throws -> [SaliencyMap] {
    try SmoothGrad(
      settings: SmoothGradSettings(samples: samples, noiseFactor: noise, seed: seed, aggregation: aggregation)
    ).maps(of: regions, classWeights: [0, 1], model: model, at: image)
  }

  @Test func theLargestMagnitudeWinsWithItsSignAndTiesGoToTheFirst() throws {
    // Rows: gradients of three voxels with respect to four; one channel.
    let model = LinearToy(windows: [[[1, -2, 3, 0], [-4, 2, -3, 0], [2, 1, 3, 0], [9, 9, 9, 9]]])
    let image = Tensor(shape: [1, 1, 1, 4])
    let map = try maps(.signedMax, of: [SaliencyRegion(voxels: [0, 1, 2])], model, at: image)[0]
    #expect(whole(map).values == [-4, -2, 3, 0])
    #expect(map.sumInside?.values == [[-1, 1, 3]] && map.sumInside?.standardErrors == nil)
    #expect(PeakFeatures(of: map, rim: []).flairSumPeak == 3)
    // Voxels as they lie in another grid's array: the second comes first there.
    let turned = SaliencyRegion(
      voxels: [0, 1, 2], weights: [1, 1, 1], omegaCount: 3,
      members: [1, 0, 2].map { SaliencyRegion.Part(voxels: [$0], weights: [1]) })
    #expect(whole(try maps(.signedMax, of: [turned], model, at: image)[0]).values == [-4, 2, -3, 0])
  }

  @Test func windowsAreAddedBeforeTheyAreCompared() throws {
    // The first voxel's gradient cancels between the windows.
    let model = LinearToy(windows: [[[5, 1], [1, 1]], [[-5, 1], [1, -3]]])
    let map = try maps(.signedMax, of: [SaliencyRegion(voxels: [0, 1])], model, at: Tensor(shape: [1, 1, 1, 2]))[0]
    #expect(whole(map).values == [2, 2])
  }

  @Test func chunksAreSumsOf512VoxelsInArrayOrder() throws {
    let count = 1100
    let rows = (0..<count).map { u -> [Float] in [1, u < 512 ? 1 : u < 1024 ? -2 : 5, u == 511 || u == 512 ? 1 : 0] }
    let model = LinearToy(windows: [rows.map { $0 + Array(repeating: 0, count: count - 3) }])
    let image = Tensor(shape: [1, 1, 1, count])
    let map = try maps(.chunkedMax, of: [SaliencyRegion(voxels: Array(0..<count))], model, at: image)[0]
    #expect(Array(whole(map).values.prefix(3)) == [512, -1024, 1])
    #expect(map.sumInside!.values[0].prefix(3) == [1100, 512 - 1024 + 380, 2])
    let small = SaliencyRegion(voxels: Array(500..<600))
    let (sum, chunked) = (
      try maps(.sum, of: [small], model, at: image)[0], try maps(.chunkedMax, of: [small], model, at: image)[0]
    )
    #expect(sum.values == chunked.values)
  }

  @Test func membersOfAnotherGridAreComparedOneByOne() throws {
    // Two patient voxels, each between two network voxels.
    let model = LinearToy(windows: [[[1, 0], [3, 4], [0, -8]].map { $0 + [0] }])
    let members = [
      SaliencyRegion.Part(voxels: [0, 1], weights: [0.5, 0.5]),
      SaliencyRegion.Part(voxels: [1, 2], weights: [0.5, 0.5]),
    ]
    let region = SaliencyRegion(voxels: [0, 1, 2], weights: [0.5, 1, 0.5], omegaCount: 2, members: members)
    let image = Tensor(shape: [1, 1, 1, 3])
    #expect(whole(try maps(.signedMax, of: [region], model, at: image)[0]).values == [2, 2, 0])
    #expect(whole(try maps(.chunkedMax, of: [region], model, at: image)[0]).values == [3.5, 0, 0])
  }

  @Test func oneVoxelGivesTheSameMapByEveryAggregation() throws {
    let fixture = try networkFixture()
    let regions = [SaliencyRegion(voxels: [101])]
    let all = try Aggregation.allCases.map {
      try maps($0, of: regions, fixture.model, at: fixture.tensor, samples: 5, noise: fixture.noiseFactor)[0]
    }
    for map in all.dropFirst() {
      #expect(map.box == all[0].box && relativeL2(map.values.values, all[0].values.values) < 1e-6)
      #expect(relativeL2(wholeErrors(map).values, wholeErrors(all[0]).values) < 1e-5)
    }
  }

  @Test func batchesOfPartsDoNotChangeABit() throws {
    let fixture = try networkFixture()
    let regions = fixture.saliencyRegions
    let model = fixture.model
    let settings = try fixture.settings(.logit, .signedMax)
    func run(budget: Int) throws -> [SaliencyMap] {
      var maps = [SaliencyMap?](repeating: nil, count: regions.count)
      try SmoothGrad(settings: settings, memoryBudgetBytes: budget).explain(
        regions, classWeights: [0, 1], of: model, at: fixture.tensor
      ) { maps[$0] = $1 }
      return maps.map { $0! }
    }
    #expect(try run(budget: .max) == run(budget: 0))
    let entry = PartBatch.Entry(
      region: 0, target: LogitTarget(voxels: [0], classWeights: [0, 1]),
      box: VoxelBox(lower: [0, 0, 0], upper: [96, 96, 96]))
    let batches = PartBatch.batches(Array(repeating: entry, count: 50), channels: 2)
    #expect(batches.map(\.entries.count) == [37, 13])
  }

  @Test(arguments: [
    "signed-max.small", "signed-max.corner", "signed-max.single", "chunked-max.large", "chunked-max.small",
  ]) func agreesWithPyTorch(name: String) throws {
    let tests = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
    let fixture = try SafeTensors(path: tests.appendingPathComponent("Fixtures/compared-parts.safetensors").path)
    let folder = tests.deletingLastPathComponent().appendingPathComponent("NetworksTests/Fixtures/unet-batch")
    let model = try ModelFolder.load(folder.path).makeSlidingWindow()
    let image = try #require(fixture.tensor("image"))
    func number(_ name: String) throws -> Double { try #require(fixture.metadata[name].flatMap { Double($0) }) }
    let parts = name.split(separator: ".").map(String.init)
    let voxels = try #require(fixture.tensor("region.\(parts[1])")).values.map { Int($0) }.sorted()
    let map = try maps(
      #require(Aggregation(rawValue: parts[0])), of: [SaliencyRegion(voxels: voxels)], model, at: image,
      samples: Int(number("samples")), noise: number("noiseFactor"), seed: UInt64(number("noiseSeed")))[0]
    // Rounding, and voxels where it decides between two parts of nearly the same magnitude and other sign.
    #expect(relativeL2(whole(map).values, try #require(fixture.tensor(name)).values) < 1e-4)
    let errors = try #require(fixture.tensor("\(name).errors")).values
    #expect(relativeL2(wholeErrors(map).values, errors) < 1e-3)
    // A region of one chunk: the map of the sum.
    guard name == "chunked-max.small" else { return }
    let sum = try maps(
      .sum, of: [SaliencyRegion(voxels: voxels)], model, at: image, samples: Int(number("samples")),
      noise: number("noiseFactor"), seed: UInt64(number("noiseSeed")))[0]
    #expect(relativeL2(wholeErrors(sum).values, errors) < 1e-4)
  }

  @Test func costCountsPassesOfWindows() throws {
    let tests = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
    let folder = tests.deletingLastPathComponent().appendingPathComponent("NetworksTests/Fixtures/unet-batch")
    let model = try ModelFolder.load(folder.path).makeSlidingWindow()
    // Windows of 8 on 14 voxels start at 0 and 6: voxel 7 lies in both, voxels 2 and 12 in one each.
    let regions = [[2, 7], [12]].map { columns in SaliencyRegion(voxels: columns.map { ($0 * 8) * 8 }) }
    func cost(_ aggregation: Aggregation) throws -> SaliencyCost {
      try SmoothGrad(settings: SmoothGradSettings(samples: 3, aggregation: aggregation)).cost(
        of: regions, classWeights: [0, 1], model: model, channels: 2, spatialShape: [14, 8, 8])
    }
    #expect(try cost(.sum) == SaliencyCost(forwards: 3 * 2, gradients: 3 * 3))
    #expect(try cost(.signedMax) == SaliencyCost(forwards: 3 * 2, gradients: 3 * 4))
    #expect(SaliencyCost(forwards: 10, gradients: 20).seconds(forward: 0.5, gradientRatio: 2) == 25)
  }
}
