/// Why phantoms could not be drawn or written. The description is one line: fault, expectation, way out.
public enum PhantomError: Error, Equatable, Sendable {
  case axes(String)
  case spacing([Double])
  case angle(name: String, degrees: Double)
  case factor(name: String, value: Double)
  case patients(Int)
  case firstIndex(Int)
  case exists(path: String)
  case unwritable(path: String, reason: String)
}

extension PhantomError: CustomStringConvertible {
  public var description: String {
    switch self {
    case .axes(let codes):
      "axes '\(codes)': expected one of R/L, one of A/P and one of S/I, in any order, such as RAS or LPS"
    case .spacing(let values):
      "spacing \(values.map { "\($0)" }.joined(separator: " × ")) mm: expected three values from 0.5 to 8 mm"
    case .angle(let name, let degrees): "\(name) \(degrees) degrees: expected a number from -90 to 90"
    case .factor(let name, let value): "\(name) \(value): expected a number from 0 to 10"
    case .patients(let count): "\(count) patients: expected 1 to 9999"
    case .firstIndex(let index): "first index \(index): expected 0 to 9999"
    case .exists(let path): "\(path): there is a data set already; name another folder or allow overwriting"
    case .unwritable(let path, let reason): "\(path): cannot be written: \(reason); check the folder and the free space"
    }
  }
}
