"""Which libraries a program loaded, from the logs of LD_DEBUG=libs: nothing but its own and glibc may be among them.

loaded.py LOGS OWN    the folder of the logs (loaded.PID), and the folder of the program's own libraries
"""

import os
import re
import sys
from pathlib import Path

from elf import GLIBC


def loaded(logs):
    """The paths of every library that was loaded, without `..`."""
    told = "".join(path.read_text(errors="replace") for path in Path(logs).glob("loaded.*"))
    return {os.path.normpath(path) for path in re.findall(r"calling init: (\S+)", told)}


def parted(paths, own):
    """(own, glibc's, foreign) of paths: those in the folder `own`, those of glibc by name, the rest."""
    inside = {path for path in paths if Path(path).parent == Path(own)}
    glibc = {path for path in paths - inside if GLIBC.fullmatch(Path(path).name)}
    return inside, glibc, paths - inside - glibc


def main(logs, own):
    """Says how many were loaded from where; exit code 1 when one is foreign or when the log shows no network."""
    inside, glibc, foreign = parted(loaded(logs), own)
    if foreign or not any(Path(path).name.startswith("libdnnl") for path in inside):
        sys.exit("dist: loaded from outside the archive: " + (", ".join(sorted(foreign)) or "everything"))
    print(f"dist: {len(inside)} libraries loaded from the archive, {len(glibc)} of glibc, no other")


if __name__ == "__main__":
    main(*sys.argv[1:])
