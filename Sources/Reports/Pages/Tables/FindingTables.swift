import Lesions
public import Results

/// `*_desc-reviewed_decisions.tsv`: one row per finding with what the readers said and what became of it.
public enum DecisionTable {
  public struct Row: Sendable {
    public typealias Answer = (
      reader: String, verdict: ReviewDecisions.Verdict, reasons: [ReviewDecisions.Reason], comment: String, time: String
    )

    let finding: FindingRecord
    let position: Int?
    let outcome: String
    let isConflict: Bool
    let needsEditing: Bool
    let isInMask: (before: Bool, after: Bool)
    let answers: [Answer]

    public init(
      _ finding: FindingRecord, position: Int?, outcome: String, isConflict: Bool, needsEditing: Bool,
      isInMask: (before: Bool, after: Bool), answers: [Answer]
    ) {
      self.finding = finding
      self.position = position
      self.outcome = outcome
      self.isConflict = isConflict
      self.needsEditing = needsEditing
      self.isInMask = isInMask
      self.answers = answers
    }
  }

  static var table: Table<Row> {
    Table([
      .text("finding", "Finding, as pages name it", \.finding.id.description),
      .text("kind", "What it is", levels: TableWords.kinds, \.finding.kind.rawValue),
      .count("review_position", "Position in the review order, from 1", \.position),
      .number("volume_mm3", "Volume", units: "mm^3", \.finding.measurements.volumeMillimetres3),
      .number("mean_probability", "Mean lesion probability inside", \.finding.measurements.probability?.mean),
      .text(
        "outcome", "What the readers make of it",
        levels: [
          "lesion": "more readers say lesion", "notALesion": "more readers say that it is none",
          "open": "nobody says, or as many say one as the other",
        ], \.outcome), .flag("conflict", "Whether readers disagree", \.isConflict),
      .flag("needs_editing", "Whether a reader wants its outline edited", \.needsEditing),
      .flag("in_mask_before", "Whether it is in the network's mask", \.isInMask.before),
      .flag("in_mask_after", "Whether it is in the reviewed mask", \.isInMask.after),
      .text("answers", "Verdict of each reader, by name") { $0.each(\.verdict.rawValue) },
      .text("reasons", "Reasons that each reader chose") {
        $0.each { $0.reasons.map(\.rawValue).joined(separator: ",") }
      }, .text("comments", "Comment of each reader") { $0.each(\.comment) },
    ])
  }

  public static func bytes(_ rows: [Row]) -> [UInt8] { table.bytes(rows) }

  /// The data dictionary beside it.
  public static func dictionary() throws -> [UInt8] { try table.dictionary() }
}

extension DecisionTable.Row {
  /// `R1: accept; R2: reject`; nil where nobody says anything.
  fileprivate func each(_ text: (Answer) -> String) -> String? {
    let said = answers.compactMap { answer in
      let words = text(answer)
      return words.isEmpty ? nil : "\(answer.reader): \(words)"
    }
    return said.isEmpty ? nil : said.joined(separator: "; ")
  }
}

/// The look-up table beside a `dseg` image: what each label is (BIDS derivatives, discrete segmentations).
public enum SegmentationTable {
  static var table: Table<FindingRecord> {
    Table([
      .count("index", "Label in the image", \.id.number), .text("name", "Finding, as pages name it", \.id.description),
      .count("voxel_count", "Voxels of the finding", \.measurements.voxelCount),
      .number("volume_mm3", "Volume of the finding", units: "mm^3", \.measurements.volumeMillimetres3),
      .text(
        "location", "Class of the location in the brain, by the rule of the results", levels: TableWords.locations,
        \.location.rawValue),
    ])
  }

  /// - Parameter findings: of one kind.
  public static func bytes(_ findings: [FindingRecord]) -> [UInt8] {
    table.bytes(findings.sorted(by: { $0.id < $1.id }))
  }

  /// For the sidecar that image and table share, without the columns that BIDS defines and nobody may define again.
  public static var definitions: [String: ColumnDefinition] {
    table.definitions.filter { !["index", "name"].contains($0.key) }
  }
}
