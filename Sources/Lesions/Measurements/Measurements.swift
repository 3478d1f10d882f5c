public import Volumes

/// Size, place and certainty of one set of voxels.
public struct Measurements: Hashable, Sendable, Codable {
  public let voxelCount: Int
  /// Voxels times the absolute determinant of the affine.
  public let volumeMillimetres3: Double
  /// Mean voxel index along the three stored axes; fractional, and not necessarily inside a curved lesion.
  public let centroidVoxel: VoxelPoint
  /// The centroid in the patient, mm, RAS+.
  public let centroidMillimetres: WorldPoint
  public let boundingBox: GridBox
  /// Edge lengths of the bounding box along the three stored axes in mm, voxel edges included.
  public let extentMillimetres: [Double]
  /// Largest distance in mm between the centres of two voxels; 0 for a single voxel.
  public let maximumDiameterMillimetres: Double
  /// Nil without a probability map.
  public let probability: ProbabilityMeasurements?

  public var volumeMillilitres: Double { volumeMillimetres3 / 1000 }

  /// Measures voxels given by ascending linear indices, axis 0 fastest.
  ///
  /// - Parameters:
  ///   - voxels: not empty.
  ///   - probability: one value per voxel of the grid, or nil.
  public init(voxels: [Int], shape: GridShape, affine: Affine, probability: [Float]?) {
    precondition(!voxels.isEmpty, "a measured set has at least one voxel")
    precondition(probability == nil || probability!.count == shape.voxelCount, "one probability per voxel")
    let box = GridBox(enclosing: voxels, shape: shape)
    var (sumI, sumJ, sumK) = (0, 0, 0)
    for index in voxels {
      let voxel = shape.voxel(at: index)
      sumI += voxel.i
      sumJ += voxel.j
      sumK += voxel.k
    }
    let count = Double(voxels.count)
    let centroid = VoxelPoint(i: Double(sumI) / count, j: Double(sumJ) / count, k: Double(sumK) / count)
    let spacing = affine.spacingMillimetres
    voxelCount = voxels.count
    volumeMillimetres3 = count * affine.voxelVolumeMillimetres3
    centroidVoxel = centroid
    centroidMillimetres = affine.world(centroid.i, centroid.j, centroid.k)
    boundingBox = box
    extentMillimetres = [
      Double(box.shape.ni) * spacing.0, Double(box.shape.nj) * spacing.1, Double(box.shape.nk) * spacing.2,
    ]
    maximumDiameterMillimetres = largestDistanceMillimetres(between: voxels, shape: shape, affine: affine)
    self.probability = probability.map { ProbabilityMeasurements(voxels: voxels, probability: $0) }
  }
}

/// Lesion probability over one set of voxels.
public struct ProbabilityMeasurements: Hashable, Sendable, Codable {
  public let mean: Double
  public let maximum: Double
  /// Mean over voxels of the binary entropy −p ln p − (1−p) ln(1−p), in nats, at most ln 2.
  public let meanEntropyNats: Double
}

extension ProbabilityMeasurements {
  /// - Parameters:
  ///   - voxels: linear indices, not empty.
  ///   - probability: one value per voxel of the grid.
  init(voxels: [Int], probability: [Float]) {
    var (sum, maximum, entropy) = (0.0, 0.0, 0.0)
    for index in voxels {
      let p = Double(probability[index])
      sum += p
      maximum = max(maximum, p)
      entropy += binaryEntropyNats(p)
    }
    let count = Double(voxels.count)
    self.init(mean: sum / count, maximum: maximum, meanEntropyNats: entropy / count)
  }
}

/// A fractional position along the three stored axes of a grid, in voxels.
public struct VoxelPoint: Hashable, Sendable, Codable {
  public let i: Double
  public let j: Double
  public let k: Double
}
