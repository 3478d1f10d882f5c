import Results
import Testing

@testable import Analysis
@testable import lesionqc

/// What libraries say as values, the command line says with its options.
@Suite struct WordingTests {
  private func lines(_ change: (inout RunSettings) -> Void) -> [String] {
    var settings = RunSettings()
    change(&settings)
    return settings.problems.map(\.line)
  }

  @Test func aSettingOutsideItsLimitsIsNamedByItsOption() {
    #expect(lines { $0.layer = "x" } == ["--layer needs --method gradcam++"])
    #expect(lines { $0.relativeError = 1 }.first?.contains("--relative-error") == true)
    #expect(lines { ($0.relativeError, $0.samples) = (0.1, 9) }.first?.contains("--max-samples") == true)
    #expect(lines { ($0.method, $0.mirror) = (.gradCAMPlusPlus, true) }.first?.contains("--mirror") == true)
    #expect(lines { $0.samples = 0 } == ["--samples must be from 1 to 100000, not 0"])
  }

  @Test func aCalibrationThatIsNotUsedComesWithTheOption() {
    let fewer = RunNotice.calibrationNotUsed(Warning(.calibrationNotUsed, ["calibratedSamples": 50.0, "samples": 2.0]))
      .line
    #expect(fewer.contains("50 noise samples, this run has 2") && fewer.contains("use --samples 50 or more"))
    let other = RunNotice.calibrationNotUsed(
      Warning(.calibrationNotUsed, ["differences": .texts(["noise 0.1 instead of 0.05"])])
    ).line
    #expect(other.contains("noise 0.1 instead of 0.05") && other.contains("calibrate with yours"))
  }

  @Test func aLongRunIsAnnouncedWithWhatItTakes() {
    func line(isUpperBound: Bool = false, _ advice: RunEstimate.Advice? = nil) -> String {
      RunNotice.longRun(
        patient: "sub-01",
        RunEstimate(
          subject: "the saliency maps", seconds: 3600, isUpperBound: isUpperBound, gradients: 40, forwards: 300,
          secondsPerWindow: 1.5, advice: advice)
      ).line
    }
    #expect(
      line()
        == "sub-01: the saliency maps will take about 60 minutes: 40 gradients and 300 forward passes of one window "
        + "at 1.50 s")
    #expect(line(isUpperBound: true, .aggregateBySum).contains("at most about 60 minutes"))
    #expect(line(.aggregateBySum).contains("--aggregation sum") && line(.adaptiveSamples).contains("--samples auto"))
  }
}
