"""Store what MONAI computes for the sample model on a small crop of a synthetic patient: the product must agree.

Tensors: `input` [2, i, j, k]; `logits` [2, i, j, k] of the sliding window (the crop is smaller than the window, so
centred zero padding is part of it); `cotangent`, random numbers of the shape of the logits; `gradient`
= d(Σ cotangent · logits)/d(input).
"""

import argparse
import json
import platform
from pathlib import Path

import monai
import numpy
import torch
from safetensors.torch import save_file

import cases
import network


def crop(case, shape):
    """A box of the shape around the first lesion voxel, moved into the scan; and its corner."""
    centre = numpy.argwhere(case.truth > 0)[0]
    low = numpy.clip(centre - numpy.array(shape) // 2, 0, numpy.array(case.truth.shape) - shape)
    return case.image[(slice(None), *(slice(a, a + n) for a, n in zip(low, shape)))].copy(), low.tolist()


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--model", type=Path, required=True, help="model folder")
    parser.add_argument("--data", type=Path, required=True, help="BIDS folder of synthetic patients")
    parser.add_argument("--subject", required=True)
    parser.add_argument("--shape", type=int, nargs=3, default=[40, 36, 32], help="voxels of the crop")
    parser.add_argument("--output", type=Path, required=True)
    parser.add_argument("--seed", type=int, default=1)
    options = parser.parse_args()

    design, model = network.load(options.model / "weights.safetensors")
    model.eval().requires_grad_(False)
    image, low = crop(cases.load(options.data, options.subject), options.shape)
    x = torch.from_numpy(image)[None].requires_grad_(True)
    logits = network.inferer(design)(x, model)
    cotangent = torch.randn(logits.shape, generator=torch.Generator().manual_seed(options.seed))
    (gradient,) = torch.autograd.grad((cotangent * logits).sum(), x)
    content = {"input": x, "logits": logits, "cotangent": cotangent, "gradient": gradient}
    origin = {
        "script": "tools/training/make_probe.py", "subject": options.subject, "corner": low, "seed": options.seed,
        "python": platform.python_version(), "torch": torch.__version__, "monai": monai.__version__,
    }
    save_file(
        {name: tensor[0].detach().contiguous() for name, tensor in content.items()}, options.output,
        metadata={"origin": json.dumps(origin)},
    )
    print(f"{options.output}: {options.output.stat().st_size / 1e6:.2f} MB")


if __name__ == "__main__":
    main()
