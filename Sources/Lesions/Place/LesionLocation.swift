/// Where in the brain a lesion lies, in the regions that a clinical MS report counts.
///
/// Periventricular and juxtacortical mean contact, as in the MAGNIMS guidelines (Filippi et al., Lancet Neurol 2016, doi
/// 10.1016/S1474-4422(15)00393-2): no white matter lies between the lesion and the lateral ventricle or the cortex.
public enum LesionLocation: String, Sendable, Codable, CaseIterable {
  case periventricular
  case juxtacortical
  case infratentorial
  case deepWhiteMatter
  /// The images at hand do not settle it.
  case notAssessed
}
