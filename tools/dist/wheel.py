"""The wheel: the program as a script, its libraries and templates as data of the environment, no Python.

A wheel is a zip with METADATA, WHEEL and RECORD (packaging.python.org, "Binary distribution format"). What lies in
`NAME.data/scripts` goes to the environment's bin, `NAME.data/data` to its root, where the program finds
`../lib/lesionqc` and `../share/lesionqc`.
"""

import base64
import hashlib
import re
import time
import zipfile

from content import PROGRAM, File

SUMMARY = (
    "Quality control of multiple sclerosis lesion segmentation: saliency maps, a review order, one report per patient"
)


def version_of(version):
    """A version as Python spells it: 1.2.0-dev becomes 1.2.0.dev0."""
    return re.sub(r"-dev$", ".dev0", version)


def file_name(name, version, tag):
    """The file name of a wheel for one platform, whatever the Python."""
    return f"{name}-{version_of(version)}-py3-none-{tag}.whl"


def _metadata(name, version, expression, texts, readme):
    lines = [
        "Metadata-Version: 2.4",
        f"Name: {name}",
        f"Version: {version}",
        f"Summary: {SUMMARY}",
        f"License-Expression: {expression}",
        *[f"License-File: {path}" for path in texts],
        "Classifier: Operating System :: POSIX :: Linux",
        "Requires-Python: >=3.8",
        "Description-Content-Type: text/markdown",
    ]
    return "\n".join(lines).encode() + b"\n\n" + readme


def _place(path, name):
    """Where a file of the archive goes in the wheel; None for what the wheel has no place for."""
    data, info = f"{name}.data", f"{name}.dist-info"
    if path == PROGRAM:
        return f"{data}/scripts/{path.removeprefix('bin/')}"
    if path.startswith(("lib/", "share/")):
        return f"{data}/data/{path}"
    if path.startswith("licences/") or path in ("LICENSE", "NOTICE"):
        return f"{info}/licenses/{path}"
    if path.endswith(".spdx.json"):
        return f"{info}/sboms/{path}"
    return None


def _record(files, own):
    lines = []
    for path, file in sorted(files.items()):
        digest = base64.urlsafe_b64encode(hashlib.sha256(file.data).digest()).rstrip(b"=").decode()
        lines.append(f"{path},sha256={digest},{len(file.data)}\n")
    return "".join([*lines, f"{own},,\n"]).encode()


def write(path, name, version, tag, expression, files, seconds):
    """Writes the wheel of the archive's files (path → File) for a platform.

    - expression: the licences of everything in it, as an SPDX expression.
    """
    version = version_of(version)
    whole = f"{name}-{version}"
    placed = {place: file for source, file in files.items() if (place := _place(source, whole))}
    mark = f"{whole}.dist-info/licenses/"
    texts = sorted(place.removeprefix(mark) for place in placed if place.startswith(mark))
    info = f"{whole}.dist-info"
    about = f"Wheel-Version: 1.0\nGenerator: {name}-tools-dist\nRoot-Is-Purelib: false\nTag: py3-none-{tag}\n"
    readme = files["README.md"].data
    placed[f"{info}/METADATA"] = File(_metadata(name, version, expression, texts, readme))
    placed[f"{info}/WHEEL"] = File(about.encode())
    record = f"{info}/RECORD"
    ordered = [*sorted(placed.items()), (record, File(_record(placed, record)))]
    # Zip knows no year before 1980.
    moment = time.gmtime(max(seconds, 315_532_800))[:6]
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED, compresslevel=6) as wheel:
        for place, file in ordered:
            entry = zipfile.ZipInfo(place, moment)
            entry.external_attr = (0o100755 if file.executable else 0o100644) << 16
            entry.compress_type = zipfile.ZIP_DEFLATED
            wheel.writestr(entry, file.data)
