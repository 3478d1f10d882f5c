"""Packs the built program as an archive and as a wheel.

    python3 tools/dist/make.py LESIONQC CHECKOUT OUT

LESIONQC is a built program; CHECKOUT holds the Package.resolved and the .build/checkouts that it was built with.
Everything in the two is of the time SOURCE_DATE_EPOCH, by default that of the last commit, so that the same files make
the same bytes.
"""

import os
import platform
import subprocess
import sys
from pathlib import Path

import archive
import components
import content
import elf
import sbom
import wheel

NAME = "lesionqc"


def version_of(program):
    """The version that the program states itself."""
    told = subprocess.run([program, "--version"], check=True, capture_output=True, text=True).stdout
    return told.split()[1]


def time_of_files():
    """Seconds since 1970 that every file is given."""
    if given := os.environ.get("SOURCE_DATE_EPOCH"):
        return int(given)
    last = subprocess.run(["git", "log", "-1", "--format=%ct"], capture_output=True, text=True)
    if last.returncode:
        raise SystemExit("dist: no commit to take the time of the files from; set SOURCE_DATE_EPOCH")
    return int(last.stdout)


def expression_of(parts):
    """The licences of the components, of the program and of its sample data as one expression."""
    single = {part for component in parts for part in component.licence.split(" AND ")}
    return " AND ".join(sorted(single | {"Apache-2.0", "CC-BY-4.0", "CC0-1.0"}))


def main(program, checkout, out):
    """Writes the two files and their digests; prints their paths and sizes."""
    version, seconds = version_of(program), time_of_files()
    parts = [*components.compiled_in(checkout), *components.of_libraries(elf.libraries(program))]
    files = content.binaries(program, parts) | content.shared()
    glibc = max(elf.glibc(path) for path in [program, *[path for part in parts for path in part.libraries]])
    bill = sbom.document(NAME, version, parts, files, seconds)
    readme = (Path(__file__).parent / "README.md.in").read_text()
    readme = readme.replace("@VERSION@", version).replace("@GLIBC@", "{}.{}".format(*glibc))
    files |= content.licences(parts)
    files |= {"README.md": content.File(readme.encode()), f"{NAME}.spdx.json": content.File(bill)}
    files |= {"SHA256SUMS": content.File(content.sums(files))}

    out.mkdir(parents=True, exist_ok=True)
    folder = f"{NAME}-{version}-linux-{platform.machine()}"
    packed = out / f"{folder}.tar.gz"
    archive.write(packed, folder, files, seconds)
    tag = "manylinux_{}_{}_{}".format(*glibc, platform.machine())
    installed = out / wheel.file_name(NAME, version, tag)
    wheel.write(installed, NAME, version, tag, expression_of(parts), files, seconds)
    made = {path.name: content.File(path.read_bytes()) for path in (packed, installed)}
    (out / "SHA256SUMS").write_bytes(content.sums(made))
    for name, file in made.items():
        print(f"dist: {out / name}, {len(file.data) / 1e6:.0f} MB")


if __name__ == "__main__":
    if len(sys.argv) != 4:
        sys.exit("usage: make.py LESIONQC CHECKOUT OUT")
    main(*map(Path, sys.argv[1:]))
