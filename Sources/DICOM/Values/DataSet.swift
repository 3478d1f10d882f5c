/// Elements by their tags, as a DICOM file or an item of a sequence holds them.
public struct DataSet: Sendable, Equatable {
  public enum Value: Sendable, Equatable {
    /// In UTF-8, several values separated by backslashes, without padding.
    case text(String)
    /// Little endian.
    case bytes([UInt8])
    case items([DataSet])
    /// More bytes than were asked for; they stay in the file.
    case notRead(byteCount: Int)
  }

  public struct Element: Sendable, Equatable {
    public let vr: VR
    public var value: Value
  }

  private(set) var elements: [Tag: Element] = [:]

  public init() {}

  /// Ascending.
  public var tags: [Tag] { elements.keys.sorted() }

  public subscript(tag: Tag) -> Element? {
    get { elements[tag] }
    set { elements[tag] = newValue }
  }

  public subscript(tag: Attribute) -> Element? { elements[tag.tag] }
}

// MARK: - Setting

extension DataSet {
  /// Sets a text; an attribute without a value is present and empty (type 2).
  public mutating func set(_ attribute: Attribute, _ text: String?) {
    elements[attribute.tag] = Element(vr: attribute.vr, value: .text(text ?? ""))
  }

  public mutating func set(_ attribute: Attribute, _ texts: [String]) { set(attribute, texts.joined(separator: "\\")) }

  /// Numbers of an attribute of the VRs US, UL, SS, SL, FL, FD, IS or DS.
  public mutating func set(_ attribute: Attribute, _ numbers: [Double]) {
    elements[attribute.tag] = Element(vr: attribute.vr, value: NumberCoding.value(numbers, attribute.vr))
  }

  public mutating func set(_ attribute: Attribute, _ number: Int) { set(attribute, [Double(number)]) }

  public mutating func set(_ attribute: Attribute, bytes: [UInt8]) {
    elements[attribute.tag] = Element(vr: attribute.vr, value: .bytes(bytes))
  }

  public mutating func set(_ attribute: Attribute, items: [DataSet]) {
    elements[attribute.tag] = Element(vr: .sq, value: .items(items))
  }

  /// An attribute whose value is the tag of another (VR AT).
  public mutating func set(_ attribute: Attribute, tag: Tag) {
    let bytes = [tag.group, tag.element].flatMap { [UInt8(truncatingIfNeeded: $0), UInt8($0 >> 8)] }
    elements[attribute.tag] = Element(vr: .at, value: .bytes(bytes))
  }

  public mutating func remove(_ attribute: Attribute) { elements[attribute.tag] = nil }

  /// Takes elements over from another data set; those that it lacks are left out.
  public mutating func copy(_ attributes: [Attribute], from other: DataSet) {
    for attribute in attributes { if let found = other[attribute.tag] { elements[attribute.tag] = found } }
  }

  /// Takes elements over; those that the other lacks are present and empty (type 2).
  public mutating func copyOrEmpty(_ attributes: [Attribute], from other: DataSet) {
    for attribute in attributes {
      if let found = other[attribute.tag] { elements[attribute.tag] = found } else { set(attribute, nil) }
    }
  }
}

// MARK: - Reading

extension DataSet {
  /// The text of an element; nil where it is absent or empty.
  public func text(_ attribute: Attribute) -> String? {
    guard case .text(let text)? = self[attribute]?.value, !text.isEmpty else { return nil }
    return text
  }

  public func texts(_ attribute: Attribute) -> [String] {
    text(attribute)?.split(separator: "\\", omittingEmptySubsequences: false).map(String.init) ?? []
  }

  /// Empty where the element is absent or holds no numbers.
  public func numbers(_ attribute: Attribute) -> [Double] {
    guard let element = self[attribute] else { return [] }
    return NumberCoding.numbers(element)
  }

  public func integer(_ attribute: Attribute) -> Int? { numbers(attribute).first.flatMap { Int(exactly: $0) } }

  public func items(_ attribute: Attribute) -> [DataSet] {
    guard case .items(let items)? = self[attribute]?.value else { return [] }
    return items
  }

  public func bytes(_ attribute: Attribute) -> [UInt8]? {
    guard case .bytes(let bytes)? = self[attribute]?.value else { return nil }
    return bytes
  }
}
