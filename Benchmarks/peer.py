"""One contender of compare.py in a process of its own, so that its memory is its own: PyTorch or OpenVINO.

    .venv/bin/python Benchmarks/peer.py --runtime torch-contiguous|torch-channels-last|openvino --architecture DynUNet
    --threads 2

The paper's configuration with random weights and one 96³ window. Answers a line with a number for each line on standard
input: "forward" and "gradient" with seconds, "memory" with the largest resident size so far and "idle" with that before
the first pass, both in MB. A gradient belongs to the forward pass before it; where a runtime has none, its seconds are
NaN.
"""

import argparse
import sys
import time
from pathlib import Path

import torch

sys.path.insert(0, str(Path(__file__).resolve().parents[1] / "tools" / "parity"))
import random_network

WINDOW = [96, 96, 96]


def paper_network(architecture: str) -> torch.nn.Module:
    torch.manual_seed(1)
    result = random_network.build(architecture, random_network.ARCHITECTURES[architecture].paper)
    random_network.randomise(result, torch.Generator().manual_seed(1))
    # Slopes as training leaves them: positive.
    for module in result.modules():
        if isinstance(module, torch.nn.PReLU):
            module.weight.data.abs_()
    return result


def resident(field: str) -> float:
    """MB, by the kernel's account."""
    line = next(line for line in Path("/proc/self/status").read_text().splitlines() if line.startswith(field))
    return int(line.split()[1]) / 1000


class PyTorch:
    """Parameters frozen; the input wants a gradient."""

    def __init__(self, network: torch.nn.Module, layout: torch.memory_format):
        self.network = network.to(memory_format=layout)
        self.image = torch.randn([1, 2, *WINDOW]).to(memory_format=layout)
        self.cotangent = torch.randn([1, 2, *WINDOW]).to(memory_format=layout)
        self.logits = self.input = None

    def forward(self) -> None:
        self.logits = None
        self.input = self.image.detach().requires_grad_(True)
        self.logits = self.network(self.input)

    def gradient(self) -> None:
        torch.autograd.grad(self.logits, self.input, self.cotangent)
        self.logits = None


class OpenVINO:
    """Compiled for latency in single precision."""

    def __init__(self, network: torch.nn.Module, threads: int):
        import openvino

        image = torch.randn([1, 2, *WINDOW])
        model = openvino.convert_model(network, example_input=image, input=[[1, 2, *WINDOW]])
        self.request = (
            openvino.Core()
            .compile_model(
                model,
                "CPU",
                {"PERFORMANCE_HINT": "LATENCY", "INFERENCE_NUM_THREADS": threads, "INFERENCE_PRECISION_HINT": "f32"},
            )
            .create_infer_request()
        )
        self.image = image.numpy()

    def forward(self) -> None:
        self.request.infer([self.image], share_inputs=True, share_outputs=True)

    gradient = None


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--runtime", choices=["torch-contiguous", "torch-channels-last", "openvino"], required=True)
    parser.add_argument("--architecture", required=True)
    parser.add_argument("--threads", type=int, required=True)
    arguments = parser.parse_args()
    torch.set_num_threads(arguments.threads)
    network = paper_network(arguments.architecture)
    if arguments.runtime == "openvino":
        runtime = OpenVINO(network, arguments.threads)
    else:
        channels_last = arguments.runtime == "torch-channels-last"
        runtime = PyTorch(network, torch.channels_last_3d if channels_last else torch.contiguous_format)
    idle = resident("VmRSS:")

    for line in sys.stdin:
        match line.strip():
            case "memory":
                answer = resident("VmHWM:")
            case "idle":
                answer = idle
            case work if (run := getattr(runtime, work)) is not None:
                start = time.perf_counter()
                run()
                answer = time.perf_counter() - start
            case _:
                answer = float("nan")
        print(answer, flush=True)


if __name__ == "__main__":
    main()
