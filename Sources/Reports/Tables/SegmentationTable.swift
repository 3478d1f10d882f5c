public import Results

/// The look-up table beside a `dseg` image: what each label is (BIDS derivatives, discrete segmentations).
public enum SegmentationTable {
  public static func bytes(_ lesions: [FindingFacts]) -> [UInt8] {
    var table = TabSeparated(["index", "name", "voxel_count", "volume_mm3", "location"])
    for lesion in lesions.sorted(by: { $0.number < $1.number }) {
      table.append([
        "\(lesion.number)", lesion.id, "\(lesion.voxelCount)", TabSeparated.number(lesion.volumeMillimetres3),
        lesion.location,
      ])
    }
    return table.bytes
  }
}
