"""Check many random networks against the packages they are from, and say how far apart the two ever are.

    .venv/bin/python tools/parity/sweep.py --program .build/release/lesionqc --seeds 1-15 [--architecture DynUNet]
    [--keep FOLDER]

Each network is written by random_network.py and checked by `lesionqc model verify`: logits within 1e-4 of their range,
gradient within 1e-4 (relative L2). Ends with status 1 if one differs by more; with --keep that network stays in FOLDER.
"""

import argparse
import json
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

import torch

sys.path.insert(0, str(Path(__file__).resolve().parent))
import random_network

# random_swin.py writes SwinUNETR, whose probes take minutes each.
KNOWN = [name for name in random_network.ARCHITECTURES if name != "SwinUNETR"]


def verify(program: Path, folder: Path) -> tuple[float, float, bool, str]:
    """Deviations of logits and gradient, whether they are within tolerance, and what the program said."""
    done = subprocess.run(
        [program, "model", "verify", folder, "--probe", folder / "probe.safetensors", "--threads", "1"],
        capture_output=True,
        text=True,
    )
    numbers = {}
    for line in done.stdout.splitlines():
        name, _, value = line.rpartition(" ")
        numbers[name.strip()] = value
    try:
        return (
            float(numbers["logits, of range"]),
            float(numbers["gradient, relative"]),
            done.returncode == 0,
            done.stderr,
        )
    except KeyError:
        return float("nan"), float("nan"), False, done.stderr


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--program", type=Path, required=True)
    parser.add_argument("--seeds", default="1-15", help="first-last, both included")
    parser.add_argument("--architecture", choices=KNOWN, action="append")
    parser.add_argument("--keep", type=Path)
    arguments = parser.parse_args()
    first, last = (int(part) for part in arguments.seeds.split("-"))

    # The networks are too small to gain from threads.
    torch.set_num_threads(1)
    failures = 0
    for architecture in arguments.architecture or KNOWN:
        worst = {"logits": (0.0, 0), "gradient": (0.0, 0)}
        for seed in range(first, last + 1):
            with tempfile.TemporaryDirectory() as scratch:
                folder = Path(scratch) / f"{architecture}-{seed}"
                parameters = random_network.write_random(architecture, seed, folder)
                logits, gradient, agrees, said = verify(arguments.program, folder)
                print(f"{architecture:20} seed {seed:4}  logits {logits:.1e}  gradient {gradient:.1e}", flush=True)
                worst["logits"] = max(worst["logits"], (logits, seed))
                worst["gradient"] = max(worst["gradient"], (gradient, seed))
                if not agrees:
                    failures += 1
                    print(f"  DIFFERS: {said.strip()}\n  {json.dumps(parameters)}", flush=True)
                    if arguments.keep:
                        shutil.copytree(folder, arguments.keep / folder.name, dirs_exist_ok=True)
        print(
            f"{architecture}: {last - first + 1} networks; "
            f"worst logits {worst['logits'][0]:.1e} (seed {worst['logits'][1]}), "
            f"worst gradient {worst['gradient'][0]:.1e} (seed {worst['gradient'][1]})",
            flush=True,
        )
    sys.exit(1 if failures else 0)


if __name__ == "__main__":
    main()
