import Foundation
import Phantoms
import Registration
import Statistics
import Testing
import Volumes

/// Two images of a synthetic patient between which a known transform lies.
struct PhantomPair: Sendable {
  let flair: Volume<Float>
  let mprage: Volume<Float>
  /// From a point of the FLAIR to that of the MPRAGE.
  let truth: RigidTransform
  /// Of the brain, in the world of the FLAIR.
  let points: [WorldPoint]

  struct Recipe: Sendable, CustomTestStringConvertible {
    var name: String
    var flairSpacing = (1.0, 1.0, 1.0)
    var mprageSpacing = (1.0, 1.0, 1.0)
    var mprageAxes = "RAS"
    var noise = 1.5
    /// Amplitude of two shadings that run against each other.
    var shading = 0.3
    /// Slices of FLAIR set to 0, as fractions of its height.
    var missing: [Double] = []
    var rotationDegrees = SIMD3(6.0, -5, 4)
    var shiftMillimetres = SIMD3(6.0, -9, 4)
    var index = 0
    var addsHead = false

    var testDescription: String { name }
  }

  init(_ recipe: Recipe) throws {
    func patient(_ axes: String, _ spacing: (Double, Double, Double), pitch: Double) throws -> PhantomPatient {
      let grid = try PhantomGrid.axes(axes, spacingMillimetres: spacing).oblique(pitchDegrees: pitch, yawDegrees: 3)
      return Phantom.patient(seed: 21, index: recipe.index, recipe: PhantomRecipe(grid: grid, noise: recipe.noise))
    }
    var flair = try patient("LPS", recipe.flairSpacing, pitch: 7).flair
    var mprage = try patient(recipe.mprageAxes, recipe.mprageSpacing, pitch: 0).mprage
    let brain = flair.voxels.indices.filter { flair.voxels[$0] != 0 }
    points = stride(from: 0, to: brain.count, by: brain.count / 2000).map {
      flair.affine.world(flair.shape.voxel(at: brain[$0]))
    }
    if recipe.addsHead {
      Self.addHead(&flair, fat: 260, seed: 1)
      Self.addHead(&mprage, fat: 700, seed: 2)
    }
    Self.shade(&flair, recipe.shading, sign: 1)
    Self.shade(&mprage, recipe.shading, sign: -1)
    let plane = flair.shape.ni * flair.shape.nj
    for height in recipe.missing {
      let k = Int(height * Double(flair.shape.nk))
      for n in (k * plane)..<((k + 1) * plane) { flair.voxels[n] = 0 }
    }
    truth = RigidTransform(
      rotationVector: recipe.rotationDegrees * (.pi / 180), about: WorldPoint(x: 3, y: -10, z: 5),
      translationMillimetres: recipe.shiftMillimetres)
    self.flair = flair
    self.mprage = Volume(shape: mprage.shape, affine: truth.affine.composed(with: mprage.affine), voxels: mprage.voxels)
  }

  /// The mean distance of a transform from the known one over the brain, in mm.
  func error(of transform: RigidTransform) -> Double {
    Displacement(of: transform, from: truth, over: points).meanMillimetres
  }

  private static func shade(_ image: inout Volume<Float>, _ amplitude: Double, sign: Double) {
    for n in image.voxels.indices where image.voxels[n] != 0 {
      let p = image.affine.world(image.shape.voxel(at: n))
      image.voxels[n] *= Float(1 + amplitude * sin(sign * p.x / 60 + p.y / 70) * cos(p.z / 50))
    }
  }

  /// A shell of fat around the brain, and noise in the air.
  private static func addHead(_ image: inout Volume<Float>, fat: Float, seed: UInt64) {
    var random = SplitMix64(seed: seed)
    for n in image.voxels.indices where image.voxels[n] == 0 {
      let p = image.affine.world(image.shape.voxel(at: n))
      let radius = ((p.x / 80) * (p.x / 80) + (p.y / 97) * (p.y / 97) + (p.z / 84) * (p.z / 84)).squareRoot()
      let air = Float(random.next(below: 12)) + 1
      image.voxels[n] = radius > 0.96 && radius < 1.05 ? fat + air : air
    }
  }
}
