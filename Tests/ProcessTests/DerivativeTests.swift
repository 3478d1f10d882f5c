import Foundation
import Testing

@testable import Archive

/// The output folder as a BIDS derivative; `tools/bids` asks a validator.
@Suite(.serialized) struct DerivativeTests {
  private func members(_ url: URL) throws -> [String: Any] {
    try #require(try JSONSerialization.jsonObject(with: Data(contentsOf: url)) as? [String: Any])
  }

  @Test func sidecarsNameImagesThatAreThere() throws {
    let bench = try Workbench()
    defer { try? FileManager.default.removeItem(at: bench.folder) }
    try bench.writeDataset(patients: 1)
    let made = try bench.call(
      bench.run + ["--participant_label", "sub-01", "--run", "run-2", "--bids-database-dir", "/nowhere", "-w", "/tmp"])
    try #require(made.status == 0, "\(made.errors)")
    #expect(made.errors.contains("--bids-database-dir is not used"))
    let out = bench.url("out")
    let description = try members(out.appendingPathComponent("dataset_description.json"))
    let link = try #require((description["DatasetLinks"] as? [String: String])?["raw"])
    #expect(link == "../bids")
    for name in ["label-L_mask", "label-L_probseg", "seg-lesion_dseg", "desc-candidate_dseg"] {
      let sidecar = try members(out.appendingPathComponent("sub-01/anat/sub-01_\(name).json"))
      let sources = try #require(sidecar["Sources"] as? [String])
      #expect(sources == ["FLAIR", "T1w"].map { "bids:raw:sub-01/anat/sub-01_\($0).nii.gz" })
      #expect(sidecar["SpatialReference"] as? String == sources[0] && sidecar["Description"] as? String != nil)
      #expect(sidecar["Type"] as? String == (name == "label-L_mask" ? "Lesion" : nil))
      for source in sources {
        let file = out.appendingPathComponent(link).appendingPathComponent(String(source.dropFirst("bids:raw:".count)))
        #expect(FileManager.default.fileExists(atPath: file.standardizedFileURL.path), "\(file.path)")
      }
    }
    // The group level knows of no data set and keeps what stands there; a README of somebody's own is kept, too.
    try Data("our study\n".utf8).write(to: out.appendingPathComponent("README.md"))
    let group = try bench.call(
      ["run", bench.url("bids").path, out.path, "group"], environment: ["LESIONQC_CONTAINER": "apptainer:lesionqc:9"])
    try #require(group.status == 0)
    let after = try members(out.appendingPathComponent("dataset_description.json"))
    #expect((after["DatasetLinks"] as? [String: String])?["raw"] == "../bids")
    let tool = try #require((after["GeneratedBy"] as? [[String: Any]])?.first)
    #expect(tool["Container"] as? [String: String] == ["Type": "apptainer", "Tag": "lesionqc:9"])
    #expect(try String(contentsOf: out.appendingPathComponent("README.md"), encoding: .utf8) == "our study\n")
    let verified = try bench.call(["audit", "verify", out.path])
    #expect(verified.status == 0, "\(verified.output)")
  }

  @Test func imagesGivenByNameAreNamedNowhere() throws {
    let bench = try Workbench()
    defer { try? FileManager.default.removeItem(at: bench.folder) }
    try bench.writeDataset(patients: 1)
    try #require(try bench.call(bench.patient).status == 0)
    let sidecar = try members(bench.url("out/sub-01/anat/sub-01_label-L_mask.json"))
    #expect(sidecar["Sources"] == nil && sidecar["SpatialReference"] as? String == "orig")
    #expect(try members(bench.url("out/dataset_description.json"))["DatasetLinks"] == nil)
  }

  @Test(arguments: [
    ("/a/b", "/a/b/derivatives/x", "../.."), ("/a/b", "/a/b", "."), ("/a/b c", "/a/out", "../b%20c"),
    ("/x", "/y", "../x"),
  ]) func theWayToTheDataSet(_ folder: String, _ start: String, _ wanted: String) {
    let path = DatasetDescription.relativePath(
      to: URL(fileURLWithPath: folder, isDirectory: true), from: URL(fileURLWithPath: start, isDirectory: true))
    #expect(path == wanted)
  }
}
