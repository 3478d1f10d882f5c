"""MONAI's DynUNet: a random configuration as model.json states it, and the network built from such a configuration."""

import random

import torch
from layers import activation, draw_activation, draw_norm, draw_triple, normalisation
from monai.networks.nets import DynUNet

PAPER = {
    "spatialDims": 3,
    "inChannels": 2,
    "outChannels": 2,
    "kernelSize": [3, 3, 3],
    "strides": [1, 2, 2],
    "upsampleKernelSize": [2, 2],
    "filters": [16, 32, 64],
    "normName": {"name": "instance", "affine": True},
    "actName": {"name": "leakyrelu", "negativeSlope": 0.01},
    "resBlock": True,
}


def draw(rng: random.Random) -> dict:
    levels = rng.choice([3, 3, 4, 5])
    residual = rng.random() < 0.6
    strides = [1] + [draw_triple(rng, [1, 2, 2] if residual or levels > 3 else [1, 2, 2, 3]) for _ in range(levels - 1)]
    kernels = [
        draw_triple(rng, [3, 3, 5]) if rng.random() < 0.3 else draw_triple(rng, [1, 3, 3]) for _ in range(levels)
    ]
    # MONAI asks for a stride of at most kernel + 1.
    for i, (kernel, stride) in enumerate(zip(kernels, strides)):
        kernel, stride = [[v] * 3 if isinstance(v, int) else v for v in (kernel, stride)]
        if any(s > k + 1 for k, s in zip(kernel, stride)):
            kernels[i] = 3
    supervised = rng.random() < 0.4
    parameters = {
        "spatialDims": 3,
        "inChannels": rng.choice([2, 2, 1]),
        "outChannels": rng.choice([2, 2, 1, 3, 5]),
        "kernelSize": kernels,
        "strides": strides,
        "upsampleKernelSize": strides[1:],
        "filters": [rng.choice([2, 3, 4, 8, 12, 16, 17, 24, 32]) for _ in range(levels)],
        "dropout": rng.choice([None, 0.1]),
        "normName": draw_norm(rng, optional=False),
        "actName": draw_activation(rng, [0.01, 0.2]),
        "deepSupervision": supervised,
        "resBlock": residual,
        "transBias": rng.random() < 0.3,
    }
    if supervised:
        parameters["deepSuprNum"] = rng.randint(1, levels - 2)
    return parameters


def build(parameters: dict) -> torch.nn.Module:
    return DynUNet(
        spatial_dims=3,
        in_channels=parameters["inChannels"],
        out_channels=parameters["outChannels"],
        kernel_size=parameters["kernelSize"],
        strides=parameters["strides"],
        upsample_kernel_size=parameters["upsampleKernelSize"],
        filters=parameters.get("filters"),
        dropout=parameters.get("dropout"),
        norm_name=normalisation(parameters["normName"]),
        act_name=activation(parameters["actName"]),
        deep_supervision=parameters.get("deepSupervision", False),
        deep_supr_num=parameters.get("deepSuprNum", 1),
        res_block=parameters.get("resBlock", False),
        trans_bias=parameters.get("transBias", False),
    )
