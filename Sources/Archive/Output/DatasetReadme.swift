/// What a person who opens the folder reads first.
extension DatasetFiles.Kind {
  var readme: String {
    switch self {
    case .results: Self.textOfResults
    case .prepared: Self.textOfPrepared
    }
  }

  private static let textOfResults = """
    # lesionqc results

    Lesion masks, saliency maps and review reports of multiple sclerosis lesion segmentation, made by lesionqc.
    Research software, not a medical device.

    - `index.html` opens in any browser: every patient, with links to the reports.
    - `sub-*/`: masks, probability, numbered findings and saliency maps as NIfTI, every number of a report as JSON.
    - `cohort.tsv`, `lesions.tsv`: one row per patient, one per finding.
    - `audit/`: what was done, by whom, with which files, model and settings. It names the files of the input with
      their folders; `dataset_description.json` names the data set that they are from.

    Only copies under pseudonyms are made to be given away.

    """

  private static let textOfPrepared = """
    # lesionqc prepared images

    FLAIR and T1w on the grid of the FLAIR, registered, 0 outside the brain, made by lesionqc.
    Research software, not a medical device.

    - `sub-*/anat/`: the images, the brain mask and the transform, each with a JSON sidecar that says how it was made.
    - `sub-*.html`: what was prepared, before and after; opens in any browser.
    - `audit/`: what was done, by whom, with which files, programs and settings.

    The folder is what `lesionqc run` takes.

    """
}
