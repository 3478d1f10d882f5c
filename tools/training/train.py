"""Train a sample network on synthetic patients, one real patient and painted lesions.

The learning rate rises, stays, and falls to 0 over the last `--decay` iterations. A file named `finish` in the output
folder starts that fall early; the run then ends properly and records how many iterations it took. Everything
is counted in iterations, so a run may be paused or killed and resumed (`--resume`) without changing the schedule.
"""

import argparse
import copy
import json
import platform
import time
from pathlib import Path

import cases
import losses
import monai
import network
import nibabel
import numpy
import painting
import scipy
import torch
from lesions import compare, summary
from patches import Batches, Source
from torch.utils.data import DataLoader, Subset


def arguments():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--network", choices=network.DESIGNS, default="unet")
    parser.add_argument("--phantoms", type=Path, action="append", default=[], help="BIDS folder; may be repeated")
    parser.add_argument("--validation", type=int, default=4, help="last N patients of each phantom folder held out")
    parser.add_argument("--real", type=Path, help="BIDS folder of real patients")
    parser.add_argument("--real-subject", default="sub-26")
    parser.add_argument("--shapes", type=Path, help="folder of lesion masks in the space of the real patient")
    parser.add_argument("--output", type=Path, required=True)
    parser.add_argument("--resume", type=Path, help="checkpoint to go on from (schedule and draws included)")
    parser.add_argument("--initial", type=Path, help="checkpoint whose averaged weights a new run starts from")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--iterations", type=int, default=8000)
    parser.add_argument("--warmup", type=int, default=200)
    parser.add_argument("--decay", type=int, default=2000)
    parser.add_argument("--learning-rate", type=float, default=2e-3)
    parser.add_argument("--weight-decay", type=float, default=1e-2)
    parser.add_argument("--average", type=float, default=0.998, help="decay of the averaged weights per iteration")
    parser.add_argument("--patch", type=int, default=64)
    parser.add_argument("--batch", type=int, default=4)
    parser.add_argument("--real-share", type=float, default=0.3)
    parser.add_argument("--painted-share", type=float, default=0.6)
    parser.add_argument("--lesion-share", type=float, default=0.6)
    parser.add_argument("--focal-weight", type=float, default=10.0)
    parser.add_argument("--validate-every", type=int, default=1000)
    parser.add_argument("--save-every", type=int, default=200)
    parser.add_argument("--threads", type=int, default=2)
    return parser.parse_args()


def read_data(options):
    """Training sources, held-out phantoms, the real scan, and the names of all that was read."""
    training, held_out, names = [], [], {"phantoms": [], "heldOut": [], "real": [], "shapes": []}
    for root in options.phantoms:
        found = cases.subjects(root)
        if len(found) <= options.validation:
            raise SystemExit(f"{root}: {len(found)} patients leave none to train on")
        split = len(found) - options.validation
        for index, name in enumerate(found):
            case, _ = cases.crop_to_brain(cases.load(root, name))
            if index < split:
                training.append(Source(case.image, case.truth))
            else:
                held_out.append(case)
            names["phantoms" if index < split else "heldOut"].append(case.name)
    real = None
    if options.real:
        case, box = cases.crop_to_brain(cases.load(options.real, options.real_subject))
        names["real"].append(case.name)
        library = []
        for path in sorted(options.shapes.glob("*_mask.nii.gz")) if options.shapes else []:
            library.append(painting.shapes(cases.read_mask(path)[box]))
            names["shapes"].append(path.name)
        real = (case.image, case.truth, library, painting.white_matter(case.image))
    return training, held_out, real, names


def rate(iteration, last, options):
    """Learning rate: warm-up, plateau, and a straight fall to 0 at `last`."""
    rising = min(1.0, (iteration + 1) / options.warmup)
    falling = min(1.0, (last - iteration) / options.decay)
    return options.learning_rate * max(0.0, min(rising, falling))


@torch.no_grad()
def follow(average, model, decay):
    """Exponential average of the weights and of the batch-norm statistics."""
    for mean, value in zip(average.state_dict().values(), model.state_dict().values()):
        if mean.is_floating_point():
            mean.lerp_(value, 1 - decay)
        else:
            mean.copy_(value)


def keep_full_precision(module):
    """Take a module out of autocast."""
    forward = module.forward

    def run(x):
        with torch.autocast("cpu", enabled=False):
            return forward(x.float())

    module.forward = run


def validate(design, model, held_out, threshold=0.3):
    counts = [compare(network.lesion_probability(design, model, c.image) > threshold, c.truth) for c in held_out]
    return summary(counts)


def save(path, **content):
    """Write aside and rename, so that a killed run leaves a whole checkpoint."""
    temporary = path.with_suffix(".tmp")
    torch.save(content, temporary)
    temporary.rename(path)


