"""Store what your own network computes in PyTorch, for `lesionqc model verify` and `lesionqc model import --probe`.

A network whose class and state dict lie at hand:

    .venv/bin/python tools/parity/make_probe.py --network monai.networks.nets:UNet \
      --arguments '{"spatial_dims": 3, "in_channels": 2, "out_channels": 2, "channels": [16, 32], "strides": [2]}' \
      --state-dict net.pt --window 96 96 96 --output probe.safetensors

`--network` is MODULE:CALLABLE, looked for in the working folder too: a class, or a function of yours that returns the
network, with weights or without. A result folder of nnU-Net v2 (its folds averaged, as the import does):

    .venv/bin/python tools/parity/make_probe.py --nnunet Dataset001_MS/nnUNetTrainer__nnUNetPlans__3d_fullres --folds 0
    1 \
      --output probe.safetensors

From Python: `write_probe(network, "probe.safetensors", window=[96, 96, 96])`.

The probe holds `input`, normal numbers in place of FLAIR and T1w, `logits`, `cotangent` and `gradient` =
d(sum of cotangent * logits)/d(input), all [C, D, H, W], by MONAI's sliding window and autograd in double precision,
rounded to single. A volume smaller than the window is padded; one that is larger (`--volume`) includes how windows are
joined, which for nnU-Net is not MONAI's way: leave it at one window there.

The gradient of a ReLU jumps at zero: where rounding moves one activation of a million across it, two exact programs
differ, and PyTorch in single precision differs from itself in double by up to 1e-3. The cotangent is therefore not zero
in three small cubes only, and is drawn again (up to 4 times) until activations closer to zero than 2e-6 of their
layer's standard deviation carry less than 1e-8 of its square in every layer. The probe's metadata say how much they
carry.
"""

import argparse
import copy
import importlib
import json
import platform
import sys
from pathlib import Path

import monai
import torch
from monai.inferers import SlidingWindowInferer
from safetensors.torch import load_file, save_file

WITH_JUMPS = (torch.nn.ReLU, torch.nn.LeakyReLU, torch.nn.PReLU)


def logits_and_gradients(
    network: torch.nn.Module,
    image: torch.Tensor,
    window: list[int],
    overlap: float,
    importance: str,
    cotangents,
    precision: torch.dtype = torch.float64,
) -> tuple[dict[str, torch.Tensor], float]:
    """Logits and input gradient for the first cotangent that avoids the jumps of the gradient.

    `cotangents` yields tensors like the logits. Also returns the share of the squared cotangent, in the layer where it
    is largest, that activations next to zero carry.
    """
    network = copy.deepcopy(network).to(precision)
    shares = []

    def watch(_, inputs, output):
        values = inputs[0].detach()
        close = values.abs() < 2e-6 * values.std()
        output.register_hook(lambda g: shares.append(((g * g)[close].sum() / (g * g).sum().clamp_min(1e-300)).item()))

    for module in network.modules():
        if isinstance(module, WITH_JUMPS):
            module.inplace = False
            module.register_forward_hook(watch)
    inferer = SlidingWindowInferer(
        roi_size=window, sw_batch_size=1, overlap=overlap, mode=importance, sigma_scale=0.125, padding_mode="constant"
    )
    x = image.to(precision).requires_grad_(True)
    logits = inferer(x, network)
    best = None
    for cotangent in cotangents(logits.shape):
        shares.clear()
        (gradient,) = torch.autograd.grad((logits * cotangent.to(precision)).sum(), x, retain_graph=True)
        share = max(shares, default=0.0)
        if best is None or share < best[1]:
            best = ({"input": image, "logits": logits.detach(), "cotangent": cotangent, "gradient": gradient}, share)
        if best[1] < 1e-8:
            break
    tensors, share = best
    return {name: tensor[0].float().contiguous() for name, tensor in tensors.items()}, share


def cubes(generator: torch.Generator, count: int = 4):
    """Draws of cotangents: normal numbers in three cubes of 5³ voxels, zeros elsewhere."""

    def draw(shape):
        for _ in range(count):
            cotangent = torch.zeros(shape)
            for _ in range(3):
                corner = [int(torch.randint(0, max(1, n - 4), [1], generator=generator)) for n in shape[2:]]
                cube = cotangent[:, :, *[slice(c, c + 5) for c in corner]]
                cube.copy_(torch.randn(cube.shape, generator=generator))
            yield cotangent

    return draw


def write_probe(
    network: torch.nn.Module,
    output: Path | str,
    *,
    window: list[int],
    volume: list[int] | None = None,
    image: torch.Tensor | None = None,
    overlap: float = 0.25,
    importance: str = "gaussian",
    seed: int = 1,
    origin: dict | None = None,
) -> float:
    """Writes a probe; returns the share of the squared cotangent that activations next to zero carry.

    `image`: [1, C, D, H, W]; without it normal numbers of the network's channels and `volume` voxels (at most 24 an
    axis by default).
    """
    generator = torch.Generator().manual_seed(seed)
    if image is None:
        # The first convolution reads the image.
        first = next(module for module in network.modules() if isinstance(module, torch.nn.Conv3d))
        image = torch.randn(
            [1, first.in_channels, *(volume or [min(24, extent) for extent in window])], generator=generator
        )
    network = copy.deepcopy(network).eval().requires_grad_(False)
    probe, share = logits_and_gradients(network, image.float(), window, overlap, importance, cubes(generator))
    origin = {
        "script": "tools/parity/make_probe.py",
        **(origin or {}),
        "window": window,
        "seed": seed,
        "nextToZero": f"{share:.1e}",
        "python": platform.python_version(),
        "torch": torch.__version__,
        "monai": monai.__version__,
    }
    save_file(probe, output, metadata={"origin": json.dumps(origin)})
    return share


