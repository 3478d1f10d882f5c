"""nnU-Net v2's PlainConvUNet and ResidualEncoderUNet: random configurations as model.json states them, and the
networks."""

import random

import torch
from dynamic_network_architectures.architectures.unet import PlainConvUNet, ResidualEncoderUNet
from layers import draw_norm, draw_triple, options

NORMS = {"batch": torch.nn.BatchNorm3d, "instance": torch.nn.InstanceNorm3d}
ACTIVATIONS = {
    "relu": torch.nn.ReLU,
    "leakyrelu": torch.nn.LeakyReLU,
    "elu": torch.nn.ELU,
    "gelu": torch.nn.GELU,
    "silu": torch.nn.SiLU,
    "mish": torch.nn.Mish,
}


def draw(rng: random.Random) -> dict:
    stages = rng.choice([2, 3, 3, 4])
    # Thick slices: no kernel and no stride across them in the first stages.
    flat = rng.randint(0, stages - 1) if rng.random() < 0.5 else 0

    def per_stage(count, values):
        return [rng.choice(values) for _ in range(count)] if rng.random() < 0.7 else rng.choice(values)

    activation = rng.choice(
        [
            None,
            {"name": "relu"},
            {"name": "leakyrelu"},
            {"name": "leakyrelu", "negativeSlope": 0.1},
            {"name": "elu", "alpha": 0.6},
            {"name": "gelu"},
            {"name": "silu"},
            {"name": "mish"},
        ]
    )
    has_bias = rng.random() < 0.6
    return {
        "inChannels": 2,
        "outChannels": rng.choice([2, 2, 3]),
        "nStages": stages,
        "featuresPerStage": [rng.choice([3, 4, 8, 12, 16, 17, 24, 32]) for _ in range(stages)],
        "kernelSizes": [[1, 3, 3] if s < flat else draw_triple(rng, [3, 3, 3, 5, 1]) for s in range(stages)],
        "strides": [1]
        + [
            [1, 2, 2] if s <= flat else draw_triple(rng, [1, 2, 2, 3] if stages < 4 else [1, 2, 2])
            for s in range(1, stages)
        ],
        "nConvPerStageDecoder": per_stage(stages - 1, [1, 1, 2]),
        "convBias": has_bias,
        "norm": draw_norm(rng, optional=has_bias),
        "activation": activation,
        "deepSupervision": rng.random() < 0.5,
    }


def draw_plain(rng: random.Random) -> dict:
    parameters = draw(rng)
    parameters["nConvPerStage"] = [rng.choice([1, 2, 2, 3]) for _ in range(parameters["nStages"])]
    parameters["nonlinFirst"] = rng.random() < 0.2
    return parameters


def draw_residual(rng: random.Random) -> dict:
    parameters = draw(rng)
    parameters["nBlocksPerStage"] = [rng.choice([1, 1, 2, 3]) for _ in range(parameters["nStages"])]
    parameters["stemChannels"] = rng.choice([None, None, 5])
    return parameters


def arguments(parameters: dict) -> dict:
    norm, activation = parameters["norm"], parameters["activation"]
    result = {
        "input_channels": parameters["inChannels"],
        "num_classes": parameters["outChannels"],
        "n_stages": parameters["nStages"],
        "features_per_stage": parameters["featuresPerStage"],
        "conv_op": torch.nn.Conv3d,
        "kernel_sizes": parameters["kernelSizes"],
        "strides": parameters["strides"],
        "n_conv_per_stage_decoder": parameters["nConvPerStageDecoder"],
        "conv_bias": parameters.get("convBias", False),
        # The file is the same with and without deep supervision; nnU-Net switches it off to predict.
        "deep_supervision": False,
    }
    if norm:
        result["norm_op"] = NORMS[norm["name"]]
        result["norm_op_kwargs"] = options(norm)
    if activation:
        result["nonlin"] = ACTIVATIONS[activation["name"]]
        result["nonlin_kwargs"] = options(activation)
    return result


def build_plain(parameters: dict) -> torch.nn.Module:
    return PlainConvUNet(
        n_conv_per_stage=parameters["nConvPerStage"],
        nonlin_first=parameters.get("nonlinFirst", False),
        **arguments(parameters),
    )


def build_residual(parameters: dict) -> torch.nn.Module:
    return ResidualEncoderUNet(
        n_blocks_per_stage=parameters["nBlocksPerStage"],
        stem_channels=parameters.get("stemChannels"),
        **arguments(parameters),
    )
