import Foundation
import Mustache

/// The templates and style sheets of all pages, read once and checked for syntax.
///
/// Found at the first of these places that holds `report.mustache`:
/// 1. the folder that the environment variable `LESIONQC_TEMPLATES` names;
/// 2. `templates` beside the executable, or `../share/lesionqc/templates`;
/// 3. `templates` in any folder above the executable (a checkout).
public struct TemplateFolder: Sendable {
  private let library: MustacheLibrary
  private let tags: [String: TemplateTags]
  let styles: [String: String]
  private let scripts: [String: String]
  /// The content of each file.
  package let texts: [String]

  /// The templates of this installation.
  public static func locate() throws(ReportsError) -> TemplateFolder {
    let executable = (try? FileManager.default.destinationOfSymbolicLink(atPath: "/proc/self/exe")) ?? ""
    return try locate(environment: ProcessInfo.processInfo.environment, executable: executable)
  }

  /// - Parameters:
  ///   - environment: looked up for `LESIONQC_TEMPLATES`; a folder that is named there is the only one tried.
  ///   - executable: absolute path of the running program.
  static func locate(environment: [String: String], executable: String) throws(ReportsError) -> TemplateFolder {
    if let named = environment["LESIONQC_TEMPLATES"], !named.isEmpty {
      guard holdsTemplates(named) else { throw .templatesNotFound(searched: ["\(named) (LESIONQC_TEMPLATES)"]) }
      return try TemplateFolder(path: named)
    }
    var folder = URL(fileURLWithPath: executable).deletingLastPathComponent()
    let installed = [
      folder.appendingPathComponent("templates").path,
      folder.deletingLastPathComponent().appendingPathComponent("share/lesionqc/templates").path,
    ]
    var candidates = installed
    while folder.path != "/" && !folder.path.isEmpty {
      folder.deleteLastPathComponent()
      candidates.append(folder.appendingPathComponent("templates").path)
    }
    guard let found = candidates.first(where: holdsTemplates) else {
      throw .templatesNotFound(
        searched: ["LESIONQC_TEMPLATES (not set)"] + installed + ["a templates folder above the program (a checkout)"])
    }
    return try TemplateFolder(path: found)
  }

  private static func holdsTemplates(_ folder: String) -> Bool {
    FileManager.default.fileExists(atPath: folder + "/report.mustache")
  }

  /// - Parameter path: a folder of `*.mustache`, `*.css` and `*.js` files.
  public init(path: String) throws(ReportsError) {
    let names: [String]
    do { names = try FileManager.default.contentsOfDirectory(atPath: path).sorted() } catch {
      throw .templatesNotFound(searched: [path])
    }
    var texts: [String: String] = [:]
    for name in names where [".mustache", ".css", ".js"].contains(where: name.hasSuffix) {
      guard let bytes = FileManager.default.contents(atPath: path + "/" + name) else {
        throw .templateUnreadable(template: name, reason: "not a readable file")
      }
      texts[name] = String(decoding: bytes, as: UTF8.self)
    }
    try self.init(texts: texts)
  }

  /// - Parameter texts: content by file name, such as `report.mustache`.
  init(texts: [String: String]) throws(ReportsError) {
    self.texts = texts.sorted { $0.key < $1.key }.map(\.value)
    // Registering again stores an equal value; the registry of content types is locked.
    MustacheContentTypes.register(HTMLText(), named: HTMLText.name)
    var templates: [String: MustacheTemplate] = [:]
    var tags: [String: TemplateTags] = [:]
    var styles: [String: String] = [:]
    var scripts: [String: String] = [:]
    for (file, text) in texts.sorted(by: { $0.key < $1.key }) {
      if file.hasSuffix(".css") {
        styles[String(file.dropLast(4))] = text
        continue
      }
      if file.hasSuffix(".js") {
        scripts[String(file.dropLast(3))] = text
        continue
      }
      let name = String(file.dropLast(9))
      tags[name] = try TemplateTags(template: name, text: text)
      do {
        // The content type starts anew in every partial, so every file gets it.
        templates[name] = try MustacheTemplate(string: "{{% CONTENT_TYPE: \(HTMLText.name)}}\n" + text)
      } catch { throw .templateSyntax(template: name, line: 1, reason: "\(error)") }
    }
    library = MustacheLibrary(templates: templates)
    self.tags = tags
    self.styles = styles
    self.scripts = scripts
  }