def built(name: str, arguments: dict) -> torch.nn.Module:
    """The network that MODULE:CALLABLE makes."""
    sys.path.insert(0, "")
    module, _, callable_name = name.partition(":")
    return getattr(importlib.import_module(module), callable_name)(**arguments)


def state_of(path: Path, key: str | None, prefix: str) -> dict[str, torch.Tensor]:
    """A state dict in single precision, the names without the prefix."""
    state = (
        load_file(path) if path.suffix == ".safetensors" else torch.load(path, map_location="cpu", weights_only=True)
    )
    for part in key.split(".") if key else []:
        state = state[part]
    chosen = {name[len(prefix) :]: tensor for name, tensor in state.items() if name.startswith(prefix)}
    return {name: tensor.float() if tensor.is_floating_point() else tensor for name, tensor in chosen.items()}


def load(network: torch.nn.Module, state: dict[str, torch.Tensor]) -> None:
    """Refuses what does not fit, but for what inference computes itself or has under another name."""
    known = dict(network.state_dict(keep_vars=True))
    given = {id(known[name]) for name in state if name in known}
    missing, surplus = network.load_state_dict(state, strict=False)
    missing = [
        name
        for name in missing
        if id(known[name]) not in given and not name.endswith(("num_batches_tracked", "relative_position_index"))
    ]
    if missing or surplus:
        sys.exit(f"the state dict does not fit the network: missing {missing[:5]}, surplus {surplus[:5]}")


class Mean(torch.nn.Module):
    """The mean of the logits of several networks."""

    def __init__(self, members: list[torch.nn.Module]):
        super().__init__()
        self.members = torch.nn.ModuleList(members)

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        return torch.stack([member(x) for member in self.members]).mean(0)


def nnunet(folder: Path, folds: list[str], checkpoint: str) -> tuple[torch.nn.Module, list[int]]:
    """The network of a result folder and its patch."""
    from nnunetv2.utilities.get_network_from_plans import get_network_from_plans
    from nnunetv2.utilities.label_handling.label_handling import determine_num_input_channels
    from nnunetv2.utilities.plans_handling.plans_handler import PlansManager

    plans = PlansManager(json.loads((folder / "plans.json").read_text()))
    dataset = json.loads((folder / "dataset.json").read_text())
    members = []
    for fold in folds:
        state = torch.load(folder / f"fold_{fold}" / checkpoint, map_location="cpu", weights_only=False)
        configuration = plans.get_configuration(state["init_args"]["configuration"])
        network = get_network_from_plans(
            configuration.network_arch_class_name,
            configuration.network_arch_init_kwargs,
            configuration.network_arch_init_kwargs_req_import,
            determine_num_input_channels(plans, configuration, dataset),
            plans.get_label_manager(dataset).num_segmentation_heads,
            deep_supervision=False,
        )
        network.load_state_dict(state["network_weights"])
        members.append(network)
    return members[0] if len(members) == 1 else Mean(members), list(configuration.patch_size)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    source = parser.add_mutually_exclusive_group(required=True)
    source.add_argument("--network", help="MODULE:CALLABLE that makes the network")
    source.add_argument("--nnunet", type=Path, help="result folder of nnU-Net v2")
    parser.add_argument("--arguments", type=json.loads, default={}, help="of the callable, a JSON object")
    parser.add_argument(
        "--state-dict", type=Path, help="checkpoint or safetensors file; without it the callable loads its weights"
    )
    parser.add_argument("--key", help="where the parameters are in the checkpoint, such as state_dict or a.b")
    parser.add_argument("--prefix", default="", help="what stands before the parameters' names, such as model.")
    parser.add_argument("--folds", nargs="+", default=["0"], help="with --nnunet")
    parser.add_argument("--checkpoint", default="checkpoint_final.pth", help="with --nnunet")
    parser.add_argument("--window", type=int, nargs=3, help="that of the import; with --nnunet the patch of the plans")
    parser.add_argument(
        "--volume", type=int, nargs=3, help="voxels of the input (default: the window, at most 24 an axis)"
    )
    parser.add_argument("--overlap", type=float, default=0.25)
    parser.add_argument("--importance", choices=["gaussian", "constant"], default="gaussian")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--output", type=Path, required=True)
    options = parser.parse_args()

    window = options.window
    if options.nnunet:
        network, patch = nnunet(options.nnunet, options.folds, options.checkpoint)
        window = window or patch
    else:
        network = built(options.network, options.arguments)
        if options.state_dict:
            load(network, state_of(options.state_dict, options.key, options.prefix))
    if window is None:
        parser.error("--window is missing: that of the import")
    share = write_probe(
        network,
        options.output,
        window=window,
        volume=options.volume,
        overlap=options.overlap,
        importance=options.importance,
        seed=options.seed,
    )
    note = "" if share < 1e-8 else f"; activations next to zero carry {share:.0e} of it, another --seed may avoid them"
    print(f"{options.output}: {options.output.stat().st_size / 1e3:.0f} kB{note}")


if __name__ == "__main__":
    main()
