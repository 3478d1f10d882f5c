"""What programs and libraries ask of the machine they run on, and where they look for each other."""

import re
import subprocess
from pathlib import Path

# The names of what glibc itself brings, on every Linux that has one.
GLIBC = re.compile(r"(ld-linux-x86-64|libc|libm|libpthread|libdl|librt)\.so\.\d")


def _output(*command):
    return subprocess.run(command, check=True, capture_output=True, text=True).stdout


def libraries(program):
    """Every library that the loader takes for a program on this machine, but itself and the kernel's: name → path."""
    found = {}
    for line in _output("ldd", program).splitlines():
        name, arrow, rest = line.strip().partition(" => ")
        if not arrow:
            continue
        path = rest.rsplit(" (", 1)[0]
        if path == "not found":
            raise SystemExit(f"dist: {program} needs {name}, which this machine does not have")
        found[name] = Path(path)
    return found


def glibc(path):
    """The newest version of glibc whose symbols a file asks for, as (major, minor)."""
    asked = re.findall(r"Name: GLIBC_(\d+)\.(\d+)", _output("readelf", "-W", "-V", path))
    return max(((int(major), int(minor)) for major, minor in asked), default=(2, 0))


def search_path(path):
    """(kind, path) of the run path that a file holds, kind being RPATH or RUNPATH; None where there is none."""
    found = re.search(r"\((RPATH|RUNPATH)\).*\[(.*?)\]", _output("readelf", "-W", "-d", path))
    return found and found.groups()


def set_search_path(path, folder):
    """Makes a file look for what it needs in one folder, before LD_LIBRARY_PATH (which clusters' modules set) is asked.

    That is what RPATH does and RUNPATH does not; libraries without either are found by the RPATH of the program.
    """
    subprocess.run(["patchelf", "--force-rpath", "--set-rpath", folder, path], check=True)


def strip(path):
    """Leaves out symbols that only a debugger reads."""
    subprocess.run(["strip", "--strip-all", path], check=True)
