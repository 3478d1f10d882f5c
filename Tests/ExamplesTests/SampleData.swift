import Foundation

/// Files of the checkout's `sample-data`.
enum SampleData {
  static func path(_ name: String) -> String {
    URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()
      .appendingPathComponent("sample-data").appendingPathComponent(name).path
  }
}
