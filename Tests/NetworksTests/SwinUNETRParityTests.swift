import Foundation
import SharedFixtures
import Testing

@testable import Networks

/// Stored results of MONAI (tools/fixtures/make_swin_fixtures.py), double precision, for weights that follow from their
/// names.
@Suite("SwinUNETR against MONAI") struct SwinUNETRParityTests {
  static let cases = ["v1", "v1-legacy", "v1-anisotropic", "v2", "v2-legacy", "v2-mergingv2", "paper"]

  @Test("Logits and input gradient through the sliding window", arguments: cases) func parity(name: String) throws {
    let fixture = try SwinFixture(name)
    let found = try fixture.run(threads: 2)
    // Single precision through some 60 layers; PyTorch in single precision is as far from itself in double.
    #expect(deviation(found.logits, fixture.logits) < 2e-5)
    #expect(relativeDistance(found.gradient, fixture.gradient) < 5e-4)
  }

  @Test("Every layout of convolutions gives the same", arguments: channelBlocks) func blocks(block: Int) throws {
    let fixture = try SwinFixture("v2")
    let found = try fixture.run(threads: 2, block: block)
    #expect(deviation(found.logits, fixture.logits) < 2e-5)
    #expect(relativeDistance(found.gradient, fixture.gradient) < 5e-4)
  }

  /// Random networks of `use_v2`, with both ways of merging.
  static let version2 = ["v2", "v2-mergingv2"]

  @Test("As close to double precision as PyTorch in single is", arguments: version2) func closeness(name: String) throws
  {
    let fixture = try SwinFixture(name)
    let found = try fixture.run(threads: 2)
    let (logits, gradient) = (
      deviation(found.logits, fixture.logits), relativeDistance(found.gradient, fixture.gradient)
    )
    #expect(logits < 1e-4)
    #expect(gradient <= 2 * fixture.singlePrecision)
  }

  @Test("The way patches are merged matters") func merging() throws {
    let fixture = try SwinFixture("v2-legacy")
    let other = try fixture.run(threads: 2, changing: { $0.downsampling = .merging(isLegacy: false) })
    #expect(deviation(other.logits, fixture.logits) > 1e-2)
  }

  @Test("One and two threads agree") func threads() throws {
    let fixture = try SwinFixture("v1-anisotropic")
    let runs = try [1, 2].map { try fixture.run(threads: $0) }
    #expect(deviation(runs[0].logits, runs[1].logits) < 1e-5)
    #expect(relativeDistance(runs[0].gradient, runs[1].gradient) < 1e-4)
  }
}
