package import Lesions
package import Results
package import Volumes

/// The volumes that an analysis leaves, as they are stored.
package struct PatientVolumes {
  /// Of the FLAIR file, whose geometry every volume on the patient's grid keeps bit for bit.
  package let header: NIfTIHeader
  /// Number of the lesion at each voxel, 0 outside.
  package let lesionLabels: Volume<Int32>
  /// Number of the missed-lesion candidate at each voxel, 0 outside.
  package let candidateLabels: Volume<Int32>
  /// Nil where no probability was given.
  package let probability: Volume<Float>?
  package let maps: StoredMaps
}

/// Saliency maps by finding, as they are stored; no value is interpolated.
package struct StoredMaps {
  /// The grid of the maps where its voxels are not the patient's; nil where they are.
  package var grid: (shape: GridShape, affine: Affine)?
  /// The kept parts.
  package var parts: [FindingID: SaliencyPicture] = [:]
  /// Whole maps, only where they are to be written.
  package var wholes: [FindingID: SaliencyPicture] = [:]
  /// Grad-CAM++ maps; empty without that method.
  package var layers: [FindingID: LayerMap] = [:]

  package init() {}
}
