"""The cohort of the cluster tests: phantoms, how they are run, and when two output folders hold the same.

LESIONQC names the program, LESIONQC_SLURM_FOLDER the folder (out/slurm), which run.sh fills: the data set `bids`, and
`single` with what the program makes of it on one machine.
"""

import csv
import os
import pathlib
import re
import shutil
import subprocess

ROOT = pathlib.Path(__file__).resolve().parents[2]
FOLDER = pathlib.Path(os.environ.get("LESIONQC_SLURM_FOLDER", "out/slurm")).resolve()
LESIONQC = str(pathlib.Path(os.environ["LESIONQC"]).resolve())
MODEL = ROOT / "sample-data/models/unet"
OPTIONS = os.environ["LESIONQC_SLURM_OPTIONS"].split()
LABELS = [f"sub-0{number}" for number in range(1, 7)]

# What tells when a run took place, in reports and pages: the time and the heads of the audit trail.
MOMENTS = [
    (r'<time datetime="[^"]*">[^<]*</time>', "<time>"),
    (r'(<th scope="row">Audit chain</th><td class="value">)[0-9a-f]{64}', r"\1"),
    (r'(data-label="Audit head">)[0-9a-f]+', r"\1"),
]


def place(name):
    """A new folder, its copy of the data set, and its output folder, which is not there yet."""
    folder = FOLDER / name
    shutil.rmtree(folder, ignore_errors=True)
    shutil.copytree(FOLDER / "bids", folder / "bids")
    return folder, folder / "bids", folder / "output"


def events(output, label):
    """The names of the records in a patient's audit trail, oldest first."""
    trail = output / f"audit/{label}.jsonl"
    lines = trail.read_text().splitlines() if trail.exists() else []
    return re.findall(r'"event":"(\w+)"', "\n".join(lines))


def contents(output):
    """Every file below an output folder with its content, but for what tells when a run took place: reports and pages
    without times and heads of the audit trail, `cohort.tsv` without the column audit_head, trails by name alone."""
    found = {}
    for path in sorted(output.rglob("*")):
        if not path.is_file():
            continue
        name = str(path.relative_to(output))
        if name.startswith("audit/"):
            found[name] = None
        elif name.endswith(".html"):
            page = path.read_text()
            for pattern, replacement in MOMENTS:
                page = re.sub(pattern, replacement, page)
            found[name] = page
        elif name == "cohort.tsv":
            with path.open(newline="") as file:
                rows = list(csv.DictReader(file, delimiter="\t"))
            found[name] = [{key: value for key, value in row.items() if key != "audit_head"} for row in rows]
        else:
            found[name] = path.read_bytes()
    return found


def assert_same(test, output):
    """Fails unless a folder holds the files of a single machine with the same bytes, and its trails can be verified."""
    found, wanted = contents(output), contents(FOLDER / "single/output")
    test.assertEqual(sorted(found), sorted(wanted))
    test.assertEqual([name for name in found if found[name] != wanted[name]], [], "files that differ")
    verified = subprocess.run([LESIONQC, "audit", "verify", output], capture_output=True, text=True, timeout=60)
    test.assertEqual(verified.returncode, 0, verified.stdout + verified.stderr)
    test.assertNotIn("older", verified.stdout)
