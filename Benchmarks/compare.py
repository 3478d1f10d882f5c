"""Time a network here and in PyTorch, taking turns, so that whatever else the machine does hits both alike.

    .venv/bin/python Benchmarks/compare.py --program Benchmarks/.build/release/network-benchmark [--rounds 15] [--threads 2]

The paper's 3D U-Net with random weights, one 96³ window. PyTorch runs with frozen parameters, contiguous and
channels_last_3d; the better of the two medians counts. Each process is warmed up first; a round is one forward pass and one
gradient of each contender, with a pause so that the threads of the one before have gone to sleep.
"""

import argparse
import resource
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import torch

sys.path.insert(0, str(Path(__file__).resolve().parents[1] / "tools" / "parity"))
import random_unet  # noqa: E402

PAPER = {
    "spatialDims": 3, "inChannels": 2, "outChannels": 2, "channels": [32, 64, 128, 256, 512], "strides": [2, 2, 2, 2],
    "activation": {"name": "prelu"}, "norm": {"name": "batch"}, "kernelSize": 3, "upKernelSize": 3, "numResUnits": 0,
    "dropout": 0.1, "bias": True,
}


class Ours:
    name = "lesionqc"

    def __init__(self, program: Path, folder: Path, threads: int):
        self.process = subprocess.Popen(
            [program, folder, str(threads)], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)

    def ask(self, what: str) -> float:
        self.process.stdin.write(what + "\n")
        self.process.stdin.flush()
        return float(self.process.stdout.readline())

    def round(self) -> tuple[float, float]:
        return self.ask("forward"), self.ask("gradient")

    def close(self) -> None:
        self.process.stdin.close()
        self.process.wait()


class PyTorch:
    def __init__(self, network: torch.nn.Module, window: list[int], layout: torch.memory_format, name: str):
        self.name = name
        self.network = network.to(memory_format=layout)
        self.image = torch.randn([1, 2, *window]).to(memory_format=layout)
        self.cotangent = torch.randn([1, 2, *window]).to(memory_format=layout)

    def round(self) -> tuple[float, float]:
        image = self.image.detach().requires_grad_(True)
        start = time.perf_counter()
        logits = self.network(image)
        middle = time.perf_counter()
        torch.autograd.grad(logits, image, self.cotangent)
        return middle - start, time.perf_counter() - middle


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--program", type=Path, required=True)
    parser.add_argument("--rounds", type=int, default=15)
    parser.add_argument("--threads", type=int, default=2)
    arguments = parser.parse_args()
    torch.set_num_threads(arguments.threads)
    torch.manual_seed(1)
    window = [96, 96, 96]

    def network() -> torch.nn.Module:
        result = random_unet.build(PAPER).eval()
        random_unet.randomise(result, torch.Generator().manual_seed(1))
        # Slopes as training leaves them: positive.
        for module in result.modules():
            if isinstance(module, torch.nn.PReLU):
                module.weight.data.abs_()
        return result.requires_grad_(False)

    with tempfile.TemporaryDirectory() as folder:
        description = random_unet.describe(PAPER, window, 0.25, "gaussian", "paper", 1)
        random_unet.write_model(Path(folder), description, network())
        ours = Ours(arguments.program, Path(folder), arguments.threads)
        peers = [
            PyTorch(network(), window, torch.contiguous_format, "PyTorch contiguous"),
            PyTorch(network(), window, torch.channels_last_3d, "PyTorch channels_last_3d"),
        ]
        contenders = [ours, *peers]
        times = {contender.name: [] for contender in contenders}
        for round_number in range(arguments.rounds + 2):
            for contender in contenders:
                time.sleep(0.1)
                measured = contender.round()
                if round_number >= 2:
                    times[contender.name].append(measured)
        memory = ours.ask("memory")
        ours.close()

    medians = {
        name: (statistics.median(t[0] for t in taken), statistics.median(t[0] + t[1] for t in taken))
        for name, taken in times.items()
    }
    best = min(medians[peer.name][1] for peer in peers)
    best_forward = min(medians[peer.name][0] for peer in peers)
    print(f"MONAI UNet of the paper, 96³ window, fp32, {arguments.threads} threads, torch {torch.__version__}, "
          f"median of {arguments.rounds} rounds")
    print(f"{'':26}{'forward s':>11}{'of best':>9}{'fwd + gradient s':>18}{'of best':>9}")
    for name, (forward, total) in medians.items():
        print(f"{name:26}{forward:11.4f}{forward / best_forward:9.0%}{total:18.4f}{total / best:9.0%}")
    ratios = [
        sum(ours_time) / min(sum(times[peer.name][i]) for peer in peers)
        for i, ours_time in enumerate(times["lesionqc"])
    ]
    print(f"lesionqc / faster PyTorch layout, round by round: median {statistics.median(ratios):.0%}, "
          f"from {min(ratios):.0%} to {max(ratios):.0%}")
    print(f"peak resident size: lesionqc {memory:.0f} MB; "
          f"this process with both PyTorch networks {resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1000:.0f} MB")


if __name__ == "__main__":
    main()
