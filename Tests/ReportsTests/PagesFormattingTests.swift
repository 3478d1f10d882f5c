import Testing
import Volumes

@testable import Reports

@Suite struct PagesFormattingTests {
  @Test func fixedDecimals() {
    #expect(Formatting.fixed(-1.25, 1) == "−1.2")
    #expect(Formatting.fixed(-0.04, 1) == "0.0")
    #expect(Formatting.fixed(nil, 2) == "–")
    #expect(Formatting.fixed(.nan, 2) == "–")
    #expect(Formatting.fixed(.infinity, 2) == "–")
  }

  @Test(arguments: [
    (0, "0"), (123.4, "123"), (99.96, "100"), (12.345, "12.3"), (9.996, "10.0"), (1.234, "1.23"), (0.99951, "1.00"),
    (0.1234, "0.123"), (-0.0123, "−0.012"), (0.00012, "1.2 × 10⁻⁴"), (-3.4e7, "−3.4 × 10⁷"),
  ]) func peaksHaveAboutThreeDigits(_ value: Double, _ text: String) { #expect(Formatting.peak(value) == text) }

  @Test func peakWithAndWithoutError() {
    #expect(Formatting.peak(PagesSamples.peak(4.2, VoxelIndex(0, 0, 0), error: 0.13)) == "4.20 ± 0.13")
    #expect(Formatting.peak(PagesSamples.peak(42, VoxelIndex(0, 0, 0), error: 0.01)) == "42.0 ± 0.0")
    #expect(Formatting.peak(PagesSamples.peak(4.2, VoxelIndex(0, 0, 0), error: nil)) == "4.20")
  }

  @Test func sharesVolumesAndCounts() {
    #expect(Formatting.percent(0.366) == "37\u{A0}%")
    #expect(Formatting.percent(1) == "100\u{A0}%")
    #expect(Formatting.percent(nil) == "–")
    #expect(Formatting.cubicMillimetres(99.94) == "99.9")
    #expect(Formatting.cubicMillimetres(1234.4) == "1234")
    #expect(Formatting.millilitres(0) == "0.00")
    #expect(Formatting.millilitres(0.0072) == "0.007")
    #expect(Formatting.millilitres(12.345) == "12.35" || Formatting.millilitres(12.345) == "12.34")
    #expect(Formatting.count(9999) == "9999")
    #expect(Formatting.count(1_985_234) == "1\u{202F}985\u{202F}234")
    #expect(Formatting.counted(1, "voxel", "voxels") == "1 voxel")
    #expect(Formatting.setting(0.05) == "0.05")
    #expect(Formatting.setting(20) == "20")
    #expect(Formatting.setting(0.9999999) == "0.9999999")
  }

  @Test func positionsNameThePatientsDirections() {
    #expect(Formatting.position(WorldPoint(x: 12.34, y: -4, z: 20.06)) == "12.3 R · 4.0 P · 20.1 S")
    #expect(Formatting.position(WorldPoint(x: -0.01, y: 0, z: -7)) == "0.0 R · 0.0 A · 7.0 I")
    #expect(Formatting.position([1, 2]) == "–")
  }
}
