import Reports
import Results

/// The finished page of a patient: pictures drawn, then placed.
enum PatientPage {
  static func render(
    results: PatientResults, reportID: String, auditHead: String, runTime: String?, images: PatientImages,
    templates: TemplateFolder,
    progress: (Int, Int) throws -> Void
  ) throws -> [UInt8] {
    let pictures = try PagePictures(results: results, images: images, progress: progress)
    return try ReportPage.render(
      results: results, reportID: reportID, auditHead: auditHead, runTime: runTime, pictures: pictures,
      templates: templates)
  }
}
