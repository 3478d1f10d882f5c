"""MONAI's UNet: a random configuration as model.json states it, and the network built from such a configuration."""

import random

import torch
from layers import activation, draw_activation, draw_norm, draw_triple, normalisation
from monai.networks.nets import UNet

PAPER = {
    "spatialDims": 3,
    "inChannels": 2,
    "outChannels": 2,
    "channels": [32, 64, 128, 256, 512],
    "strides": [2, 2, 2, 2],
    "activation": {"name": "prelu"},
    "norm": {"name": "batch"},
    "kernelSize": 3,
    "upKernelSize": 3,
    "numResUnits": 0,
    "dropout": 0.1,
    "bias": True,
}


def draw(rng: random.Random) -> dict:
    levels = rng.choice([2, 2, 3, 3, 4, 5])
    strides = [draw_triple(rng, [1, 2, 2, 3] if levels < 4 else [1, 2]) for _ in range(levels - 1)]
    return {
        "spatialDims": 3,
        "inChannels": rng.choice([2, 2, 1]),
        "outChannels": rng.choice([2, 2, 1, 3, 5]),
        "channels": [rng.choice([1, 3, 4, 8, 12, 16, 17, 24, 32, 40]) for _ in range(levels)],
        "strides": strides,
        "kernelSize": draw_triple(rng, [1, 3, 3, 3, 5]),
        "upKernelSize": draw_triple(rng, [1, 3, 3, 3, 5]),
        "numResUnits": rng.choice([0, 0, 0, 1, 2, 3]),
        "activation": draw_activation(rng),
        "norm": draw_norm(rng),
        "dropout": rng.choice([0, 0.1]),
        "bias": rng.random() < 0.7,
        "adnOrdering": rng.choice(["NDA", "NDA", "NDA", "ADN", "NA", "AN", "A", "N"]),
    }


def build(parameters: dict) -> torch.nn.Module:
    return UNet(
        spatial_dims=3,
        in_channels=parameters["inChannels"],
        out_channels=parameters["outChannels"],
        channels=parameters["channels"],
        strides=parameters["strides"],
        kernel_size=parameters["kernelSize"],
        up_kernel_size=parameters["upKernelSize"],
        num_res_units=parameters["numResUnits"],
        act=activation(parameters["activation"]),
        norm=normalisation(parameters["norm"]),
        dropout=parameters["dropout"],
        bias=parameters["bias"],
        adn_ordering=parameters.get("adnOrdering", "NDA"),
    )
