import Lesions
import Results
import Volumes

/// Which findings each slice along one stored axis shows.
struct SliceContent {
  /// By slice index.
  private let marks: [Set<FindingID>]

  init(images: PatientImages, normalAxis: Int) {
    let shape = images.flair.shape
    var marks = [Set<FindingID>](repeating: [], count: shape.count(along: normalAxis))
    for (kind, volume) in [(FindingKind.lesion, images.lesionLabels), (.candidate, images.candidateLabels)] {
      for (linear, number) in volume.voxels.enumerated() where number != 0 {
        marks[shape.voxel(at: linear).along(normalAxis)].insert(FindingID(kind: kind, number: Int(number)))
      }
    }
    self.marks = marks
  }

  var isEmpty: Bool { marks.allSatisfy(\.isEmpty) }

  /// Indices of the slices that hold a finding, ascending.
  var slices: [Int] { marks.indices.filter { !marks[$0].isEmpty } }

  func findings(on slice: Int) -> [FindingID] { marks[slice].sorted() }

  func countNotShown(on slices: [Int]) -> Int {
    let all = marks.reduce(into: Set<FindingID>()) { $0.formUnion($1) }
    return all.subtracting(slices.reduce(into: Set<FindingID>()) { $0.formUnion(marks[$1]) }).count
  }

  /// First the fewest slices that show every finding (greedily: most new findings first, ties to the lowest index),
  /// then the slices with findings that are farthest from those taken, up to the maximum. Ascending.
  func chosenSlices(maximum: Int) -> [Int] {
    var open = slices
    var missing = marks.reduce(into: Set<FindingID>()) { $0.formUnion($1) }
    var chosen: [Int] = []
    while chosen.count < maximum, !open.isEmpty {
      func gain(_ slice: Int) -> Int {
        missing.isEmpty ? chosen.map { abs($0 - slice) }.min() ?? 0 : marks[slice].intersection(missing).count
      }
      var best = open[0]
      for slice in open where gain(slice) > gain(best) { best = slice }
      chosen.append(best)
      missing.subtract(marks[best])
      open.removeAll { $0 == best }
    }
    return chosen.sorted()
  }
}
