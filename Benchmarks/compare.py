"""Time the paper's networks here, in PyTorch and in OpenVINO, taking turns, so that whatever else the machine does hits
all alike.

    .venv/bin/python Benchmarks/compare.py --program Benchmarks/.build/release/network-benchmark \\
        [--architecture DynUNet] [--rounds 15] [--threads 2]

Random weights, one 96³ window, single precision. PyTorch runs with frozen parameters, contiguous and channels_last_3d;
the better of the two counts, round by round. OpenVINO (where it is installed) runs forward only. Every contender has a
process of its own (peer.py) and is warmed up first; a round is one forward pass and one gradient of each, with a pause
so that the threads of the one before have gone to sleep. The peak is what fused multiply-adds without memory access
reach in the same rounds; the share of it counts the multiply-adds of convolutions and matrix products alone.
"""

import argparse
import importlib.util
import math
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import peer
import torch

random_network = peer.random_network
TORCH = ("torch-contiguous", "torch-channels-last")


class Contender:
    """A process that answers a line with a number."""

    def __init__(self, name: str, command: list):
        self.name = name
        self.process = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
        self.times: list[tuple[float, float]] = []

    def ask(self, what: str) -> float:
        self.process.stdin.write(what + "\n")
        self.process.stdin.flush()
        answer = self.process.stdout.readline()
        if not answer:
            sys.exit(f"bench: {self.name} ended early")
        return float(answer)

    def round(self) -> tuple[float, float]:
        return self.ask("forward"), self.ask("gradient")

    def median(self, value) -> float:
        return statistics.median(value(taken) for taken in self.times)

    def close(self) -> None:
        self.process.stdin.close()
        self.process.wait()


def compare(architecture: str, program: Path, rounds: int, threads: int) -> None:
    with tempfile.TemporaryDirectory() as folder:
        parameters = random_network.ARCHITECTURES[architecture].paper
        description = random_network.describe(architecture, parameters, peer.WINDOW, 0.25, "gaussian", "paper", 1)
        random_network.write_model(Path(folder), description, peer.paper_network(architecture))
        ours = Contender("lesionqc", [program, folder, str(threads)])
        runtimes = list(TORCH) + ["openvino"] * (importlib.util.find_spec("openvino") is not None)
        script = [
            sys.executable,
            "-W",
            "ignore",
            Path(__file__).with_name("peer.py"),
            "--architecture",
            architecture,
            "--threads",
            str(threads),
            "--runtime",
        ]
        contenders = [ours] + [Contender(runtime, [*script, runtime]) for runtime in runtimes]
        peaks = []
        for number in range(rounds + 2):
            for contender in contenders:
                time.sleep(0.1)
                measured = contender.round()
                if number >= 2:
                    contender.times.append(measured)
            time.sleep(0.1)
            peaks.append(ours.ask("peak"))
        memory = {c.name: (c.ask("memory"), c.ask("idle")) for c in contenders}
        operations = ours.ask("operations")
        for contender in contenders:
            contender.close()
    report(architecture, contenders, memory, operations, statistics.median(peaks), rounds, threads)


def report(
    architecture: str,
    contenders: list[Contender],
    memory: dict,
    operations: float,
    peak: float,
    rounds: int,
    threads: int,
) -> None:
    """`operations`: GFLOP of a forward pass; `peak`: GFLOP/s."""
    ours = contenders[0]
    peers = [c for c in contenders if c.name in TORCH]
    print(
        f"\n{architecture} of the paper, 96³ window, fp32, {threads} threads, torch {torch.__version__}, "
        f"median of {rounds} rounds; {operations:.1f} GFLOP forward, as many for the gradient"
    )
    print(f"{'':22}{'forward s':>11}{'fwd + gradient s':>18}{'of fp32 peak':>14}{'peak MB':>10}{'above idle MB':>15}")
    for c in contenders:
        total = c.median(sum)
        has_gradient = not math.isnan(total)
        share = (2 * operations / total if has_gradient else operations / c.median(lambda t: t[0])) / peak
        text = f"{total:18.4f}" if has_gradient else f"{'-':>18}"
        print(
            f"{c.name:22}{c.median(lambda t: t[0]):11.4f}{text}{share:14.0%}{memory[c.name][0]:10.0f}"
            f"{memory[c.name][0] - memory[c.name][1]:15.0f}"
        )
    print(f"measured fp32 peak: {peak:.0f} GFLOP/s")

    def ratio(text: str, mine, theirs) -> None:
        ratios = [theirs(i) / mine(i) for i in range(rounds)]
        print(
            f"{text}: median {statistics.median(ratios):.2f} times as fast, from {min(ratios):.2f} to {max(ratios):.2f}"
        )

    ratio(
        "forward + gradient against the faster PyTorch layout, round by round",
        lambda i: sum(ours.times[i]),
        lambda i: min(sum(p.times[i]) for p in peers),
    )
    for other in contenders:
        if other.name == "openvino":
            ratio("forward against OpenVINO, round by round", lambda i: ours.times[i][0], lambda i: other.times[i][0])  # noqa: B023
    best = min(peers, key=lambda p: p.median(sum)).name
    print(
        f"peak memory: {memory['lesionqc'][0] / memory[best][0]:.0%} of {best}'s; "
        f"above idle {(memory['lesionqc'][0] - memory['lesionqc'][1]) / (memory[best][0] - memory[best][1]):.0%}",
        flush=True,
    )


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    known = [name for name, architecture in random_network.ARCHITECTURES.items() if architecture.paper]
    parser.add_argument("--program", type=Path, required=True)
    parser.add_argument("--architecture", choices=known, action="append")
    parser.add_argument("--rounds", type=int, default=15)
    parser.add_argument("--threads", type=int, default=2)
    arguments = parser.parse_args()
    for architecture in arguments.architecture or known:
        compare(architecture, arguments.program, arguments.rounds, arguments.threads)


if __name__ == "__main__":
    main()
