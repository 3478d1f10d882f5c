import ErrorScore
import Lesions
import Results
import Volumes

/// What the page's viewer shows: the brain's box in 8 bits, and the saliency around each finding.
struct ViewerVolumes: Sendable, Equatable {
  /// One data element of the page.
  struct Element: Sendable, Equatable {
    let name: String
    let packed: PackedBytes
    let shape: GridShape
  }

  /// Everything a viewer must know of the elements, as the page's JSON.
  let header: ViewerHeader
  let elements: [Element]

  /// Size as base64 text.
  var embeddedBytes: Int { elements.reduce(0) { $0 + $1.packed.base64.utf8.count } }
  var findingsLeftOut: Int { header.findings.count { $0.isLeftOut } }
}

extension ViewerVolumes {
  /// Base64 bytes of the images and labels above which a page has no viewer.
  static let mostImageBytes = 10_000_000

  /// - Parameter room: bytes of base64 text that everything may take; maps of the last findings of the review order are
  ///   left out beyond it.
  /// - Returns: nil where not even the images fit.
  static func make(_ results: PatientResults, images: PatientImages, look: PatientLook, room: Int) -> ViewerVolumes? {
    let box = look.brain
    let flair = EightBits(images.flair, box: box, brain: images.brainMask, window: look.windowing.flair)
    let mprage = images.mprage.flatMap { volume in
      look.windowing.mprage.map { EightBits(volume, box: box, brain: images.brainMask, window: $0) }
    }
    let row = box.shape.ni
    func element(_ name: String, _ bytes: [UInt8]) -> Element {
      Element(name: name, packed: PackedBytes(bytes), shape: box.shape)
    }
    var elements = [element("volume-flair", PackedBytes.differences(flair.values, row: row))]
    if let mprage { elements.append(element("volume-mprage", PackedBytes.differences(mprage.values, row: row))) }
    elements.append(element("volume-labels", labels(images, box)))
    if let reference = images.reference {
      elements.append(element("volume-reference", box.values(of: reference).map { $0 == 0 ? 0 : 1 }))
    }
    var left = room - elements.reduce(0) { $0 + $1.packed.base64.utf8.count }
    guard left > room - mostImageBytes, left > 0 else { return nil }
    var findings: [ViewerHeader.Finding] = []
    for finding in results.reviewOrder.compactMap({ results.finding($0.finding) }) + (results.missed ?? []) {
      var map = images.saliency[finding.id].flatMap { SaliencyCrop(finding, $0, look: look) }
      var isLeftOut = false
      if let crop = map {
        let packed = PackedBytes(crop.stored)
        left -= packed.base64.utf8.count
        isLeftOut = left < 0
        if isLeftOut {
          map = nil
        } else {
          elements.append(Element(name: "saliency-\(finding.id)", packed: packed, shape: crop.box.shape))
        }
      }
      findings.append(ViewerHeader.Finding(finding, map: map, isLeftOut: isLeftOut, box: box))
    }
    return ViewerVolumes(
      header: ViewerHeader(look, flair: flair, mprage: mprage, findings: findings), elements: elements)
  }

  /// Two bytes a voxel, low byte first: the number of a lesion, or that of a candidate with the highest bit set.
  private static func labels(_ images: PatientImages, _ box: GridBox) -> [UInt8] {
    zip(box.values(of: images.lesionLabels), box.values(of: images.candidateLabels)).flatMap { lesion, candidate in
      let label = lesion > 0 ? UInt16(clamping: lesion) : candidate > 0 ? 0x8000 | UInt16(clamping: candidate) : 0
      return [UInt8(truncatingIfNeeded: label), UInt8(truncatingIfNeeded: label >> 8)]
    }
  }
}

extension GridBox {
  /// A volume's values inside the box, axis 0 fastest.
  func values<Element>(of volume: Volume<Element>) -> [Element] { rows(in: volume.shape).flatMap { volume.voxels[$0] } }
}
