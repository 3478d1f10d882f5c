package import Analysis
import Foundation
import Lesions
import Reports
package import Results
import Volumes

extension PatientVolumes {
  /// Writes masks, probability and maps, in the order in which they are moved into place.
  ///
  /// - Parameter results: rows of the tables beside the numbered masks.
  package func write(_ results: PatientResults, to transaction: OutputTransaction, _ layout: OutputLayout) throws {
    func write(_ volume: Volume<some NIfTIElement>, _ intent: NIfTIIntent, _ path: String) throws {
      try NIfTIWriter.write(volume, like: header, intent: intent, to: try transaction.place(path).path)
    }
    let shape = lesionLabels.shape
    let mask = lesionLabels.voxels.map { $0 == 0 ? UInt8(0) : 1 }
    try write(Volume(shape: shape, affine: lesionLabels.affine, voxels: mask), .label, layout.mask)
    if let probability { try write(probability, .estimate, layout.probability) }
    try write(lesionLabels, .label, layout.segmentation)
    try transaction.write(SegmentationTable.bytes(results.lesions), to: layout.segmentationTable)
    if results.looksForCandidates {
      try write(candidateLabels, .label, layout.candidates)
      try transaction.write(SegmentationTable.bytes(results.candidates), to: layout.candidateTable)
    }
    let mapHeader = maps.grid.map { NIfTIHeader(shape: $0.shape, affine: $0.affine) } ?? header
    func write(_ channels: [[Float]], _ box: GridBox, _ path: String) throws {
      // The header places the box in the patient; the volumes' own affine is not looked at.
      try NIfTIWriter.write(
        channels: channels.map { Volume(shape: box.shape, affine: .scaling(1, 1, 1), voxels: $0) },
        like: mapHeader.cropped(to: box), intent: .estimate, to: try transaction.place(path).path)
    }
    func write(_ picture: SaliencyPicture, _ path: String) throws {
      try write([picture.flair] + [picture.mprage].compactMap { $0 }, picture.box, path)
    }
    for id in Set(maps.parts.keys).union(maps.layers.keys).sorted() {
      if let map = maps.parts[id] { try write(map, layout.saliency(id)) }
      if let map = maps.layers[id] { try write([map.values], map.box, layout.layerMap(id)) }
      if let whole = maps.wholes[id] {
        try write(whole.padded(to: maps.grid?.shape ?? shape), layout.wholeSaliency(id))
      }
    }
  }
}

extension SaliencyPicture {
  /// The same map with zeros on the rest of the grid.
  fileprivate func padded(to shape: GridShape) -> SaliencyPicture {
    func painted(_ values: [Float]) -> [Float] {
      var whole = [Float](repeating: 0, count: shape.voxelCount)
      for (row, own) in zip(box.rows(in: shape), GridBox(box.shape).rows(in: box.shape)) {
        whole.replaceSubrange(row, with: values[own])
      }
      return whole
    }
    return SaliencyPicture(box: GridBox(shape), flair: painted(flair), mprage: mprage.map(painted))
  }
}
