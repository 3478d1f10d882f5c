/// What is wrong with something that the program was given, as evidence: which file, in which role, what was found
/// there, what was expected, and what can be done.
public struct Fault: Error, Sendable, Equatable {
  /// What is at fault.
  public enum Subject: Sendable {
    /// The images, masks, decisions or folders that the user gave.
    case input
    /// The model folder, or the calibration of a model.
    case model
    /// The output folder.
    case output
  }

  public var subject: Subject
  /// A path, or the name of a patient.
  public var file: String
  /// What the file was given as: `FLAIR`, `brain mask`; nil where the file's name says it.
  public var role: String?
  /// Ends no sentence: `no such file`. Names no file and no folder of the input, since it may stand on a page.
  public var found: String
  /// Files or folders that were found, for the terminal and the audit trail only.
  public var names: [String] = []
  /// After "expected": `values from 0 to 1`.
  public var expected: String?
  public var remedy: Remedy?

  public init(
    _ subject: Subject, _ file: String, role: String? = nil, found: String, names: [String] = [],
    expected: String? = nil, remedy: Remedy? = nil
  ) {
    self.subject = subject
    self.file = file
    self.role = role
    self.found = found
    self.names = names
    self.expected = expected
    self.remedy = remedy
  }

  /// What the person who asked can do. The command line knows the options for it.
  public enum Remedy: Sendable, Equatable {
    /// Replace what is there.
    case replace
    /// Replace what is there, or write to another folder.
    case replaceOrOtherFolder
    /// Write to another output folder.
    case otherFolder
    /// Write a single result to another place.
    case otherPlace
    /// Run patients: there are no results yet.
    case runFirst
    /// Run the patient again in place of what is there.
    case runAgain
    /// Make the tables and the page of all patients again.
    case gather
    /// Draw the report again, or save it again from a browser.
    case drawAgain
    /// Say which of several images of a patient is meant.
    case chooseImage
    /// Bring the image onto the other grid by header.
    case reslice
    /// Give a mask of the brain.
    case brainMask
    /// Give a mask of the brain, or a command that makes one.
    case brainMaskOrCommand
    /// Look at the picture of a registration; then give images of one patient, or another transform.
    case lookAtRegistration(picture: String, isOfUser: Bool)
    /// Say which values of a label image are the mask.
    case nameLabel(MaskRole)
    /// Run the patients with a network: what another tool made has no saliency.
    case runNetwork
    /// Say where the images are now.
    case nameImages
    /// Give the patient another identifier.
    case choosePseudonym
    /// Give the key under which the reports were shared.
    case nameKey
    /// Install a browser, which makes the PDF.
    case installBrowser
    /// Make a calibration.
    case makeCalibration
    /// Run without a calibration, or do what the words say.
    case withoutCalibration(or: String)
    /// Make the training intensities of the model again, or do without them.
    case makeIntensities
    /// Leave averaging over mirrorings out.
    case withoutMirroring
    /// Draw the page again without the reference segmentation, or with it.
    case drawBlindness(isBlind: Bool)
    /// Name a layer of the network.
    case nameLayer
    /// What needs no option, in words.
    case plain(String)
  }
}

extension Fault.Remedy: CustomStringConvertible {
  public var description: String {
    switch self {
    case .replace: "ask for it to be replaced"
    case .replaceOrOtherFolder: "ask for it to be replaced, or choose another output folder"
    case .otherFolder: "choose another output folder"
    case .otherPlace: "choose another place for it"
    case .runFirst: "run the patients first"
    case .runAgain: "run the patient again, replacing what is there"
    case .gather: "gather the cohort again to have it written"
    case .drawAgain: "save the report again, or draw it again"
    case .chooseImage: "choose one, or run the patient by itself with explicit files"
    case .reslice: "register or reslice it first, or have it resampled by header"
    case .brainMask: "remove skull and background (set them to 0) or give a brain mask"
    case .brainMaskOrCommand: "give a brain mask, or the command of a program that makes one"
    case .lookAtRegistration(let picture, let isOfUser): Self.registrationWords(picture, isOfUser, "another transform")
    case .nameLabel(let role): "name the label of the \(role == .lesions ? "lesions" : role.rawValue)"
    case .runNetwork: "run the patients with a model, or leave this one out"
    case .nameImages: "name the folder that holds it, or run the patient again"
    case .choosePseudonym: "choose a pseudonym such as 'patient07'"
    case .nameKey: "give the output folder that the report was made in, and the key if it was shared under a pseudonym"
    case .installBrowser: "install Chromium ('apt-get install chromium') or print the report from any browser"
    case .makeCalibration: "calibrate the model"
    case .withoutCalibration(let other): "\(other), or use no calibration"
    case .makeIntensities: "make it again or remove it"
    case .withoutMirroring: "leave mirroring out"
    case .drawBlindness(let isBlind): "draw it again \(isBlind ? "without" : "with") the reference"
    case .nameLayer: "name a layer"
    case .plain(let words): words
    }
  }
}

extension Fault.Remedy {
  /// - Parameter transform: how to give one.
  public static func registrationWords(_ picture: String, _ isOfUser: Bool, _ transform: String) -> String {
    "look at \(picture); "
      + (isOfUser
        ? "the transform maps a point of the FLAIR to one of the MPRAGE: is it the other way round?"
        : "check that both images are of one patient, or give \(transform)")
  }
}

extension Fault: CustomStringConvertible {
  public var description: String { line(\.description) }

  /// The fault on one line, its remedy in the words of whoever shows it.
  public func line(_ wording: (Remedy) -> String) -> String {
    "\(file): \(role.map { "\($0): " } ?? "")\(found)" + (names.isEmpty ? "" : " (\(names.joined(separator: ", ")))")
      + (expected.map { "; expected \($0)" } ?? "") + (remedy.map { "; \(wording($0))" } ?? "")
  }
}
