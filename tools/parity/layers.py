"""Layers as model.json names them: drawn at random, and as MONAI's constructors take them."""

import random


def draw_triple(rng: random.Random, values: list[int]) -> int | list[int]:
    return [rng.choice(values) for _ in range(3)] if rng.random() < 0.4 else rng.choice(values)


def draw_activation(rng: random.Random, slopes: tuple[float, ...] = (0.2,)) -> dict | None:
    return rng.choice(
        [
            {"name": "prelu"},
            {"name": "prelu"},
            {"name": "relu"},
            {"name": "leakyrelu"},
            {"name": "leakyrelu", "negativeSlope": rng.choice(slopes)},
            {"name": "elu", "alpha": rng.choice([1.0, 0.5])},
            {"name": "gelu"},
            {"name": "gelu", "approximate": "tanh"},
            {"name": "swish", "alpha": rng.choice([1.0, 1.7])},
            {"name": "memswish"},
            {"name": "mish"},
            None,
        ]
    )


def draw_norm(rng: random.Random, optional: bool = True) -> dict | None:
    """Never none where convolutions have no bias either: all activations of the padding then lie exactly at their
    kink."""
    return rng.choice(
        [
            {"name": "batch"},
            {"name": "batch", "affine": False},
            {"name": "batch", "eps": 1e-3},
            {"name": "instance"},
            {"name": "instance", "affine": True},
            {"name": "instance", "affine": True, "eps": 1e-3},
            {"name": "instance", "trackRunningStats": True},
        ]
        + [None] * optional
    )


# Options of layers in model.json and in Python.
OPTIONS = {
    "negativeSlope": "negative_slope",
    "alpha": "alpha",
    "approximate": "approximate",
    "affine": "affine",
    "eps": "eps",
    "trackRunningStats": "track_running_stats",
    "numGroups": "num_groups",
}


def activation(value: dict | None) -> tuple | str:
    """The argument for MONAI; an empty name is its way to leave a layer out."""
    if value is None:
        return ""
    return (value["name"], options(value))


def options(value: dict) -> dict:
    """The options of a layer as Python names them."""
    return {OPTIONS[key]: option for key, option in value.items() if key != "name"}


def normalisation(value: dict | None) -> tuple | str:
    return activation(value)
