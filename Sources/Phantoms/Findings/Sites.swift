/// The voxels of an anatomy where each kind of finding may sit, in lattice order.
struct Sites: Sendable {
  private(set) var periventricular: [Int] = []
  private(set) var juxtacortical: [Int] = []
  private(set) var deep: [Int] = []
  private(set) var infratentorial: [Int] = []
  private(set) var ribbon: [Int] = []
  private(set) var sulcus: [Int] = []
  private(set) var innerFluid: [Int] = []

  init(_ anatomy: Anatomy) {
    for n in anatomy.mask.indices where anatomy.mask[n] {
      let (white, grey, wall, depth) = (
        anatomy.white[n], anatomy.grey[n], anatomy.ventricle[n], anatomy.depthBelowCortex[n]
      )
      let t = anatomy.template[n]
      let x = abs(t.x)
      if white + grey < 0.15 {
        if wall < -0.5 { innerFluid.append(n) } else if wall > 4 { sulcus.append(n) }
        continue
      }
      switch anatomy.region[n] {
      case .outside: break
      case .cerebrum:
        if white > 0.9, wall > 0.5, wall < 3.5, depth > 1, x > 7, t.z > -12 {
          periventricular.append(n)
        } else if white > 0.6, depth > -0.3, depth < 1.8, wall > 4 {
          juxtacortical.append(n)
        } else if white > 0.97, depth > 3, wall > 5, x > 9, t.z > -14 {
          deep.append(n)
        } else if grey > 0.85, depth < 0 {
          ribbon.append(n)
        }
      case .cerebellum: if white > 0.9, wall > 1 { infratentorial.append(n) }
      case .brainstem: if white > 0.9, wall > 0.5 { infratentorial.append(n) }
      }
    }
  }

  func voxels(_ place: PhantomFinding.Place) -> [Int] {
    switch place {
    case .periventricular: periventricular
    case .juxtacortical: juxtacortical
    case .deepWhiteMatter: deep
    case .infratentorial: infratentorial
    case .cortex: ribbon
    case .ventricles: innerFluid
    case .subarachnoid: sulcus
    }
  }
}
