"""Measure a checkpoint or an exported model on patients in BIDS layout (Python reference of `lesionqc evaluate`)."""

import argparse
import json
from dataclasses import asdict
from pathlib import Path

import cases
import network
import torch
from lesions import compare, summary

DEFAULT_THRESHOLDS = [0.2, 0.3, 0.4, 0.5]


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--weights", type=Path, required=True, help="weights.safetensors or checkpoint.pt")
    parser.add_argument(
        "--data", type=Path, required=True, help="BIDS folder with derivatives/*/sub-*/…label-L_mask.nii.gz"
    )
    parser.add_argument("--subjects", nargs="*", help="default: all")
    parser.add_argument("--last", type=int, help="only the last N patients")
    parser.add_argument("--thresholds", type=float, nargs="*", default=DEFAULT_THRESHOLDS)
    parser.add_argument("--output", type=Path, help="write the figures as JSON")
    parser.add_argument("--threads", type=int, default=2)
    options = parser.parse_args()
    torch.set_num_threads(options.threads)

    design, model = network.load(options.weights)
    names = options.subjects or cases.subjects(options.data)
    names = names[-options.last :] if options.last else names
    counts = {threshold: [] for threshold in options.thresholds}
    for name in names:
        case = cases.load(options.data, name)
        probability = network.lesion_probability(design, model, case.image)
        for threshold, row in counts.items():
            row.append(compare(probability > threshold, case.truth))
            print(name, threshold, json.dumps(asdict(row[-1])), f"dsc {row[-1].dice():.3f}", flush=True)
    result = []
    for threshold, row in counts.items():
        result.append({"threshold": threshold, **summary(row)})
        figures = {k: round(v, 3) if isinstance(v, float) else v for k, v in result[-1].items()}
        print(json.dumps(figures))
    if options.output:
        options.output.write_text(json.dumps({"subjects": names, "cohort": result}, indent=2) + "\n")


if __name__ == "__main__":
    main()
