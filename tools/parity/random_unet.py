"""Write a MONAI UNet of random shape with random weights as a model folder, with a probe computed by MONAI.

    .venv/bin/python tools/parity/random_unet.py --seed 7 --output /some/folder/unet-7
    .build/release/lesionqc model verify /some/folder/unet-7

The probe holds `input`, `logits`, `cotangent` and `gradient`: logits by MONAI's SlidingWindowInferer, gradient by autograd
of (logits * cotangent).sum() through it. Volumes are drawn so that windows overlap, are moved back at the border, or are
larger than the volume. Everything follows from the seed.

MONAI runs in double precision, rounded to single at the end. In single precision PyTorch's own gradient is off by up to 5e-4
(relative L2, the paper's configuration) whenever rounding moves one activation across zero, where the gradient jumps;
`--single` writes that reference instead. For the same reason an image is drawn again (with the next numbers of the seed) while
any activation comes closer to zero than 2e-6 of its layer's standard deviation; with millions of activations that cannot be
avoided, and after 20 draws the last one is taken and the probe's metadata says how close it comes.
"""

import argparse
import copy
import json
import math
import random
from pathlib import Path

import monai
import numpy as np
import torch
from monai.inferers import SlidingWindowInferer
from monai.networks.nets import UNet
from safetensors.torch import save_file


def draw_configuration(rng: random.Random) -> dict:
    levels = rng.choice([2, 2, 3, 3, 4, 5])
    triple = lambda values: [rng.choice(values) for _ in range(3)] if rng.random() < 0.4 else rng.choice(values)
    strides = [triple([1, 2, 2, 3] if levels < 4 else [1, 2]) for _ in range(levels - 1)]
    channels = [rng.choice([1, 3, 4, 8, 12, 16, 17, 24, 32, 40]) for _ in range(levels)]
    activation = rng.choice([
        {"name": "prelu"}, {"name": "prelu"}, {"name": "relu"}, {"name": "leakyrelu"},
        {"name": "leakyrelu", "negativeSlope": 0.2}, None,
    ])
    norm = rng.choice([
        {"name": "batch"}, {"name": "batch"}, {"name": "batch", "affine": False}, {"name": "batch", "eps": 1e-3},
        {"name": "instance"}, {"name": "instance", "affine": True}, None,
    ])
    return {
        "spatialDims": 3, "inChannels": 2, "outChannels": rng.choice([2, 2, 3, 5]), "channels": channels,
        "strides": strides, "kernelSize": triple([1, 3, 3, 3, 5]), "upKernelSize": triple([1, 3, 3, 3, 5]),
        "numResUnits": rng.choice([0, 0, 0, 1, 2, 3]), "activation": activation, "norm": norm,
        "dropout": rng.choice([0, 0.1]), "bias": rng.random() < 0.7,
    }


def build(parameters: dict) -> UNet:
    activation, norm = parameters["activation"], parameters["norm"]
    act = None
    if activation:
        options = {"negative_slope": activation["negativeSlope"]} if "negativeSlope" in activation else {}
        act = (activation["name"], options)
    # An empty name is MONAI's way to leave a layer out of a UNet.
    norm_argument = "" if norm is None else (norm["name"], {k: norm[k] for k in ("affine", "eps") if k in norm})
    return UNet(
        spatial_dims=3, in_channels=parameters["inChannels"], out_channels=parameters["outChannels"],
        channels=parameters["channels"], strides=parameters["strides"], kernel_size=parameters["kernelSize"],
        up_kernel_size=parameters["upKernelSize"], num_res_units=parameters["numResUnits"],
        act="" if act is None else act, norm=norm_argument, dropout=parameters["dropout"], bias=parameters["bias"],
    )


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
        elif isinstance(module, (torch.nn.BatchNorm3d, torch.nn.InstanceNorm3d)):
            if module.weight is not None:
                torch.nn.init.uniform_(module.weight, 0.5, 1.5, generator=generator)
                torch.nn.init.normal_(module.bias, std=0.2, generator=generator)
            if module.running_mean is not None:
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
    network: torch.nn.Module, image: torch.Tensor, window: list[int], overlap: float, importance: str,
    generator: torch.Generator, single: bool = False,
) -> tuple[dict[str, torch.Tensor], float]:
    """What MONAI and autograd make of an image [1, C, D, H, W] and a cotangent that a fifth of the voxels get.

    Also returns how close any activation comes to zero, relative to the standard deviation of its layer.
    """
    precision = torch.float32 if single else torch.float64
    network = copy.deepcopy(network).to(precision)
    margins = [math.inf]

    def note(_, inputs, __):
        values = inputs[0].detach()
        margins.append((values.abs().min() / values.std().clamp_min(1e-12)).item() if values.numel() > 1 else math.inf)

    for module in network.modules():
        if isinstance(module, (torch.nn.PReLU, torch.nn.ReLU, torch.nn.LeakyReLU)):
            module.register_forward_hook(note)
    inferer = SlidingWindowInferer(
        roi_size=window, sw_batch_size=1, overlap=overlap, mode=importance, sigma_scale=0.125, padding_mode="constant")
    x = image.to(precision).requires_grad_(True)
    logits = inferer(x, network)
    cotangent = torch.randn(logits.shape, generator=generator) * (torch.rand(logits.shape, generator=generator) < 0.2)
    (gradient,) = torch.autograd.grad((logits * cotangent.to(precision)).sum(), x)
    tensors = {"input": image, "logits": logits.detach(), "cotangent": cotangent, "gradient": gradient}
    return {name: tensor[0].float().contiguous() for name, tensor in tensors.items()}, min(margins)


