"""Turn a training checkpoint into a model folder: weights.safetensors (MONAI's own parameter names) and model.json."""

import argparse
import json
from pathlib import Path

import network
import torch
from safetensors.torch import save_file


def tensors(state, kind):
    """The parameters an inference needs, contiguous."""
    return {name: value.detach().to(kind).contiguous().clone() for name, value in state.items() if network.needed(name)}


def trained_on(record):
    """One line from the training record and those it builds on: how many patients of which kind, and for how long."""
    phantoms, real, iterations, run = set(), set(), [], record
    while run:
        phantoms |= set(run["data"].get("phantoms", []))
        real |= set(run["data"].get("real", []))
        iterations.insert(0, str(run["iterations"]))
        run = run.get("initial")
    return (
        f"{len(phantoms)} synthetic patients of lesionqc phantom and {len(real)} real (Lesjak et al. 2017, "
        f"doi 10.1007/s12021-017-9348-7), {' + '.join(iterations)} iterations"
    )


def description(design, name, threshold, orientation, record):
    return {
        "schemaVersion": 1,
        "architecture": {"name": design.architecture, "parameters": design.parameters},
        "channels": ["FLAIR", "T1w"],
        "normalisation": "zscore-nonzero",
        "brainExtracted": True,
        "orientation": orientation,
        "spacingMillimetres": None,
        "window": [design.window] * 3,
        "overlap": network.OVERLAP,
        "importance": "gaussian",
        "threshold": threshold,
        "lesionClass": 1,
        "provenance": {
            "name": f"lesionqc-sample-{name}",
            "version": "1.0.0",
            "trainedOn": trained_on(record),
            "licence": "CC-BY-4.0",
            "intendedUse": "Demonstration and tests. Research only, not a medical device.",
            "framework": ", ".join(f"{name} {version}" for name, version in record["versions"].items()),
        },
    }


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--checkpoint", type=Path, required=True, help="checkpoint.pt, training.json beside it")
    parser.add_argument("--output", type=Path, required=True, help="model folder")
    parser.add_argument(
        "--half", action="store_true", help="store float16, half the size; inference widens it to float32"
    )
    parser.add_argument("--threshold", type=float, default=0.3)
    parser.add_argument("--orientation", default="RAS", help="grid of the network: RAS as trained, or asStored")
    options = parser.parse_args()

    design, trained = network.load(options.checkpoint)
    options.output.mkdir(parents=True, exist_ok=True)
    kind = torch.float16 if options.half else torch.float32
    save_file(tensors(trained.state_dict(), kind), options.output / "weights.safetensors")
    record = json.loads((options.checkpoint.parent / "training.json").read_text())
    described = description(design, options.output.name, options.threshold, options.orientation, record)
    text = json.dumps(described, indent=2)
    (options.output / "model.json").write_text(text + "\n")
    size = (options.output / "weights.safetensors").stat().st_size
    print(f"{options.output}: {size / 1e6:.2f} MB")


if __name__ == "__main__":
    main()
