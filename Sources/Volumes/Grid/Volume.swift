/// Values on a voxel grid and where that grid lies in the patient.
///
/// `voxels` has `shape.voxelCount` values, axis 0 fastest (the order of a NIfTI file).
public struct Volume<Element: Sendable>: Sendable {
  public let shape: GridShape
  public let affine: Affine
  public var voxels: [Element]

  public init(shape: GridShape, affine: Affine, voxels: [Element]) {
    precondition(voxels.count == shape.voxelCount, "one value per voxel")
    self.shape = shape
    self.affine = affine
    self.voxels = voxels
  }

  public init(shape: GridShape, affine: Affine, repeating value: Element) {
    self.init(shape: shape, affine: affine, voxels: Array(repeating: value, count: shape.voxelCount))
  }

  public subscript(voxel: VoxelIndex) -> Element {
    get { voxels[shape.linearIndex(voxel)] }
    set { voxels[shape.linearIndex(voxel)] = newValue }
  }
}

extension Volume: Equatable where Element: Equatable {}
