/// Finds places of files and addresses of people and machines in a folded text, in one pass: no rule looks farther than
/// a path or an address is long.
struct AddressSearch {
  enum Kind { case path, email, network }

  private let text: FoldedText
  private var found: [(Kind, Range<Int>)] = []

  static func addresses(in text: FoldedText) -> [(kind: Kind, range: Range<Int>)] {
    var search = AddressSearch(text: text)
    var at = 0
    while at < text.count {
      // An address that was found is not looked through again for a shorter one of its kind.
      at = search.look(at) ?? at + 1
    }
    return search.found.map { ($0.0, $0.1) }
  }

  static func emails(in text: FoldedText) -> [Range<Int>] {
    var search = AddressSearch(text: text)
    for at in text.scalars.indices { _ = search.email(at) }
    return search.found.map(\.1)
  }

  private init(text: FoldedText) { self.text = text }

  private mutating func add(_ kind: Kind, _ range: Range<Int>) -> Int {
    found.append((kind, range))
    return range.upperBound
  }

  private mutating func look(_ at: Int) -> Int? {
    switch text.scalars[at] {
    case 0x2F: unixPath(at) ?? sharePath(at, 0x2F)
    case 0x5C: sharePath(at, 0x5C)
    case 0x3A: url(at) ?? drivePath(at)
    case 0x7E, 0x24, 0x25: homePath(at)
    case 0x40: email(at)
    case 0x61...0x66: email(at) ?? (text.isWord(at - 1) ? nil : hardware(at))
    case 0x30...0x39: text.isWord(at - 1) || text.at(at - 1) == 0x2E ? nil : numbers(at)
    default: nil
    }
  }

  private func matches(_ word: String, _ at: Int) -> Bool {
    var at = at
    for scalar in word.unicodeScalars {
      guard text.at(at) == scalar.value else { return false }
      at += 1
    }
    return true
  }

  /// One past a run of scalars that `isPart` holds for, at most so many.
  private func end(from start: Int, atMost limit: Int = .max, where isPart: (UInt32) -> Bool) -> Int {
    var at = start
    while at < text.count, at - start < limit, isPart(text.scalars[at]) { at += 1 }
    return at
  }

  // MARK: - Paths

  private static func isComponent(_ value: UInt32) -> Bool {
    FoldedText.isWord(value) || [0x2E, 0x7E, 0x40, 0x25, 0x2B, 0x3D, 0x2D, 0x5F].contains(value)
  }

  /// Folders at the top of a file system: a path from one of them is absolute whatever stands before it.
  private static let roots = [
    "home", "users", "mnt", "media", "data", "var", "tmp", "opt", "srv", "root", "scratch", "nfs", "volumes", "export",
    "lustre", "gpfs", "private", "storage", "work", "project", "projects", "run", "etc", "usr",
  ]

  /// Two components or more, or one with a file's ending; not the second half of `mean/highest`.
  private mutating func unixPath(_ at: Int) -> Int? {
    let before = text.at(at - 1)
    let isGlued = before.map { Self.isComponent($0) && $0 != 0x3D && $0 != 0x40 && $0 != 0x25 && $0 != 0x2B } ?? false
    let isInMarkup = before == 0x2F || before == 0x3C || before == 0x3E || before == 0x29
    let first = end(from: at + 1, where: Self.isComponent)
    guard first > at + 1 else { return nil }
    guard text.at(first) == 0x2F else {
      // `/flair.nii.gz`
      guard !isGlued, !isInMarkup, hasEnding(at + 1, first) else { return nil }
      return add(.path, at..<first)
    }
    let isRooted = Self.roots.contains { matches($0, at + 1) && at + 1 + $0.unicodeScalars.count == first }
    let mayFollow =
      isRooted ? before.map { !FoldedText.isWord($0) && $0 != 0x2E && $0 != 0x3C } ?? true : !isGlued && !isInMarkup
    guard mayFollow else { return nil }
    var last = first
    while text.at(last) == 0x2F {
      let next = end(from: last + 1, where: Self.isComponent)
      if next == last + 1 {
        last = next
        break
      }
      last = next
    }
    guard !isRooted || last > first + 1 || !isInMarkup else { return nil }
    return add(.path, at..<last)
  }

  /// Whether a component ends like a file: a dot and two to six letters or digits, a letter first.
  private func hasEnding(_ start: Int, _ end: Int) -> Bool {
    guard let dot = (max(start, end - 7)..<end).last(where: { text.scalars[$0] == 0x2E }), dot > start else {
      return false
    }
    let ending = text.scalars[(dot + 1)..<end]
    return (2...6).contains(ending.count) && ending.allSatisfy(FoldedText.isWord) && !FoldedText.isDigit(ending.first!)
  }

  /// `\\server\share`, also with each backslash written twice, and `//server/share`.
  private mutating func sharePath(_ at: Int, _ slash: UInt32) -> Int? {
    guard text.at(at + 1) == slash, text.at(at - 1) != slash, text.at(at - 1) != 0x3A else { return nil }
    // Program text has comments: `// one/other`.
    let start = end(from: at, atMost: 4) { $0 == slash }
    let server = end(from: start) { FoldedText.isWord($0) || $0 == 0x2E || $0 == 0x2D || $0 == 0x5F }
    guard server > start, text.at(server) == slash else { return nil }
    let share = end(from: server, atMost: 2) { $0 == slash }
    let last = end(from: share) { Self.isComponent($0) || $0 == 0x24 }
    return last > share ? add(.path, at..<last) : nil
  }