def describe(
    parameters: dict, window: list[int], overlap: float, importance: str, name: str, seed: int
) -> dict:
    """The content of model.json."""
    return {
        "schemaVersion": 1, "architecture": {"name": "UNet", "parameters": parameters}, "channels": ["FLAIR", "T1w"],
        "normalisation": "zscore-nonzero", "brainExtracted": True, "orientation": "asStored",
        "spacingMillimetres": None, "window": window, "overlap": overlap, "importance": importance, "threshold": 0.3,
        "lesionClass": 1,
        "provenance": {
            "name": name, "trainedOn": "nothing; random weights",
            "madeWith": f"torch {torch.__version__}, monai {monai.__version__}, numpy {np.__version__}, seed {seed}",
        },
    }


def write_model(folder: Path, description: dict, network: torch.nn.Module) -> None:
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "model.json").write_text(json.dumps(description, indent=2) + "\n")
    save_file({k: v.contiguous() for k, v in network.state_dict().items()}, folder / "weights.safetensors")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--seed", type=int, required=True)
    parser.add_argument("--output", type=Path, required=True)
    parser.add_argument("--paper", action="store_true", help="the paper's configuration and window instead")
    parser.add_argument("--single", action="store_true", help="run MONAI in single precision")
    arguments = parser.parse_args()

    rng = random.Random(arguments.seed)
    generator = torch.Generator().manual_seed(arguments.seed)
    if arguments.paper:
        parameters = {
            "spatialDims": 3, "inChannels": 2, "outChannels": 2, "channels": [32, 64, 128, 256, 512],
            "strides": [2, 2, 2, 2], "activation": {"name": "prelu"}, "norm": {"name": "batch"},
            "kernelSize": 3, "upKernelSize": 3, "numResUnits": 0, "dropout": 0.1, "bias": True,
        }
        window, volume = [96, 96, 96], [100, 96, 90]
    else:
        parameters = draw_configuration(rng)
        window = draw_window(rng, parameters)
        volume = [max(1, round(extent * rng.choice([0.6, 1, 1.3, 1.7]))) for extent in window]
    overlap = 0.25 if arguments.paper else rng.choice([0, 0.25, 0.25, 0.5, 0.6])
    importance = "gaussian" if arguments.paper else rng.choice(["gaussian", "gaussian", "constant"])

    torch.manual_seed(arguments.seed)
    network = build(parameters).eval()
    randomise(network, generator)
    for parameter in network.parameters():
        parameter.requires_grad_(False)

    for _ in range(1 if arguments.paper else 20):
        image = torch.randn([1, 2, *volume], generator=generator)
        probe, margin = reference(network, image, window, overlap, importance, generator, single=arguments.single)
        if margin > 2e-6:
            break

    description = describe(parameters, window, overlap, importance, f"random-unet-{arguments.seed}", arguments.seed)
    write_model(arguments.output, description, network)
    save_file(probe, arguments.output / "probe.safetensors", metadata={"closestToZero": f"{margin:.1e}"})


if __name__ == "__main__":
    main()
