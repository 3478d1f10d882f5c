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
        ]
        + [None] * optional
    )


def activation(value: dict | None) -> tuple | str:
    """The argument for MONAI; an empty name is its way to leave a layer out."""
    if value is None:
        return ""
    return (value["name"], {"negative_slope": value["negativeSlope"]} if "negativeSlope" in value else {})


def normalisation(value: dict | None) -> tuple | str:
    return "" if value is None else (value["name"], {k: value[k] for k in ("affine", "eps") if k in value})
