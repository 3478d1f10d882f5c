"""Write a MONAI SwinUNETR of random shape with random weights as a model folder, with a probe computed by MONAI.

    .venv/bin/python tools/parity/random_swin.py --seed 7 --output /some/folder/swin-7
    .build/release/lesionqc model verify /some/folder/swin-7 --probe /some/folder/swin-7/probe.safetensors

The probe is that of make_probe.py: logits by MONAI's SlidingWindowInferer in double precision, gradient by autograd.
Windows overlap, are moved back at the border, or are larger than the volume. Everything follows from the seed.

The gradient of a leaky ReLU jumps at zero, so where rounding moves an activation across zero, two exact programs
differ: a network with millions of activations has a few such places. The cotangent is therefore not zero in a few small
cubes only, and it is drawn again (up to 4 times) until the activations closer to zero than 2e-6 of their layer's
standard deviation carry less than 1e-8 of the squared cotangent of every layer. The probe's metadata says how much they
carry, and how far PyTorch's own gradient in single precision is off: instance normalisation of the few voxels at the
bottom of so small a window magnifies rounding.

Feature sizes of 12, 24 and 36 are drawn; --feature-size 48 (MONAI's pretrained networks) or another one replaces the
draw. sweep.py leaves SwinUNETR out, because a probe takes minutes.

MONAI 0.9 to 1.4 joined other neighbours in PatchMerging; monai_swin.LegacyPatchMerging does that with the installed
one.
"""

import argparse
import math
import random
import sys
from pathlib import Path

import torch
from safetensors.torch import save_file

sys.path.insert(0, str(Path(__file__).resolve().parent))
import monai_swin
import random_network
from make_probe import cubes, logits_and_gradients


def spread(name: str, tensor: torch.Tensor) -> tuple[float, float]:
    """Middle and half width of the numbers of a parameter: they keep the signal's size and are nowhere trivial."""
    if name.endswith("relative_position_bias_table"):
        return 0.0, 1.0
    if ".norm" in name:
        return (1.0, 0.5) if name.endswith("weight") else (0.0, 0.3)
    if name.endswith("bias"):
        return 0.0, 0.3
    # A uniform distribution of variance 1 / fan; that of a transposed convolution, whose kernel is its stride, is its
    # inputs.
    fan = tensor.shape[0] if "transp_conv" in name else math.prod(tensor.shape[1:])
    return 0.0, math.sqrt(3 / fan)


def randomise(network: torch.nn.Module, generator: torch.Generator) -> None:
    for name, parameter in network.named_parameters():
        middle, half = spread(name, parameter)
        torch.nn.init.uniform_(parameter, middle - half, middle + half, generator=generator)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--seed", type=int, required=True)
    parser.add_argument("--output", type=Path, required=True)
    parser.add_argument(
        "--feature-size", type=int, choices=range(12, 769, 12), metavar="N", help="instead of the one drawn"
    )
    parser.add_argument("--paper", action="store_true", help="the paper's configuration and window instead")
    arguments = parser.parse_args()

    rng = random.Random(arguments.seed)
    generator = torch.Generator().manual_seed(arguments.seed)
    if arguments.paper:
        parameters = monai_swin.PAPER
        window = volume = [96, 96, 96]
    else:
        parameters = monai_swin.draw(rng)
        parameters["featureSize"] = arguments.feature_size or parameters["featureSize"]
        # With one voxel at the bottom of the network instance normalisation is undefined, with two it is a sign.
        window = rng.choice([[32, 32, 96], [96, 32, 32], [32, 96, 32], [32, 64, 64]])
        volume = [max(8, round(extent * rng.choice([0.6, 1, 1, 1.3]))) for extent in window]
    overlap = 0.25 if arguments.paper else rng.choice([0, 0.25, 0.25, 0.5])
    importance = "gaussian" if arguments.paper else rng.choice(["gaussian", "gaussian", "constant"])

    torch.manual_seed(arguments.seed)
    network = monai_swin.build(parameters).eval()
    randomise(network, generator)
    network.requires_grad_(False)
    image = torch.randn([1, 2, *volume], generator=generator)
    probe, share = logits_and_gradients(network, image, window, overlap, importance, cubes(generator))

    single, _ = logits_and_gradients(
        network, image, window, overlap, importance, lambda _: [probe["cotangent"][None]], precision=torch.float32
    )
    error = ((single["gradient"] - probe["gradient"]).norm() / probe["gradient"].norm()).item()

    description = random_network.describe(
        "SwinUNETR", parameters, window, overlap, importance, f"random-swin-{arguments.seed}", arguments.seed
    )
    random_network.write_model(arguments.output, description, network)
    save_file(
        probe,
        arguments.output / "probe.safetensors",
        metadata={"nextToZero": f"{share:.1e}", "singlePrecision": f"{error:.1e}"},
    )


if __name__ == "__main__":
    main()
