"""Write a network of random shape with random weights as a model folder, with a probe computed by the package it is
from.

    .venv/bin/python tools/parity/random_network.py --architecture DynUNet --seed 7 --output /some/folder/dynunet-7
    .build/release/lesionqc model verify /some/folder/dynunet-7 --probe /some/folder/dynunet-7/probe.safetensors

Architectures: UNet and DynUNet from MONAI, PlainConvUNet and ResidualEncoderUNet from nnU-Net v2's
dynamic_network_architectures; random_swin.py writes MONAI's SwinUNETR. sweep.py does both steps for many seeds.

The probe holds `input`, `logits`, `cotangent` and `gradient`: logits by MONAI's SlidingWindowInferer, gradient by
autograd of (logits * cotangent).sum() through it. Volumes are drawn so that windows overlap, are moved back at the
border, or are larger than the volume. Everything follows from the seed.

PyTorch runs in double precision, rounded to single at the end. In single precision PyTorch's own gradient is off by up
to 5e-4 (relative L2, the paper's configuration) whenever rounding moves one activation across zero, where the gradient
jumps; `--single` writes that reference instead. For the same reason an image is drawn again (with the next numbers of
the seed) while any activation comes closer to zero than 2e-6 of its layer's standard deviation; with millions of
activations that cannot be avoided, and after ten draws the last one is taken and the probe's metadata says how close it
comes.
"""

import argparse
import copy
import json
import math
import random
import sys
from collections.abc import Callable
from pathlib import Path
from typing import NamedTuple

import monai
import numpy as np
import torch
from monai.inferers import SlidingWindowInferer
from safetensors.torch import save_file

sys.path.insert(0, str(Path(__file__).resolve().parent))
import monai_dynunet
import monai_swin
import monai_unet
import nnunet


class Architecture(NamedTuple):
    draw: Callable[[random.Random], dict]
    build: Callable[[dict], torch.nn.Module]
    # Configuration and window of the paper, where it has one.
    paper: dict | None = None


ARCHITECTURES = {
    "UNet": Architecture(monai_unet.draw, monai_unet.build, monai_unet.PAPER),
    "DynUNet": Architecture(monai_dynunet.draw, monai_dynunet.build, monai_dynunet.PAPER),
    "SwinUNETR": Architecture(monai_swin.draw, monai_swin.build, monai_swin.PAPER),
    "PlainConvUNet": Architecture(nnunet.draw_plain, nnunet.build_plain),
    "ResidualEncoderUNet": Architecture(nnunet.draw_residual, nnunet.build_residual),
}


def build(architecture: str, parameters: dict) -> torch.nn.Module:
    """The network ready for inference, its parameters frozen."""
    return ARCHITECTURES[architecture].build(parameters).eval().requires_grad_(False)


NORMS = (torch.nn.BatchNorm3d, torch.nn.SyncBatchNorm, torch.nn.InstanceNorm3d, torch.nn.GroupNorm)


