import ArgumentParser

/// What somebody may have meant by a command that there is not.
enum Suggestion {
  /// Words that stand for something else, as in other programs.
  private static let elsewhere = [
    "group": "'lesionqc run BIDS_DIR OUTPUT_DIR group'",
    "participant": "'lesionqc run BIDS_DIR OUTPUT_DIR participant'", "apply": "'lesionqc review apply'",
    "verify": "'lesionqc audit verify' or 'lesionqc model verify'", "import": "'lesionqc model import'",
    "segment": "'lesionqc patient'", "predict": "'lesionqc patient'", "print": "'lesionqc report --pdf'",
    "share": "'lesionqc report --pseudonym-key'",
  ]

  /// One line; nil where the first words are commands, or options.
  static func line(for arguments: [String], of root: any ParsableCommand.Type) -> String? {
    var (command, path) = (root, "lesionqc")
    for word in arguments {
      let children = command.configuration.subcommands
      guard !children.isEmpty, !word.hasPrefix("-"), word != "help" else { return nil }
      if let child = children.first(where: { name($0) == word }) {
        (command, path) = (child, "\(path) \(word)")
        continue
      }
      if command.configuration.defaultSubcommand != nil { return nil }
      let known = children.map(name) + (path == "lesionqc" ? ["help"] : [])
      let near = known.map { (name: $0, distance: distance($0, word)) }.min { $0.distance < $1.distance }
      let meant: String? =
        if path == "lesionqc", let other = elsewhere[word] { other } else if let near, near.distance <= 2 {
          "'\(path) \(near.name)'"
        } else { nil }
      return "there is no command '\(word)'"
        + (meant.map { "; did you mean \($0)?" } ?? "; one of \(known.joined(separator: ", "))")
    }
    return nil
  }

  private static func name(_ command: any ParsableCommand.Type) -> String {
    command.configuration.commandName ?? command._commandName
  }

  /// Letters to insert, remove, replace or exchange with their neighbour (optimal string alignment).
  static func distance(_ a: String, _ b: String) -> Int {
    let (a, b) = (Array(a), Array(b))
    var rows = [Array(0...b.count)]
    for i in 0..<a.count {
      var row = [i + 1]
      for j in 0..<b.count {
        var best = min(rows[i][j] + (a[i] == b[j] ? 0 : 1), rows[i][j + 1] + 1, row[j] + 1)
        if i > 0, j > 0, a[i] == b[j - 1], a[i - 1] == b[j] { best = min(best, rows[i - 1][j - 1] + 1) }
        row.append(best)
      }
      rows.append(row)
    }
    return rows[a.count][b.count]
  }
}