def main():
    options = arguments()
    options.output.mkdir(parents=True, exist_ok=True)
    torch.set_num_threads(options.threads)
    torch.manual_seed(options.seed)
    training, held_out, real, names = read_data(options)
    print(f"{len(training)} phantoms to train on, {len(held_out)} held out, real: {real is not None}", flush=True)

    design = network.DESIGNS[options.network]
    model = design.build().to(memory_format=torch.channels_last_3d)
    average = copy.deepcopy(model)
    for name in design.full_precision:
        keep_full_precision(model.get_submodule(name))
    optimiser = torch.optim.AdamW(model.parameters(), lr=options.learning_rate, weight_decay=options.weight_decay)
    start, last, log = 0, options.iterations, []
    if options.initial:
        weights = torch.load(options.initial, weights_only=True)["average"]
        model.load_state_dict(weights)
        average.load_state_dict(weights)
    if options.resume:
        state = torch.load(options.resume, weights_only=True)
        model.load_state_dict(state["model"])
        average.load_state_dict(state["average"])
        optimiser.load_state_dict(state["optimiser"])
        start, last, log = state["iteration"], state["last"], state["log"]

    batches = Batches(
        training,
        real,
        seed=options.seed,
        iterations=options.iterations,
        batch=options.batch,
        size=options.patch,
        real_share=options.real_share,
        painted_share=options.painted_share,
        lesion_share=options.lesion_share,
    )
    loader = DataLoader(
        Subset(batches, range(start, options.iterations)),
        batch_size=None,
        num_workers=1,
        prefetch_factor=6,
        worker_init_fn=lambda _: torch.set_num_threads(1),
    )

    before = options.initial and options.initial.parent / "training.json"
    record = {
        "initial": json.loads(before.read_text()) if before and before.exists() else None,
        "arguments": {k: [str(x) for x in v] if isinstance(v, list) else str(v) for k, v in vars(options).items()},
        "iterations": start,
        "data": names,
        "validation": log,
        "versions": {
            "python": platform.python_version(),
            "torch": torch.__version__,
            "monai": monai.__version__,
            "numpy": numpy.__version__,
            "scipy": scipy.__version__,
            "nibabel": nibabel.__version__,
        },
    }

    def checkpoint(iteration):
        save(
            options.output / "checkpoint.pt",
            network=options.network,
            model=model.state_dict(),
            average=average.state_dict(),
            optimiser=optimiser.state_dict(),
            iteration=iteration,
            last=last,
            log=log,
        )
        seconds = {"elapsed": time.monotonic() - began, "processor": time.process_time() - processor}
        record.update(iterations=iteration, secondsOfThisProcess=seconds)
        (options.output / "training.json").write_text(json.dumps(record, indent=2) + "\n")

    began, processor, running, skipped = time.monotonic(), time.process_time(), None, 0
    for iteration, (image, truth) in enumerate(loader, start=start):
        if iteration % 20 == 0 and (options.output / "finish").exists():
            last = min(last, iteration + options.decay)
            (options.output / "finish").unlink()
            print(f"finishing: the learning rate reaches 0 at iteration {last}", flush=True)
        if iteration >= last:
            break
        optimiser.param_groups[0]["lr"] = rate(iteration, last, options)
        model.train()
        with torch.autocast("cpu", torch.bfloat16):
            logits = model(image.to(memory_format=torch.channels_last_3d))
        loss = losses.combined(logits.float(), truth, options.focal_weight)
        optimiser.zero_grad(set_to_none=True)
        loss.backward()
        if torch.nn.utils.clip_grad_norm_(model.parameters(), 5.0).isfinite():
            optimiser.step()
        else:
            skipped += 1
        follow(average, model, min(options.average, (1 + iteration) / (10 + iteration)))
        running = loss.item() if running is None else 0.98 * running + 0.02 * loss.item()
        done = iteration + 1
        if done % 50 == 0:
            pace = (time.monotonic() - began) / (done - start)
            print(f"{done} loss {running:.4f} {pace:.3f} s/iteration, {skipped} steps skipped", flush=True)
        if done % options.validate_every == 0 and held_out:
            log.append({"iteration": done, "loss": running, **validate(design, average, held_out)})
            print(json.dumps(log[-1]), flush=True)
        if done % options.save_every == 0:
            checkpoint(done)
    finished = min(last, options.iterations)
    checkpoint(finished)  # before the last validation, which takes a while
    if held_out:
        log.append({"iteration": finished, "final": True, **validate(design, average, held_out)})
        print(json.dumps(log[-1]), flush=True)
    checkpoint(finished)


if __name__ == "__main__":
    main()
