import Foundation
import Volumes

/// What `participants.tsv` says of one patient.
struct CohortRow: Sendable {
  let index: Int
  let identifier: String
  let lesions: Int
  let faintLesions: Int
  let lesionMillilitres: Double
  let mimics: Int

  init(index: Int, identifier: String, patient: PhantomPatient) {
    self.index = index
    self.identifier = identifier
    lesions = patient.lesions.count
    faintLesions = patient.lesions.count { $0.faint }
    mimics = patient.mimics.count
    lesionMillilitres =
      Double(patient.truth.voxels.count { $0 != 0 }) * patient.truth.affine.voxelVolumeMillimetres3 / 1000
  }
}

/// The text files of a cohort.
enum CohortText {
  static func participants(_ rows: [CohortRow]) -> String {
    let lines = rows.map { row in
      let volume = decimal(row.lesionMillilitres, 3)
      return "\(row.identifier)\tyes\t\(row.lesions)\t\(row.faintLesions)\t\(volume)\t\(row.mimics)\n"
    }
    return "participant_id\tsynthetic\tlesions\tfaint_lesions\tlesion_volume_ml\tmimics\n" + lines.joined()
  }

  static let participantColumns = """
    {
      "synthetic": {"Description": "No such patient exists: the images were computed"},
      "lesions": {"Description": "Lesions painted; lesions that touch are one component of the truth mask"},
      "faint_lesions": {"Description": "Lesions whose FLAIR contrast nears the noise"},
      "lesion_volume_ml": {"Description": "Volume of the truth mask", "Units": "mL"},
      "mimics": {"Description": "Bright structures painted that are not lesions and not in the truth"}
    }

    """

  static let ignored = """
    derivatives/truth/**/*_findings.tsv
    models/

    """

  static func findings(_ findings: [PhantomFinding]) -> String {
    let header = [
      "kind", "place", "volume_mm3", "flair_contrast", "mprage_contrast", "faint", "centre_i", "centre_j", "centre_k",
      "centre_x_mm", "centre_y_mm", "centre_z_mm",
    ]
    let lines = findings.map { f in
      [
        f.kind.rawValue, f.place.rawValue, decimal(f.volumeMillimetres3, 1), decimal(f.flairContrast, 3),
        decimal(f.mprageContrast, 3), f.faint ? "yes" : "no", String(f.centreVoxel.i), String(f.centreVoxel.j),
        String(f.centreVoxel.k), decimal(f.centreMillimetres.x, 2), decimal(f.centreMillimetres.y, 2),
        decimal(f.centreMillimetres.z, 2),
      ].joined(separator: "\t") + "\n"
    }
    return header.joined(separator: "\t") + "\n" + lines.joined()
  }

  static func description(_ cohort: PhantomCohort, isTruth: Bool) -> String {
    let patients = "patients \(cohort.firstIndex) to \(cohort.firstIndex + cohort.patients - 1)"
    let source = isTruth ? ",\n  \"DatasetLinks\": {\"raw\": \"../..\"}" : ""
    return """
      {
        "Name": "SYNTHETIC multiple sclerosis patients\(isTruth ? ": lesion truth" : "")",
        "BIDSVersion": "1.10.0",
        "DatasetType": "\(isTruth ? "derivative" : "raw")",
        "License": "CC0-1.0",
        "GeneratedBy": [
          {
            "Name": "lesionqc phantom",
            "Description": "seed \(cohort.seed), \(patients)"
          }
        ]\(source)
      }

      """
  }

  static func readme(_ cohort: PhantomCohort, _ rows: [CohortRow]) -> String {
    """
    SYNTHETIC multiple sclerosis patients
    =====================================

    These are not patients. Every image was computed from random numbers by `lesionqc phantom`; no scan of a person went
    into it. They show what the program does and test it; they say nothing about how well anything works on people.

    Seed \(cohort.seed), patients \(cohort.firstIndex) to \(cohort.firstIndex + cohort.patients - 1), \
    \(rows.reduce(0) { $0 + $1.lesions }) lesions in all\(cohort.command.isEmpty ? "." : "; made by")

        \(cohort.command)

    sub-*/anat/*_FLAIR.nii.gz, *_T1w.nii.gz   FLAIR and MPRAGE, brain-extracted, background exactly 0, one voxel grid
    derivatives/truth/**/*_label-L_mask.nii.gz        1 where the generator painted a lesion
    derivatives/truth/**/*_desc-phantom_findings.tsv  every lesion, and every mimic, which is bright and is no lesion:
                                                      place, volume, contrast, centre (voxel from 0; mm, RAS+)

    Licence: CC0-1.0, no rights reserved.

    """
  }

  /// A number with a fixed count of decimals, the same in every locale.
  private static func decimal(_ value: Double, _ digits: Int) -> String {
    String(format: "%.\(digits)f", locale: Locale(identifier: "en_US_POSIX"), value)
  }
}
