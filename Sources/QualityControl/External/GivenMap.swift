import Lesions
import Reports
import Results
import Volumes

/// Numbers read from a saliency map that was given, on the patient's grid. What the map leaves out does not count.
struct GivenMap {
  let flair: ChannelPeaks
  let mprage: ChannelPeaks
  /// Σ|FLAIR| / (Σ|FLAIR| + Σ|MPRAGE|) over the map; nil when it is zero.
  let flairShare: Double?
  let signBalance: SignBalance

  /// - Parameters:
  ///   - voxels: of the finding, ascending linear indices on the grid, all within the map's box.
  ///   - rim: voxels around it; those outside the box do not count.
  init(_ picture: SaliencyPicture, voxels: [Int], rim: [Int], shape: GridShape, affine: Affine) {
    let box = GridBox(lower: picture.lower, upper: picture.upper)
    let size = box.shape
    func place(_ voxel: Int) -> Int? {
      let v = shape.voxel(at: voxel)
      guard box.contains(v) else { return nil }
      return size.linearIndex(VoxelIndex(v.i - box.lower.i, v.j - box.lower.j, v.k - box.lower.k))
    }
    let inside = voxels.compactMap(place)
    let around = rim.compactMap(place)
    precondition(inside.count == voxels.count, "the map covers the finding")
    func peak(_ values: [Float], _ places: some Sequence<Int>, _ isBetter: (Float, Float) -> Bool) -> PeakFacts {
      var best: Int?
      for at in places where best.map({ isBetter(values[at], values[$0]) }) ?? true { best = at }
      let at = size.voxel(at: best ?? 0)
      let voxel = VoxelIndex(at.i + box.lower.i, at.j + box.lower.j, at.k + box.lower.k)
      return PeakFacts(
        value: Double(values[best ?? 0]), voxel: voxel, worldMillimetres: affine.world(voxel), standardError: nil)
    }
    func peaks(_ values: [Float]) -> ChannelPeaks {
      ChannelPeaks(
        insideHighest: peak(values, inside, >), insideLowest: peak(values, inside, <),
        mapHighest: peak(values, values.indices, >), mapLowest: peak(values, values.indices, <))
    }
    func mean(_ places: [Int]) -> Double? {
      places.isEmpty ? nil : places.reduce(0) { $0 + Double(picture.flair[$1]) } / Double(places.count)
    }
    let magnitudes = [picture.flair, picture.mprage].map { $0.reduce(0.0) { $0 + Double(abs($1)) } }
    flair = peaks(picture.flair)
    mprage = peaks(picture.mprage)
    flairShare = magnitudes[0] + magnitudes[1] > 0 ? magnitudes[0] / (magnitudes[0] + magnitudes[1]) : nil
    signBalance = SignBalance(meanInside: mean(inside) ?? .nan, meanRim: mean(around))
  }
}