def randomise(network: torch.nn.Module, generator: torch.Generator) -> None:
    """Weights that keep the signal's size, norms and slopes away from their trivial values, some slopes negative."""
    for module in network.modules():
        if isinstance(module, (torch.nn.Conv3d, torch.nn.ConvTranspose3d)):
            transposed = isinstance(module, torch.nn.ConvTranspose3d)
            fan = module.in_channels * math.prod(module.kernel_size)
            if transposed:
                fan = max(1, fan // math.prod(module.stride))
            torch.nn.init.normal_(module.weight, std=math.sqrt(2 / fan), generator=generator)
            if module.bias is not None:
                torch.nn.init.normal_(module.bias, std=0.2, generator=generator)
        elif isinstance(module, NORMS):
            if module.weight is not None:
                torch.nn.init.uniform_(module.weight, 0.5, 1.5, generator=generator)
                torch.nn.init.normal_(module.bias, std=0.2, generator=generator)
            if getattr(module, "running_mean", None) is not None:
                torch.nn.init.normal_(module.running_mean, std=0.2, generator=generator)
                torch.nn.init.uniform_(module.running_var, 0.5, 2, generator=generator)
        elif isinstance(module, torch.nn.PReLU):
            torch.nn.init.uniform_(module.weight, -0.1, 0.5, generator=generator)


def draw_window(rng: random.Random, parameters: dict) -> list[int]:
    product = [1, 1, 1]
    for stride in parameters["strides"]:
        stride = [stride] * 3 if isinstance(stride, int) else stride
        product = [a * b for a, b in zip(product, stride)]
    # Instance normalisation needs more than one voxel at the bottom.
    return [d * (1 if d >= 24 else rng.randint(max(2, math.ceil(8 / d)), max(2, 24 // d))) for d in product]


def reference(
    network: torch.nn.Module,
    image: torch.Tensor,
    window: list[int],
    overlap: float,
    importance: str,
    generator: torch.Generator,
    single: bool = False,
    **inferer_arguments,
) -> tuple[dict[str, torch.Tensor], float]:
    """What MONAI and autograd make of an image [1, C, D, H, W] and a cotangent that a fifth of the voxels get.

    Also returns how close any activation comes to zero, relative to the standard deviation of its layer.
    """
    precision = torch.float32 if single else torch.float64
    network = copy.deepcopy(network).to(precision)
    margins = [math.inf]

    def note(_, inputs):
        values = inputs[0].detach()
        margins.append((values.abs().min() / values.std().clamp_min(1e-12)).item() if values.numel() > 1 else math.inf)

    for module in network.modules():
        if isinstance(module, (torch.nn.PReLU, torch.nn.ReLU, torch.nn.LeakyReLU)):
            module.register_forward_pre_hook(note)
    inferer = SlidingWindowInferer(
        roi_size=window,
        sw_batch_size=1,
        overlap=overlap,
        mode=importance,
        **{"sigma_scale": 0.125, "padding_mode": "constant", **inferer_arguments},
    )
    x = image.to(precision).requires_grad_(True)
    logits = inferer(x, network)
    cotangent = torch.randn(logits.shape, generator=generator) * (torch.rand(logits.shape, generator=generator) < 0.2)
    (gradient,) = torch.autograd.grad((logits * cotangent.to(precision)).sum(), x)
    tensors = {"input": image, "logits": logits.detach(), "cotangent": cotangent, "gradient": gradient}
    return {name: tensor[0].float().contiguous() for name, tensor in tensors.items()}, min(margins)


def describe(
    architecture: str, parameters: dict, window: list[int], overlap: float, importance: str, name: str, seed: int
) -> dict:
    """The content of model.json."""
    return {
        "schemaVersion": 1,
        "architecture": {"name": architecture, "parameters": parameters},
        "channels": ["FLAIR", "T1w"][: parameters["inChannels"]],
        "normalisation": "zscore-nonzero",
        "brainExtracted": True,
        "orientation": "asStored",
        "spacingMillimetres": None,
        "window": window,
        "overlap": overlap,
        "importance": importance,
        "threshold": 0.3,
        "lesionClass": min(1, parameters["outChannels"] - 1),
        "provenance": {
            "name": name,
            "trainedOn": "nothing; random weights",
            "madeWith": f"torch {torch.__version__}, monai {monai.__version__}, numpy {np.__version__}, seed {seed}",
        },
    }


def write_model(folder: Path, description: dict, network: torch.nn.Module, aliases: bool = True) -> None:
    """With `aliases`, a tensor that the state dict has under several names is written under each of them."""
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "model.json").write_text(json.dumps(description, indent=2) + "\n")
    tensors, written = {}, set()
    for name, tensor in network.state_dict().items():
        if aliases or tensor.numel() < 2 or tensor.data_ptr() not in written:
            tensors[name] = tensor.clone().contiguous()
        written.add(tensor.data_ptr())
    save_file(tensors, folder / "weights.safetensors")


def write_random(architecture: str, seed: int, output: Path, *, paper: bool = False, single: bool = False) -> dict:
    """Writes model folder and probe; returns the parameters drawn."""
    rng = random.Random(seed)
    generator = torch.Generator().manual_seed(seed)
    if paper:
        parameters, window, volume = ARCHITECTURES[architecture].paper, [96, 96, 96], [100, 96, 90]
    else:
        # Few enough activations that none needs to come close to zero, and that many networks take minutes.
        window, widest = [math.inf], 1
        while math.prod(window) * widest > 16_000:
            parameters = ARCHITECTURES[architecture].draw(rng)
            window = draw_window(rng, parameters)
            widest = next(parameters[key] for key in ("channels", "filters", "featuresPerStage") if key in parameters)[
                0
            ]
        volume = [max(1, round(extent * rng.choice([0.6, 1, 1.3, 1.7]))) for extent in window]
    overlap = 0.25 if paper else rng.choice([0, 0.25, 0.25, 0.5, 0.6])
    importance = "gaussian" if paper else rng.choice(["gaussian", "gaussian", "constant"])

    torch.manual_seed(seed)
    network = build(architecture, parameters)
    randomise(network, generator)
    for _ in range(1 if paper else 10):
        image = torch.randn([1, parameters["inChannels"], *volume], generator=generator)
        probe, margin = reference(network, image, window, overlap, importance, generator, single=single)
        if margin > 2e-6:
            break
    description = describe(architecture, parameters, window, overlap, importance, f"random-{architecture}-{seed}", seed)
    write_model(output, description, network)
    save_file(probe, output / "probe.safetensors", metadata={"closestToZero": f"{margin:.1e}"})
    return parameters


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--architecture", choices=list(ARCHITECTURES), default="UNet")
    parser.add_argument("--seed", type=int, required=True)
    parser.add_argument("--output", type=Path, required=True)
    parser.add_argument("--paper", action="store_true", help="the paper's configuration and window instead")
    parser.add_argument("--single", action="store_true", help="run PyTorch in single precision")
    arguments = parser.parse_args()
    if arguments.paper and ARCHITECTURES[arguments.architecture].paper is None:
        parser.error(f"the paper has no {arguments.architecture}")
    if arguments.architecture == "SwinUNETR":
        parser.error("random_swin.py writes these")
    write_random(
        arguments.architecture, arguments.seed, arguments.output, paper=arguments.paper, single=arguments.single
    )


if __name__ == "__main__":
    main()
