"""Holds what the packed program wrote for a patient against what the built one wrote: the same bytes, but for times,
for the digests that follow from them, and for where the images lay.

    compare.py BUILT PACKED PROGRAM    two output folders, and the packed program whose digest the second must name
"""

import hashlib
import json
import re
import sys
from pathlib import Path


def records(folder):
    """Every record of every audit trail of a folder."""
    return [json.loads(line) for trail in sorted(folder.glob("audit/*.jsonl")) for line in trail.open(encoding="utf-8")]


def plain(value, key=""):
    """A record without what differs from run to run."""
    if isinstance(value, dict):
        page = str(value.get("file", "")).endswith(".html")
        left_out = {"time", "hash", "previousHash", "seconds", "build"} | ({"sha256"} if page else set())
        return {name: plain(item, name) for name, item in value.items() if name not in left_out}
    if isinstance(value, list):
        return [plain(item, key) for item in value]
    return Path(value).name if key in ("file", "folder") else value


def text(path, heads):
    """A page or table without the time of the run and the heads of the trail, which may be shortened."""
    words = re.sub(r"<time [^>]*>[^<]*</time>", "<time>", path.read_text(encoding="utf-8"))
    for head in heads:
        words = words.replace(head, "head").replace(head[:12], "head")
    return words


def listed(folder):
    """The paths of every file of a folder, trails left out."""
    paths = (path.relative_to(folder) for path in folder.rglob("*") if path.is_file())
    return sorted(path for path in paths if path.parts[0] != "audit")


def differences(built, packed):
    """What differs, a line each."""
    trails = [records(built), records(packed)]
    if [plain(record) for record in trails[0]] != [plain(record) for record in trails[1]]:
        yield "the audit trails"
    heads = [[record["hash"] for record in trail] for trail in trails]
    if listed(built) != listed(packed):
        yield f"the files: {set(listed(built)) ^ set(listed(packed))}"
        return
    for path in listed(built):
        one, other = built / path, packed / path
        if path.suffix in (".html", ".tsv"):
            same = text(one, heads[0]) == text(other, heads[1])
        else:
            same = one.read_bytes() == other.read_bytes()
        if not same:
            yield str(path)


def main(built, packed, program):
    """Prints what differs; exit code 1 when anything does."""
    found = list(differences(built, packed))
    builds = {record["details"]["software"]["build"] for record in records(packed)}
    if builds != {hashlib.sha256(program.read_bytes()).hexdigest()}:
        found.append(f"the packed program and the build that its trail names, {builds}")
    files = len(listed(packed))
    # A run that wrote nothing differs in nothing.
    if found or files < 10:
        sys.exit("dist: built and packed program differ in\n  " + "\n  ".join(found or [f"{files} files only"]))
    print(f"dist: built and packed program wrote the same {files} files and audit trail")


if __name__ == "__main__":
    main(*map(Path, sys.argv[1:]))
