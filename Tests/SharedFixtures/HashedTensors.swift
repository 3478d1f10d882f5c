public import Checkpoints
public import Foundation

/// The weights of a network whose description (tools/fixtures/make_swin_fixtures.py) lists every tensor's name, shape
/// and spread.
public func hashedTensors(describedIn file: URL) throws -> [String: Tensor] {
  let description = try JSONDecoder().decode(Description.self, from: Data(contentsOf: file))
  return Dictionary(
    uniqueKeysWithValues: description.tensors.map { spread in
      let values = hashedNumbers(
        spread.name, count: spread.shape.reduce(1, *), middle: spread.middle, half: spread.half)
      return (spread.name, Tensor(shape: spread.shape, values: values))
    })
}

private struct Description: Decodable {
  let tensors: [Spread]

  struct Spread: Decodable {
    let name: String
    let shape: [Int]
    let middle: Double
    let half: Double

    init(from decoder: any Decoder) throws {
      var items = try decoder.unkeyedContainer()
      name = try items.decode(String.self)
      shape = try items.decode([Int].self)
      middle = try items.decode(Double.self)
      half = try items.decode(Double.self)
    }
  }
}
