import Foundation

/// How much memory this process can still take before the machine, or the control group that it runs in (a container, a
/// job of a cluster), is out of it.
public enum AvailableMemory {
  /// Bytes; nil where the system does not say.
  public static func bytes() -> Int? {
    func text(_ path: String) -> String? {
      (try? SmallFile.read(URL(fileURLWithPath: path), .description)).map { String(decoding: $0, as: UTF8.self) }
    }
    return bytes(text)
  }

  /// - Parameter text: the content of a file of the system, nil where there is none.
  static func bytes(_ text: (String) -> String?) -> Int? {
    let machine = text("/proc/meminfo").flatMap { field("MemAvailable:", in: $0) }.map { $0 &* 1024 }
    return ([machine].compactMap { $0 } + groups(text)).min()
  }

  /// What is left in the process's group and in those around it: the limit without what is in use, of which the system
  /// gives back what it keeps of files. Source: Linux, Documentation/admin-guide/cgroup-v2.rst.
  private static func groups(_ text: (String) -> String?) -> [Int] {
    var left: [Int] = []
    for line in (text("/proc/self/cgroup") ?? "").split(separator: "\n") {
      let parts = line.split(separator: ":", maxSplits: 2, omittingEmptySubsequences: false).map(String.init)
      guard parts.count == 3, parts[1].isEmpty || parts[1].split(separator: ",").contains("memory") else { continue }
      let isSecond = parts[1].isEmpty
      let root = "/sys/fs/cgroup" + (isSecond ? "" : "/memory")
      let names =
        isSecond
        ? ("memory.max", "memory.current", "inactive_file")
        : ("memory.limit_in_bytes", "memory.usage_in_bytes", "total_inactive_file")
      var path = parts[2].split(separator: "/").map(String.init)
      while true {
        let folder = ([root] + path).joined(separator: "/") + "/"
        // A group without a limit says "max", or the largest number there is.
        if let limit = text(folder + names.0).flatMap({ whole($0) }), limit < 1 << 60,
          let used = text(folder + names.1).flatMap({ whole($0) })
        {
          let kept = text(folder + "memory.stat").flatMap { field(names.2, in: $0) } ?? 0
          left.append(max(0, limit - used + min(kept, used)))
        }
        if path.isEmpty { break }
        path.removeLast()
      }
    }
    return left
  }

  private static func whole(_ text: String) -> Int? {
    Int(text.trimmingCharacters(in: .whitespacesAndNewlines)).flatMap { $0 >= 0 ? $0 : nil }
  }

  /// The number after a name at the start of a line.
  private static func field(_ name: String, in text: String) -> Int? {
    for line in text.split(separator: "\n") {
      let words = line.split(separator: " ")
      if words.count >= 2, words[0] == name { return Int(words[1]).flatMap { $0 >= 0 && $0 < 1 << 50 ? $0 : nil } }
    }
    return nil
  }
}
