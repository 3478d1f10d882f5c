"""Jobs of Slurm: submitted, looked at, and held in the middle of a patient."""

import os
import pathlib
import re
import signal
import subprocess
import time

from cohort import events

WORKFLOW = pathlib.Path(__file__).resolve().parents[2] / "workflow/slurm"


def slurm(*words, cwd=None, env=None):
    done = subprocess.run(list(map(str, words)), capture_output=True, text=True, timeout=60, cwd=cwd, env=env)
    if done.returncode:
        raise AssertionError(f"{' '.join(map(str, words))}: {done.stderr}")
    return done.stdout.strip()


def fields(job):
    """What Slurm knows of a job or a task of an array ("7" or "7_2"): JobState, Restarts, ExitCode, …"""
    return dict(re.findall(r"(\w+)=(\S*)", slurm("scontrol", "show", "job", "--oneliner", job)))


def await_that(what, is_so, seconds):
    """Waits until something is so, and returns it."""
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        if found := is_so():
            return found
        time.sleep(0.02)
    raise AssertionError(f"not within {seconds} s: {what}")


def await_end(job, seconds):
    """Waits until Slurm has no more of a job or an array to run; it looks every half second."""
    end = time.monotonic() + seconds
    while slurm("squeue", "--noheader", "--jobs", job):
        if time.monotonic() > end:
            raise AssertionError(f"job {job} has not ended within {seconds} s: {slurm('squeue')}")
        time.sleep(0.5)


def process_of(words, environment):
    """The number of the process `lesionqc` with these arguments and variables; None when there is none."""
    variables = {f"{key}={value}" for key, value in environment.items()}
    for folder in pathlib.Path("/proc").glob("[0-9]*"):
        try:
            if (folder / "comm").read_text() == "lesionqc\n":
                found = [set((folder / name).read_text().split("\0")) for name in ("cmdline", "environ")]
                if set(words) <= found[0] and variables <= found[1]:
                    return int(folder.name)
        except OSError:
            pass  # It has ended.
    return None


def freeze(output, label, words=(), **environment):
    """Stops the process with these arguments and variables as soon as it has begun to compute a patient; its number.

    Stands for a patient that takes long, so that a test does not depend on how fast the machine is.
    """
    process = await_that(f"a process for {label}", lambda: process_of([str(output), *words], environment), 60)
    await_that(f"{label} at work", lambda: events(output, label)[-1:] == ["started"], 60)
    os.kill(process, signal.SIGSTOP)
    if events(output, label)[-1:] != ["started"]:
        raise AssertionError(f"{label} was done before it could be stopped: {events(output, label)}")
    return process


def is_pending(process, number):
    """Whether a signal waits for a stopped process."""
    status = pathlib.Path(f"/proc/{process}/status").read_text()
    masks = re.findall(r"^(?:SigPnd|ShdPnd):\s*(\w+)", status, flags=re.MULTILINE)
    return any(int(mask, 16) >> (number - 1) & 1 for mask in masks)
