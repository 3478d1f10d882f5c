import Foundation
import Testing

@testable import Results

@Suite struct RunSettingsTests {
  private func problems(_ change: (inout RunSettings) -> Void) -> [RunSettings.Problem] {
    var settings = RunSettings()
    change(&settings)
    return settings.problems
  }

  @Test func theUsualSettingsAreWithinTheirLimits() {
    #expect(RunSettings().problems.isEmpty)
    #expect(problems { ($0.samples, $0.noiseFraction) = (1, 0) }.isEmpty)
  }

  @Test func everyLimitIsNamedByItsSettingAndValue() {
    #expect(
      problems { $0.samples = 0 } == [.init(setting: "samples", value: "0", expected: "must be from 1 to 100000")])
    #expect(problems { $0.samples = 100_001 }.map(\.setting) == ["samples"])
    #expect(problems { $0.noiseFraction = -0.1 }.map(\.setting) == ["noiseFraction"])
    #expect(problems { $0.noiseFraction = .nan }.map(\.setting) == ["noiseFraction"])
    #expect(problems { $0.candidateThreshold = 1 }.map(\.value) == ["1.0"])
    #expect(problems { $0.maximumCandidates = 1000 }.map(\.setting) == ["maximumCandidates"])
    #expect(problems { ($0.samples, $0.candidateThreshold) = (0, 0) }.count == 2)
  }

  @Test func settingsSurviveJSON() throws {
    var settings = RunSettings()
    (settings.relativeError, settings.layer) = (0.1, "model.1")
    (settings.method, settings.aggregation, settings.target) = (.gradCAMPlusPlus, .signedMax, .margin)
    #expect(try JSONDecoder().decode(RunSettings.self, from: JSONEncoder().encode(settings)) == settings)
  }

  /// A row shows settings that there are, and what everybody asks about stands there always.
  @Test func rowsNameProperties() {
    var settings = RunSettings()
    let usual = settings.rows
    settings.method = .gradCAMPlusPlus
    (settings.reslice, settings.controls, settings.selfTest, settings.saveMaps) = (true, true, true, true)
    settings.labels = MaskLabels(lesions: [99], reference: [1, 2], brain: [3])
    #expect(
      settings.rows.first { $0.name == "Labels of masks" }?.value == .text("mask 99; reference 1, 2; brain mask 3"))
    let properties = Set(Mirror(reflecting: settings).children.compactMap(\.label))
    let shown = Set(settings.rows.flatMap(\.settings))
    #expect(shown == properties)
    #expect(settings.rows.count == usual.count + 6)
  }
}
