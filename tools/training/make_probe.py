"""Store what MONAI computes for a sample model on a small crop of a synthetic patient: the product must agree.

The probe is that of tools/parity/make_probe.py: logits of the sliding window (the crop is smaller than the window, so
centred zero padding is part of it) and the gradient for a cotangent in three small cubes, in double precision.
"""

import argparse
import sys
from pathlib import Path

import cases
import network
import numpy
import torch

sys.path.insert(0, str(Path(__file__).resolve().parents[1] / "parity"))
from make_probe import write_probe


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
    parser.add_argument("--shape", type=int, nargs=3, default=[20, 18, 16], help="voxels of the crop")
    parser.add_argument("--output", type=Path, required=True)
    parser.add_argument("--seed", type=int, default=1)
    options = parser.parse_args()

    design, model = network.load(options.model / "weights.safetensors")
    image, low = crop(cases.load(options.data, options.subject), options.shape)
    write_probe(
        model,
        options.output,
        window=[design.window] * 3,
        image=torch.from_numpy(image)[None],
        overlap=network.OVERLAP,
        seed=options.seed,
        origin={"script": "tools/training/make_probe.py", "subject": options.subject, "corner": low},
    )
    print(f"{options.output}: {options.output.stat().st_size / 1e3:.0f} kB")


if __name__ == "__main__":
    main()
