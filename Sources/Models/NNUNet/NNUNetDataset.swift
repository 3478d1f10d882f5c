import Checkpoints

/// What dataset.json of an nnU-Net v2 result folder says about channels and labels.
struct NNUNetDataset {
  /// Contrasts as the file spells them, by channel.
  let channelNames: [String]
  let classCount: Int
  let lesionClass: Int
  let lesionLabel: String

  /// Spellings of the two contrasts, without capitals and anything but letters and digits.
  static let flairSpellings = ["flair", "t2flair", "t2wflair", "flairt2", "3dflair", "t2fl"]
  static let t1Spellings = ["t1w", "t1", "mprage", "t1mprage", "t1wmprage", "t1n", "3dt1", "t1weighted"]

  /// Reads the bytes of dataset.json and insists on FLAIR, T1w and a single foreground label.
  ///
  /// - Throws: `CheckpointError`.
  init(bytes: UnsafeRawBufferPointer, file: String) throws {
    let dataset = try JSONReader(JSONValue(bytes, file: file), file: file, path: "", allowed: nil)
    try NNUNetRules.dataset.judge(dataset)
    channelNames = try Self.channels(dataset)
    let spelt = channelNames.map { name in String(name.lowercased().filter { $0.isLetter || $0.isNumber }) }
    let isInOrder = spelt.count == 2 && Self.flairSpellings.contains(spelt[0]) && Self.t1Spellings.contains(spelt[1])
    guard isInOrder else {
      let key = dataset.optional("channel_names") == nil ? "modality" : "channel_names"
      throw dataset.fail(
        key,
        "is [\(channelNames.map { String($0.prefix(40)) }.joined(separator: ", "))]; expected FLAIR "
          + "(\(Self.flairSpellings.joined(separator: ", "))), then T1w (\(Self.t1Spellings.joined(separator: ", "))), "
          + "in capitals or not; where the network was trained on FLAIR and T1w in this order under other names, "
          + "change them here")
    }
    (classCount, lesionClass, lesionLabel) = try Self.labels(dataset)
  }

  private static func channels(_ dataset: JSONReader) throws -> [String] {
    let names = try dataset.object(dataset.optional("channel_names") == nil ? "modality" : "channel_names")
    guard (1...64).contains(names.keys.count) else {
      throw dataset.fail(names.path, "has \(names.keys.count) channels")
    }
    return try (0..<names.keys.count).map { try names.text("\($0)") }
  }

  private static func labels(_ dataset: JSONReader) throws -> (classes: Int, lesion: Int, label: String) {
    let labels = try dataset.object("labels")
    var foreground: [(label: String, value: Int)] = []
    for label in labels.keys where label != "ignore" {
      if case .array(let parts) = try labels.required(label), parts.count > 1 {
        throw labels.fail(label, "joins \(parts.count) labels; region-based networks are not supported")
      }
      let value = try Self.value(label, in: labels)
      if value != 0 { foreground.append((label, value)) }
    }
    if dataset.optional("regions_class_order") != nil {
      throw dataset.fail("regions_class_order", "is given; region-based networks are not supported")
    }
    guard foreground.count == 1, foreground[0].value == 1, labels.keys.contains("background") else {
      throw dataset.fail(
        "labels",
        "are \(labels.keys.prefix(12).joined(separator: ", ")); expected background 0 and one label 1, the lesions")
    }
    return (2, 1, foreground[0].label)
  }

  /// A label's number; a list of one is, as in nnU-Net, that one.
  private static func value(_ label: String, in labels: JSONReader) throws -> Int {
    guard case .array(let parts) = try labels.required(label), let only = parts.first else {
      return try labels.integer(label, in: 0...255)
    }
    guard case .integer(let number) = only, (0...255).contains(number) else {
      throw labels.fail(label, "is a list of \(only.kind); expected a whole number from 0 to 255")
    }
    return number
  }
}
