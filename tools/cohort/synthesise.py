"""Makes a data set and an output folder of thousands of patients out of one, to see how long the group level takes.

synthesise.py BIDS_DIR OUTPUT_DIR PATIENT COUNT TARGET

TARGET/bids and TARGET/out hold COUNT patients sub-00001, sub-00002, … with the images, masks, results and report of
PATIENT (`sub-01`): what names the patient is written again, with a trail that verifies; everything else is a hard link.
"""

import hashlib
import json
import os
import sys
from pathlib import Path


def copy_tree(source, target, old, new):
    """Files of a folder under the new name: JSON written again, the rest linked. Returns the digests of the written."""
    written = {}
    for file in sorted(source.rglob("*")):
        if not file.is_file():
            continue
        place = target / str(file.relative_to(source)).replace(old, new)
        place.parent.mkdir(parents=True, exist_ok=True)
        if file.suffix == ".json":
            content = file.read_bytes().replace(old.encode(), new.encode())
            place.write_bytes(content)
            written[place.name] = (hashlib.sha256(content).hexdigest(), len(content))
        else:
            os.link(file, place)
    return written


def trail(lines, old, new, written):
    """The records of a trail under the new name, chained again (docs/decisions/0003)."""
    head, result = "0" * 64, []
    for line in lines:
        record = json.loads(line.replace(old, new))
        del record["hash"]
        record["previousHash"] = head
        for output in record["details"].get("outputs", []):
            name = output["file"].rsplit("/", 1)[-1]
            if name in written:
                output["sha256"], output["bytes"] = written[name]
                if name.endswith("_results.json"):
                    record["details"]["reportId"] = output["sha256"]
        rest = json.dumps(record, sort_keys=True, separators=(",", ":"), ensure_ascii=False)[1:]
        head = hashlib.sha256(rest.encode()).hexdigest()
        result.append(f'{{"hash":"{head}",{rest}\n')
    return "".join(result)


def main():
    bids, output, patient, count, target = (
        Path(sys.argv[1]),
        Path(sys.argv[2]),
        sys.argv[3],
        int(sys.argv[4]),
        Path(sys.argv[5]),
    )
    (target / "out/audit").mkdir(parents=True)
    lines = [line for line in (output / f"audit/{patient}.jsonl").read_text().splitlines() if line]
    os.link(output / "dataset_description.json", target / "out/dataset_description.json")
    for number in range(1, count + 1):
        name = f"sub-{number:05d}"
        copy_tree(bids / patient, target / "bids" / name, patient, name)
        written = copy_tree(output / patient, target / "out" / name, patient, name)
        os.link(output / f"{patient}.html", target / f"out/{name}.html")
        (target / f"out/audit/{name}.jsonl").write_text(trail(lines, patient, name, written))


if __name__ == "__main__":
    main()
