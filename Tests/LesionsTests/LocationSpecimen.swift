import Foundation
import Lesions
import Volumes

@testable import Phantoms

/// A phantom with what is known of the place of each lesion.
struct LocationSpecimen: Sendable {
  let patient: PhantomPatient
  let anatomy: Anatomy
  let components: Components
  let lesions: [Known]

  struct Known: Sendable {
    let voxels: [Int]
    /// Places of the planted lesions that this one is made of.
    let planted: Set<PhantomFinding.Place>
    /// Least distance of a voxel to the ventricles' wall in mm, negative inside.
    let toVentricle: Float
    /// Least distance in mm between centres of a voxel and of one that is mostly cortex; 6 where there is none within.
    let toCortex: Float
    let isInfratentorial: Bool
    /// The wall that is near is that of a lateral ventricle.
    let isByLateral: Bool

    /// The place by the drawn anatomy: contact is a gap of at most 1 mm to a lateral ventricle, 2 mm between centres to
    /// cortex.
    var drawn: LesionLocation {
      if isInfratentorial { return .infratentorial }
      if toVentricle <= 1, isByLateral { return .periventricular }
      return toCortex <= 2 ? .juxtacortical : .deepWhiteMatter
    }
  }

  /// - Parameter spacing: of the voxels; the brain is drawn at 1 mm.
  init(seed: UInt64, index: Int, spacing: (Double, Double, Double) = (1, 1, 1), load: Double = 2) {
    let grid = try! PhantomGrid.axes("RAS", spacingMillimetres: spacing)
    let recipe = PhantomRecipe(grid: grid, lesionLoad: load)
    let canvas = Phantom.painted(seed: seed, index: index, recipe: recipe)
    anatomy = canvas.anatomy
    let lattice = canvas.anatomy.lattice
    let scanner = Scanner(seed: seed, patient: index, box: lattice.box, noise: 1)
    patient = Examination(seed: seed, patient: index, scanner: scanner, grid: grid).image(canvas)
    components = Components(of: patient.truth)
    let numbers = components.numbers()
    var planted = [Set<PhantomFinding.Place>](repeating: [], count: components.kept.count)
    for lesion in patient.lesions {
      let number = numbers[grid.shape.linearIndex(lesion.centreVoxel)]
      if number > 0 { planted[Int(number) - 1].insert(lesion.place) }
    }
    let anatomy = anatomy
    lesions = components.kept.enumerated().map { order, voxels in
      let drawn = voxels.map { n -> Int in
        let p = grid.affine.world(grid.shape.voxel(at: n))
        return lattice.nearest(Point(Float(p.x), Float(p.y), Float(p.z)))
      }
      return Known(
        voxels: voxels, planted: planted[order], toVentricle: drawn.map { anatomy.ventricle[$0] }.min()!,
        toCortex: anatomy.distanceToCortex(from: drawn),
        isInfratentorial: drawn.contains { [.cerebellum, .brainstem].contains(anatomy.region[$0]) },
        isByLateral: drawn.contains { abs(anatomy.template[$0].x) > 5 && anatomy.ventricle[$0] <= 1 })
    }
  }

  func places(showsHead: Bool = false) throws -> BrainLocations {
    let mask = patient.flair.map { UInt8($0 != 0 ? 1 : 0) }
    return try BrainLocations(
      flair: patient.flair, mprage: patient.mprage, brainMask: mask, findings: components.kept, showsHead: showsHead)
  }
}

extension Lattice {
  fileprivate func nearest(_ point: Point) -> Int {
    let v = (point - position(0, 0, 0)) / spacing
    func clamped(_ x: Float, _ count: Int) -> Int { min(max(Int(x.rounded()), 0), count - 1) }
    return shape.linearIndex(VoxelIndex(clamped(v.x, shape.ni), clamped(v.y, shape.nj), clamped(v.z, shape.nk)))
  }
}

extension Anatomy {
  fileprivate func distanceToCortex(from voxels: [Int]) -> Float {
    let (shape, reach) = (lattice.shape, 5)
    var nearest: Float = 6
    for v in voxels.map(shape.voxel(at:)) {
      for k in max(0, v.k - reach)...min(shape.nk - 1, v.k + reach) {
        for j in max(0, v.j - reach)...min(shape.nj - 1, v.j + reach) {
          for i in max(0, v.i - reach)...min(shape.ni - 1, v.i + reach) {
            let n = i + shape.ni * (j + shape.nj * k)
            guard grey[n] > 0.5, depthBelowCortex[n] < 0.5, region[n] == .cerebrum else { continue }
            let d = Point(Float(i - v.i), Float(j - v.j), Float(k - v.k)) * lattice.spacing
            nearest = min(nearest, (d * d).sum().squareRoot())
          }
        }
      }
    }
    return nearest
  }
}
