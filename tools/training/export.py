"""Turn a training checkpoint into a model folder: weights.safetensors (fp32, MONAI's own parameter names) and model.json."""

import argparse
import json
from pathlib import Path

import torch
from safetensors.torch import save_file

import network


def tensors(state):
    """The parameters an inference needs, fp32 and contiguous; the batch counter of batch norm is training state."""
    return {
        name: value.detach().to(torch.float32).contiguous().clone()
        for name, value in state.items()
        if not name.endswith("num_batches_tracked")
    }


def description(threshold, record):
    return {
        "schemaVersion": 1,
        "architecture": {"name": "MONAI.UNet", "parameters": network.PARAMETERS},
        "channels": ["FLAIR", "T1w"],
        "normalisation": "zScoreNonZero",
        "brainExtracted": True,
        "orientation": "asStored",
        "spacingMillimetres": None,
        "window": [network.WINDOW] * 3,
        "overlap": network.OVERLAP,
        "importance": "gaussian",
        "threshold": threshold,
        "lesionClass": 1,
        "provenance": {
            "name": "lesionqc sample U-Net",
            "description": "Sample for demonstration and tests, trained on synthetic patients and one real patient. "
            "Not for clinical use.",
            "licence": "CC-BY-4.0",
            "trainingIterations": record.get("iterations"),
            "versions": record.get("versions", {}),
        },
    }


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--checkpoint", type=Path, required=True, help="checkpoint.pt, training.json beside it")
    parser.add_argument("--output", type=Path, required=True, help="model folder")
    parser.add_argument("--threshold", type=float, default=0.3)
    options = parser.parse_args()

    state = torch.load(options.checkpoint, weights_only=True)["average"]
    network.build().load_state_dict(state)  # refuses missing, surplus and misshapen parameters
    options.output.mkdir(parents=True, exist_ok=True)
    save_file(tensors(state), options.output / "weights.safetensors")
    beside = options.checkpoint.parent / "training.json"
    record = json.loads(beside.read_text()) if beside.exists() else {}
    text = json.dumps(description(options.threshold, record), indent=2)
    (options.output / "model.json").write_text(text + "\n")
    size = (options.output / "weights.safetensors").stat().st_size
    print(f"{options.output}: {size / 1e6:.2f} MB")


if __name__ == "__main__":
    main()
