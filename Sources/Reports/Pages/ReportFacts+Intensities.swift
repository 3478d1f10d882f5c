import Results

/// Whether the images are like those that the network was trained on, as the report shows it.
extension ReportFacts {
  static func intensityRule(_ results: PatientResults) -> [PageFields] {
    guard let facts = results.intensities else { return [] }
    let unlike = facts.images.filter(\.isUnlike).map(\.role)
    let patients =
      Formatting.counted(facts.trainingPatients, "training patient", "training patients")
      + (facts.syntheticTrainingPatients > 0
        ? ", \(Formatting.count(facts.syntheticTrainingPatients)) of them synthetic" : "")
    return [
      row(
        "Intensities",
        unlike.isEmpty
          ? "like those of the \(patients)" : "\(Wording.listed(unlike)) unlike the \(patients)",
        "seven quantiles of the brain's voxels, in standard deviations from their mean")
    ]
  }
}
