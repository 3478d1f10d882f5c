import Foundation
import SharedFixtures
import Testing

@testable import Checkpoints

/// Checkpoints written by tools/fixtures/make_checkpoint_fixtures.py, compared with the values that torch holds.
@Suite("PyTorch checkpoints") struct CheckpointTests {
  private static let folder = fixtures.appendingPathComponent("checkpoints")

  private static func path(_ name: String) -> String { folder.appendingPathComponent(name).path }

  static let genuine = [
    "kinds.pt", "kinds-protocol4.pt", "views.pt", "wrapped.pt", "parameters.pt", "attributed.pt", "untyped.pt",
    "nnunet.pth", "lightning.ckpt", "deflated.pt",
  ]

  @Test("Values are torch's, to the last bit", arguments: genuine) func values(name: String) throws {
    let expected = try SafeTensors(path: Self.path("\(name.prefix { $0 != "." }).expected.safetensors"))
    var state = try StateDict(path: Self.path(name))
    if name.hasPrefix("lightning") { state = try #require(state.withoutHolderPrefix) }
    #expect(state.names == expected.names)
    for name in expected.names {
      let (found, wanted) = (try #require(state.tensor(name)), try #require(expected.tensor(name)))
      #expect(found.shape == wanted.shape && state.shape(of: name) == wanted.shape, "\(name)")
      #expect(found.values.map(\.bitPattern) == wanted.values.map(\.bitPattern), "\(name)")
    }
  }

  @Test("Where the parameters were and what stood before their names") func location() throws {
    let wrapped = try StateDict(path: Self.path("wrapped.pt"))
    #expect(wrapped.location == ["state_dict"] && wrapped.removedPrefixes == ["module.", "_orig_mod."])
    let lightning = try StateDict(path: Self.path("lightning.ckpt"))
    #expect(lightning.location == ["state_dict"] && lightning.removedPrefixes.isEmpty)
    #expect(lightning.withoutHolderPrefix?.removedPrefixes == ["network."])
    #expect(try StateDict(path: Self.path("nnunet.pth")).location == ["network_weights"])
    #expect(try StateDict(path: Self.path("kinds.pt")).withoutHolderPrefix == nil)
    #expect(
      message { _ = try StateDict(path: Self.path("nnunet.pth"), key: "weights") }.contains(
        "no key \"weights\"; it holds network_weights, optimizer_state"))
  }

  @Test("A key may lead through several levels") func deepKey() throws {
    let state = try StateDict(path: Self.path("deep-key.pt"), key: "a.b.weights")
    #expect(state.location == ["a", "b", "weights"] && state.tensor("w")?.values == [0, 1, 2])
    #expect(
      message { _ = try StateDict(path: Self.path("deep-key.pt")) }.contains(
        "name the key that they are under, a.b for b under a"))
    #expect(
      message { _ = try StateDict(path: Self.path("deep-key.pt"), key: "a.c") }.contains(
        "no key \"c\" under a; it holds b"))
    #expect(
      message { _ = try StateDict(path: Self.path("views.expected.safetensors"), key: "a") }.contains(
        "leave the key out"))
  }

  @Test(
    "Numbers of types that are not read are refused with the way out",
    arguments: ["complex64", "float8_e4m3fn", "uint16"]) func unreadTypes(name: String)
  {
    let text = message { _ = try StateDict(path: Self.path("\(name).pt")) }
    #expect(text.contains("torch.\(name == "complex64" ? "ComplexFloatStorage" : name)") && text.contains("v.float()"))
  }

  @Test("Names of wrappers are taken away before and behind a holder's") func wrappers() throws {
    try withTemporaryFolder { folder in
      for (prefixes, removed) in [
        (["model._orig_mod."], ["model.", "_orig_mod."]), (["net.module."], ["net.", "module."]),
        (["_forward_module.model."], ["_forward_module.", "model."]), (["_orig_mod.net."], ["_orig_mod.", "net."]),
      ] {
        let url = folder.appendingPathComponent("net.safetensors")
        try SafeTensors.write(
          [prefixes[0] + "a.weight": Tensor(shape: [1]), prefixes[0] + "b": Tensor(shape: [1])], to: url)
        let state = try StateDict(path: url.path)
        let inner = try #require(state.withoutHolderPrefix)
        #expect(inner.names == ["a.weight", "b"] && inner.removedPrefixes == removed && inner.leftOutCount == 0)
      }
    }
  }

  @Test("A prefix chooses parameters, and says what there is where none has it") func chosenPrefix() throws {
    try withTemporaryFolder { folder in
      let url = folder.appendingPathComponent("net.safetensors")
      let one = Tensor(shape: [1])
      try SafeTensors.write(
        ["module.unet._orig_mod.a": one, "module.unet._orig_mod.b": one, "module.loss.weight": one], to: url)
      let state = try StateDict(path: url.path)
      for prefix in ["unet", "unet.", "module.unet.", "module.unet"] {
        let chosen = try state.taking(prefix)
        #expect(chosen.names == ["a", "b"] && chosen.leftOutCount == 1)
        #expect(chosen.removedPrefixes == ["module.", "unet.", "_orig_mod."])
      }
      #expect(message { _ = try state.taking("une") }.contains("\"une.\"; they begin with loss., unet."))
    }
  }

  @Test("What stands among parameters and is no tensor is named, or refused where a layer may mean it") func besides()
    throws
  {
    let state = try StateDict(path: Self.path("besides.pt"))
    #expect(state.names == ["a.weight"])
    #expect(state.besides == ["a._extra_state", "a.num_batches_tracked", "best", "epoch", "note"])
    #expect(try StateDict(path: Self.path("wrapped.pt")).besides == [])
    for (file, says) in [
      ("extra-state", "a._extra_state stands among its parameters and is a dictionary of 1 keys"),
      ("listed-bias", "a.bias stands among its parameters and is a list of 2"),
      ("numbered", "7 stands among its parameters and is a tensor of shape [2]"),
    ] {
      let text = message { _ = try StateDict(path: Self.path("\(file).pt")) }
      #expect(text.contains(says) && text.contains("torch.save(network.state_dict(), FILE)"), "\(text)")
    }
  }

  @Test("A named pipe is refused, not waited for") func pipe() throws {
    try withTemporaryFolder { folder in
      let path = folder.appendingPathComponent("net.pt").path
      try #require(mkfifo(path, 0o600) == 0)
      #expect(message { _ = try StateDict(path: path) }.contains("it is a named pipe, not a file"))
    }
  }

  static let foreign: [(name: String, content: [UInt8], says: String)] = [
    ("net.pt", Array("version https://git-lfs.github.com/spec/v1\noid sha256:ab\nsize 3\n".utf8), "git lfs pull"),
    ("net.safetensors", Array("version https://git-lfs.github.com/spec/v1\noid sha256:ab\n".utf8), "git lfs pull"),
    ("net.pt", Array("\n<!DOCTYPE html><html></html>".utf8), "web page"),
    ("net.safetensors", Array("<html>404</html>".utf8), "web page"), ("net.pt", [0x1F, 0x8B, 8, 0, 0, 0], "gunzip"),
    ("net.safetensors", Array("PK\u{3}\u{4}abcdefgh".utf8), "ending .pt"),
    ("net.pt", [2, 0, 0, 0, 0, 0, 0, 0] + Array("{}".utf8), "ending .safetensors"),
    ("net.pt", Array("hello world".utf8), "no zip file"),
  ]

  @Test("Files that are often found in the place of a checkpoint", arguments: foreign.indices) func foreignFormats(
    index: Int
  ) throws {
    let item = Self.foreign[index]
    try withTemporaryFolder { folder in
      let url = folder.appendingPathComponent(item.name)
      try Data(item.content).write(to: url)
      let text = message { _ = try StateDict(path: url.path) }
      #expect(text.contains(item.says) && text.hasPrefix(url.path), "\(text)")
    }
  }

  @Test("Names of one tensor are known as such") func aliases() throws {
    #expect(try StateDict(path: Self.path("views.pt")).aliases == [["again", "base"]])
    #expect(
      try StateDict(path: Self.path("unet-aliases.pt")).aliases == [
        ["extra.name", "model.0.conv.weight", "other.name"]
      ])
  }

  @Test("What a checkpoint of nnU-Net v2 says beside the weights") func nnUNet() throws {
    let root = try TorchCheckpoint(path: Self.path("nnunet.pth")).root
    #expect(root["trainer_name"]?.asString == "nnUNetTrainer")
    #expect(root["current_epoch"]?.asInteger == 2)
    #expect(root["inference_allowed_mirroring_axes"]?.elements?.map(\.asInteger) == [0, 1, 2])
    let arguments = try #require(root["init_args"])
    #expect(arguments["configuration"]?.asString == "3d_fullres" && arguments["fold"]?.asInteger == 0)
    let configuration = arguments["plans"]?["configurations"]?["3d_fullres"]
    #expect(configuration?["patch_size"]?.elements?.map(\.asInteger) == [48, 224, 192])
    #expect(arguments["dataset_json"]?["labels"]?["lesion"]?.asInteger == 1)
    #expect(arguments["device"]?.kind == "torch.device")
    #expect(root["_best_ema"]?.kind == "numpy._core.multiarray.scalar")
    #expect(root["logging"]?["epoch_start_timestamps"]?.elements?.map(\.asNumber) == [1.7e9, 1.7e9 + 60])
  }

  @Test("Plain values of a Lightning checkpoint") func lightning() throws {
    let root = try TorchCheckpoint(path: Self.path("lightning.ckpt")).root
    let parameters = try #require(root["hyper_parameters"])
    #expect(parameters["shape"]?.elements?.map(\.asInteger) == [96, 96, 96])
    #expect(parameters["tags"]?.elements?.map(\.asString) == ["ms"])
    #expect(parameters["counts"]?["a"]?.elements?.map(\.asInteger) == [1])
    #expect(parameters["root"]?.kind == "pathlib.PosixPath" && parameters["args"]?.kind == "argparse.Namespace")
    #expect(parameters["seed"]?.kind == "builtins.int" && parameters["dtype"]?.kind == "torch.float32")
  }

  /// Every file of the folder `hostile`, and what its refusal says.
  static let hostile: [String: String] = [
    "os-system": "os.system", "posix-system": "posix.system", "eval": "__builtin__.eval",
    "builtins-exec": "builtins.exec", "nested": "subprocess.Popen", "getattr": "builtins.getattr",
    "framed": "posix.system", "instance": "0x69", "object": "os.system", "new-object": "os.system", "extension": "0x82",
    "build-on-tensor": "attributes are set", "build-on-name": "attributes are set", "call-result": "no name",
    "whole-model": "monai.networks.nets.unet.UNet, which is not in the short list", "control-characters": "os?[2J",
    "missing-storage": "archive/data/7 is missing", "storage-path": "data/../data.pkl is missing",
    "storage-short": "16 bytes, too few for its 5", "storage-negative": "other than a storage",
    "view-too-long": "outside its storage", "view-too-far": "outside its storage",
    "view-negative": "outside its storage", "stride-negative": "outside its storage",
    "shape-negative": "outside its storage", "shape-overflow": "outside its storage",
    "stride-overflow": "outside its storage", "expanded-huge": "more values than",
    "complex": "torch.ComplexFloatStorage", "tensor-arguments": "arguments of another kind",
    "cycle-list": "contains itself", "cycle-dictionary": "contains itself", "deep": "nested more than",
    "deep-tuple": "nested more than", "laughs": "no parameters", "huge-text": "ends in the middle",
    "huge-text8": "ends in the middle", "huge-bytes": "ends in the middle", "huge-long": "ends in the middle",
    "negative-long": "ends in the middle", "unknown-memo": "unknown value", "underflow": "without its value",
    "underflow-tuple": "without its values", "no-mark": "without its beginning", "below-mark": "without its values",
    "odd-items": "key without its value", "append-to-number": "no list", "put-nothing": "without its value",
    "protocol-9": "protocol 9", "not-utf8": "not valid UTF-8", "unfinished": "ends in the middle",
    "no-parameters": "no parameters found; it holds epoch", "two-sets": "state_dict, model; choose one of these keys",
    "zip-big-endian": "byte order is big", "zip-no-pickle": "no data.pkl", "zip-two-pickles": "2 data.pkl",
    "zip-bomb": "would inflate to 100000000 bytes", "zip-cut": "directory at its end is missing",
    "zip-half": "directory at its end is missing", "zip-encrypted": "encrypted", "zip-method": "method 12",
    "zip-sizes": "two sizes", "zip-huge": "runs over the end", "zip-offset": "does not begin where",
    "zip-far": "runs over the end", "zip-count": "directory of 65520 entries", "zip-directory": "directory of",
    "zip-checksum": "checksum", "zip-parts": "several parts",
  ]

  @Test("Hostile files are refused with the reason, and nothing in them runs") func refused() throws {
    let hostileFolder = Self.folder.appendingPathComponent("hostile")
    let names = try FileManager.default.contentsOfDirectory(atPath: hostileFolder.path).filter { $0.hasSuffix(".pt") }
    #expect(Set(names.map { String($0.dropLast(3)) }) == Set(Self.hostile.keys).union(["zip-good"]))
    for (name, says) in Self.hostile {
      let text = message { _ = try StateDict(path: hostileFolder.appendingPathComponent("\(name).pt").path) }
      #expect(text.contains(says), "\(name): \(text)")
      #expect(text.unicodeScalars.allSatisfy { $0.value >= 0x20 && $0.value != 0x7F }, "\(name): \(text)")
    }
    let witness = "lesionqc-checkpoint-was-executed"
    for folder in [FileManager.default.currentDirectoryPath, hostileFolder.path, NSHomeDirectory()] {
      #expect(!FileManager.default.fileExists(atPath: "\(folder)/\(witness)"))
    }
    let good = try StateDict(path: hostileFolder.appendingPathComponent("zip-good.pt").path)
    #expect(good.tensor("w")?.values == [1, 2, 3, 4])
  }

  @Test("Other formats are refused with the way out") func otherFormats() {
    #expect(message { _ = try StateDict(path: Self.path("legacy.pt")) }.contains("torch 1.6 or later"))
    #expect(message { _ = try StateDict(path: Self.path("script.pt")) }.contains("TorchScript"))
    #expect(message { _ = try StateDict(path: Self.path("bundle/configs/metadata.json")) }.contains("no zip file"))
    #expect(message { _ = try StateDict(path: Self.path("none.pt")) }.contains("cannot be read"))
  }
}