  /// The page that a template makes of some fields.
  ///
  /// - Throws: `ReportsError.unknownKey` if the template uses a key that the fields do not hold.
  func render(_ template: String, _ fields: PageFields) throws(ReportsError) -> [UInt8] {
    try check(template, [fields])
    guard let page = library.render(fields.rendered, withTemplate: template) else {
      throw .templateUnreadable(template: template, reason: "there is no such template")
    }
    return Array(page.utf8)
  }

  /// What the head of a page holds: its style sheets, its script and the policy that lets this script run and no other.
  ///
  /// - Parameter scripts: names of script files, joined in this order; a page without any may run nothing.
  func head(styles sheets: [String], scripts names: [String] = []) throws(ReportsError) -> PageFields {
    var style = ""
    for sheet in sheets {
      guard let text = styles[sheet] else {
        throw .templateUnreadable(template: sheet + ".css", reason: "no such file")
      }
      try refuse(["</"], in: text, of: sheet + ".css")
      style += text
    }
    var script = ""
    for name in names {
      guard let text = scripts[name] else { throw .templateUnreadable(template: name + ".js", reason: "no such file") }
      // A carriage return would be dropped by the browser, and the digest would not be that of what it runs.
      try refuse(["</", "<!--", "\r"], in: text, of: name + ".js")
      script += (script.isEmpty ? "" : "\n") + text
    }
    return [
      "style": .text(style), "script": .text(script),
      "policy": .text(ContentPolicy.text(script: script.isEmpty ? nil : script)),
    ]
  }

  private func refuse(_ words: [String], in text: String, of file: String) throws(ReportsError) {
    for word in words where text.contains(word) {
      throw .templateSyntax(
        template: file, line: 1,
        reason: "'\(word == "\r" ? "carriage return" : word)' may not stand inside a page's element")
    }
  }
}

// MARK: - Key check

extension TemplateFolder {
  /// - Parameter stack: the groups in reach, innermost last, as Mustache looks keys up.
  private func check(_ template: String, _ stack: [PageFields]) throws(ReportsError) {
    guard let tags = tags[template] else {
      throw .templateUnreadable(template: template, reason: "there is no such template")
    }
    try check(tags.tags, in: template, stack)
  }

  private func check(_ tags: [TemplateTags.Tag], in template: String, _ stack: [PageFields]) throws(ReportsError) {
    for tag in tags {
      switch tag {
      case .partial(let name, _): try check(name, stack)
      case .value(let key, let line):
        guard case .text = Self.value(key, stack) else { throw .unknownKey(template: template, key: key, line: line) }
      case .section(let key, let line, let inverted, let inner):
        guard let value = Self.value(key, stack) else { throw .unknownKey(template: template, key: key, line: line) }
        switch value {
        case .text: throw .templateSyntax(template: template, line: line, reason: "'\(key)' is a text, not a section")
        case _ where inverted: if !value.isShown { try check(inner, in: template, stack) }
        case .flag(let shown): if shown { try check(inner, in: template, stack) }
        case .fields(let fields): try check(inner, in: template, stack + [fields])
        case .list(let groups): for fields in groups { try check(inner, in: template, stack + [fields]) }
        }
      }
    }
  }

  private static func value(_ key: String, _ stack: [PageFields]) -> PageValue? {
    for fields in stack.reversed() { if let value = fields[key] { return value } }
    return nil
  }
}