  /// `c:\users`, `c:/users`.
  private mutating func drivePath(_ at: Int) -> Int? {
    guard let letter = text.at(at - 1), (0x61...0x7A).contains(letter), !text.isWord(at - 2) else { return nil }
    let slashes = end(from: at + 1, atMost: 2) { $0 == 0x5C || $0 == 0x2F }
    let last = end(from: slashes, where: Self.isComponent)
    return slashes > at + 1 && last > slashes ? add(.path, (at - 1)..<last) : nil
  }

  /// `~jane/scans`, `$home/scans`, `%userprofile%\scans`.
  private mutating func homePath(_ at: Int) -> Int? {
    guard !text.isWord(at - 1), text.at(at - 1) != 0x7E else { return nil }
    var name = end(from: at + 1) { FoldedText.isWord($0) || $0 == 0x5F }
    if text.scalars[at] == 0x24 {
      guard matches("home", at + 1) || matches("user", at + 1) || matches("{home}", at + 1) else { return nil }
      if text.at(at + 1) == 0x7B { name = at + 7 }
    }
    if text.scalars[at] == 0x25 {
      guard text.at(name) == 0x25, name > at + 1 else { return nil }
      name += 1
    }
    guard text.at(name) == 0x2F || text.at(name) == 0x5C else { return nil }
    let last = end(from: name + 1, where: Self.isComponent)
    return last > name + 1 ? add(.path, at..<last) : nil
  }

  // MARK: - Networks

  /// `https://host/…`, `file:/…`: the scheme stands before the colon.
  private mutating func url(_ at: Int) -> Int? {
    var start = at
    while start > 0, at - start < 12, FoldedText.isWord(text.scalars[start - 1]), text.scalars[start - 1] < 0x80 {
      start -= 1
    }
    guard at - start >= 2, text.at(at + 1) == 0x2F else { return nil }
    let isFile = at - start == 4 && matches("file", start)
    guard isFile || text.at(at + 2) == 0x2F else { return nil }
    let last = end(from: at + 1) { $0 > 0x20 && ![0x22, 0x27, 0x3C, 0x3E, 0x60].contains($0) }
    guard last > at + 3 || isFile else { return nil }
    if !isFile, matches("www.w3.org", at + 3) { return last }
    return add(isFile ? .path : .network, start..<last)
  }

  private static func isLocal(_ value: UInt32) -> Bool {
    FoldedText.isWord(value) || [0x2E, 0x5F, 0x25, 0x2B, 0x2D].contains(value)
  }

  /// `jane@hospital.example`, `jane (at) hospital (dot) example`, with a local part of up to 64 characters (RFC 5321).
  private mutating func email(_ at: Int) -> Int? {
    var (left, right) = (at, at + 1)
    if text.scalars[at] == 0x61 {
      guard let opening = text.at(at - 1), [0x28, 0x5B, 0x7B].contains(opening), text.at(at + 1) == 0x74,
        let closing = text.at(at + 2), [0x29, 0x5D, 0x7D].contains(closing)
      else { return nil }
      (left, right) = (at - 1, at + 3)
      if text.at(left - 1) == 0x20 { left -= 1 }
      if text.at(right) == 0x20 { right += 1 }
    } else if text.scalars[at] != 0x40 {
      return nil
    }
    var start = left
    while start > 0, left - start < 64, Self.isLocal(text.scalars[start - 1]) { start -= 1 }
    guard start < left else { return nil }
    var last = right
    var labels = 0
    while labels < 20 {
      let label = end(from: last, atMost: 63) { FoldedText.isWord($0) || $0 == 0x2D }
      guard label > last else { break }
      last = label
      labels += 1
      guard let next = dot(after: last), text.isWord(next) else { break }
      last = next
    }
    guard labels >= 2, !text.isDigit(last - 1), text.isWord(last - 2) else { return nil }
    return add(.email, start..<last)
  }

  /// One past a dot, or one past `(dot)`.
  private func dot(after at: Int) -> Int? {
    if text.at(at) == 0x2E { return at + 1 }
    let start = text.at(at) == 0x20 ? at + 1 : at
    guard let opening = text.at(start), [0x28, 0x5B, 0x7B].contains(opening), matches("dot", start + 1),
      let closing = text.at(start + 4), [0x29, 0x5D, 0x7D].contains(closing)
    else { return nil }
    return text.at(start + 5) == 0x20 ? start + 6 : start + 5
  }

  /// `192.168.1.17`, `00:1a:2b:3c:4d:5e` and identifiers of DICOM objects (`1.2.840…`, six numbers or more).
  private mutating func numbers(_ at: Int) -> Int? {
    let last = end(from: at, atMost: 80) { FoldedText.isDigit($0) || $0 == 0x2E }
    let parts = text.scalars[at..<last].split(separator: 0x2E)
    guard !text.isWord(last) else { return hardware(at) }
    let isHost = parts.count == 4 && parts.allSatisfy { $0.count <= 3 && value($0) <= 255 }
    let isObject = parts.count >= 6 && last - at >= 16 && parts[0].count == 1 && value(parts[0]) <= 2
    return isHost || isObject ? add(.network, at..<last) : hardware(at)
  }

  private func value(_ digits: ArraySlice<UInt32>) -> Int { digits.reduce(0) { $0 * 10 + Int($1 - 0x30) } }

  private mutating func hardware(_ at: Int) -> Int? {
    for part in 0..<6 {
      let start = at + 3 * part
      for place in [start, start + 1] {
        guard let value = text.at(place), FoldedText.isDigit(value) || (0x61...0x66).contains(value) else { return nil }
      }
      if part < 5, text.at(start + 2) != 0x3A && text.at(start + 2) != 0x2D { return nil }
    }
    return text.isWord(at + 17) ? nil : add(.network, at..<(at + 17))
  }
}
