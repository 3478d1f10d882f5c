/// Character references of HTML as a browser reads them, as far as names, paths and addresses can be written in them.
enum CharacterReferences {
  /// The text with its references replaced; time grows with its length alone.
  static func resolved(_ text: String) -> String {
    let bytes = Array(text.utf8)
    guard bytes.contains(UInt8(ascii: "&")) else { return text }
    var result: [UInt8] = []
    result.reserveCapacity(bytes.count)
    var at = 0
    while at < bytes.count {
      if bytes[at] == UInt8(ascii: "&"), let (text, end) = reference(bytes, at + 1) {
        result += text.utf8
        at = end
      } else {
        result.append(bytes[at])
        at += 1
      }
    }
    return String(decoding: result, as: UTF8.self)
  }

  /// What a reference stands for, and where it ends.
  private static func reference(_ bytes: [UInt8], _ start: Int) -> (String, Int)? {
    if start < bytes.count, bytes[start] == UInt8(ascii: "#") { return numeric(bytes, start + 1) }
    var end = start
    while end < bytes.count, end - start < 10, isAlphanumeric(bytes[end]) { end += 1 }
    let name = String(decoding: bytes[start..<end], as: UTF8.self)
    if end < bytes.count, bytes[end] == UInt8(ascii: ";"), let found = named[name] { return (found, end + 1) }
    // The old names also count without a semicolon.
    for length in stride(from: min(name.utf8.count, 6), through: 2, by: -1) {
      let part = String(name.prefix(length))
      if oldNames.contains(part), let found = named[part] { return (found, start + length) }
    }
    return nil
  }

  private static func numeric(_ bytes: [UInt8], _ start: Int) -> (String, Int)? {
    let isHexadecimal = start < bytes.count && bytes[start] | 0x20 == UInt8(ascii: "x")
    var at = isHexadecimal ? start + 1 : start
    let first = at
    var value: UInt32 = 0
    while at < bytes.count, let digit = TextDecoding.digit(bytes[at]), isHexadecimal || digit < 10 {
      value = min(value * (isHexadecimal ? 16 : 10) + UInt32(digit), 0x11_0000)
      at += 1
    }
    guard at > first else { return nil }
    if at < bytes.count, bytes[at] == UInt8(ascii: ";") { at += 1 }
    return (Unicode.Scalar(value).map { String($0) } ?? "\u{FFFD}", at)
  }

  private static func isAlphanumeric(_ byte: UInt8) -> Bool {
    (0x30...0x39).contains(byte) || (0x61...0x7A).contains(byte | 0x20)
  }

  /// U+00A0 to U+00FF in order.
  private static let latin = """
    nbsp iexcl cent pound curren yen brvbar sect uml copy ordf laquo not shy reg macr deg plusmn sup2 sup3 acute micro \
    para middot cedil sup1 ordm raquo frac14 frac12 frac34 iquest Agrave Aacute Acirc Atilde Auml Aring AElig Ccedil \
    Egrave Eacute Ecirc Euml Igrave Iacute Icirc Iuml ETH Ntilde Ograve Oacute Ocirc Otilde Ouml times Oslash Ugrave \
    Uacute Ucirc Uuml Yacute THORN szlig agrave aacute acirc atilde auml aring aelig ccedil egrave eacute ecirc euml \
    igrave iacute icirc iuml eth ntilde ograve oacute ocirc otilde ouml divide oslash ugrave uacute ucirc uuml yacute \
    thorn yuml
    """.split(separator: " ").map(String.init)

  private static let oldNames: Set<String> = Set(latin).union(["amp", "lt", "gt", "quot", "AMP", "LT", "GT", "QUOT"])

  private static let named: [String: String] = {
    var table: [String: String] = [
      "amp": "&", "AMP": "&", "lt": "<", "LT": "<", "gt": ">", "GT": ">", "quot": "\"", "QUOT": "\"", "apos": "'",
      "sol": "/", "bsol": "\\", "commat": "@", "colon": ":", "semi": ";", "period": ".", "comma": ",", "lowbar": "_",
      "UnderBar": "_", "percnt": "%", "num": "#", "plus": "+", "equals": "=", "excl": "!", "dollar": "$", "ast": "*",
      "lpar": "(", "rpar": ")", "lsqb": "[", "lbrack": "[", "rsqb": "]", "rbrack": "]", "lcub": "{", "rcub": "}",
      "verbar": "|", "grave": "`", "Hat": "^", "Tab": "\t", "NewLine": "\n", "ensp": "\u{2002}", "emsp": "\u{2003}",
      "thinsp": "\u{2009}", "hairsp": "\u{200A}", "zwnj": "\u{200C}", "zwj": "\u{200D}", "lrm": "\u{200E}",
      "rlm": "\u{200F}", "hyphen": "\u{2010}", "dash": "\u{2010}", "ndash": "\u{2013}", "mdash": "\u{2014}",
      "minus": "\u{2212}", "tilde": "~", "NoBreak": "\u{2060}", "frasl": "\u{2044}", "setminus": "\u{2216}",
      "Scaron": "Š", "scaron": "š", "Zcaron": "Ž", "zcaron": "ž", "Ccaron": "Č", "ccaron": "č", "cacute": "ć",
      "Lstrok": "Ł", "lstrok": "ł", "nacute": "ń", "eogon": "ę", "aogon": "ą", "rcaron": "ř", "ecaron": "ě",
      "uring": "ů", "dstrok": "đ", "odblac": "ő", "udblac": "ű", "inodot": "ı", "scedil": "ş", "gbreve": "ğ",
      "OElig": "Œ", "oelig": "œ", "fflig": "ff", "filig": "fi", "fllig": "fl", "fjlig": "fj",
    ]
    for (index, name) in latin.enumerated() { table[name] = String(Unicode.Scalar(UInt8(0xA0 + index))) }
    return table
  }()
}
