"""What several targets at once could win over one after another: the figures of docs/decisions/0012.

    .venv/bin/python Benchmarks/targets.py --program Benchmarks/.build/release/network-benchmark [--rounds 9]

For each of the paper's networks (random weights, one 96³ window): the steps of a gradient once each and 8 times in a
row, as network-benchmark prints them, and two processes of one thread each against one of two threads, the same number
of gradients, in turns. Wants two cores with nothing else running.
"""

import argparse
import statistics
import subprocess
import tempfile
import time
from pathlib import Path

import peer
from compare import Contender

GRADIENTS = {"UNet": 10, "DynUNet": 4, "SwinUNETR": 4}


def seconds(contenders: list, count: int) -> float:
    """Each computes `count` gradients, all at the same time."""
    start = time.perf_counter()
    for contender in contenders:
        contender.process.stdin.write("gradient\n" * count)
        contender.process.stdin.flush()
    for contender in contenders:
        for _ in range(count):
            float(contender.process.stdout.readline())
    return time.perf_counter() - start


def measure(architecture: str, program: Path, rounds: int) -> None:
    with tempfile.TemporaryDirectory() as folder:
        parameters = peer.random_network.ARCHITECTURES[architecture].paper
        description = peer.random_network.describe(architecture, parameters, peer.WINDOW, 0.25, "gaussian", "paper", 1)
        peer.random_network.write_model(Path(folder), description, peer.paper_network(architecture))
        table = subprocess.run([program, folder, "2", str(rounds)], capture_output=True, text=True, check=True).stdout
        steps = next(line for line in table.splitlines() if line.startswith("gradient steps"))
        both = Contender("both threads on one target", [program, folder, "2"])
        single = [Contender("a thread for each target", [program, folder, "1"]) for _ in range(2)]
        for contender in [both, *single]:
            contender.ask("forward")
        ratios = []
        for _ in range(rounds):
            count = GRADIENTS[architecture]
            together = seconds([both], 2 * count)
            time.sleep(0.2)
            apart = seconds(single, count)
            time.sleep(0.2)
            ratios.append(together / apart)
        for contender in [both, *single]:
            contender.close()
        print(
            f"{architecture}: {steps}; a thread for each target is {statistics.median(ratios):.2f} "
            f"({min(ratios):.2f} to {max(ratios):.2f}) times as fast as both threads on one",
            flush=True,
        )


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--program", type=Path, required=True)
    parser.add_argument("--rounds", type=int, default=9)
    options = parser.parse_args()
    for architecture in GRADIENTS:
        measure(architecture, options.program, options.rounds)


if __name__ == "__main__":
    main()
