"""Where everything that is packed comes from: version, licence as an SPDX expression, the texts that go with it."""

import json
import re
import subprocess
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import quote

HERE = Path(__file__).parent
SWIFT_LICENCE = "Apache-2.0 WITH Swift-exception"
GCC_LICENCE = "GPL-3.0-or-later WITH GCC-exception-3.1"
# The licence of what is packed of each Debian package; parts under other ones are named in its copyright file.
DEBIAN = {
    "libdnnl2": "Apache-2.0",
    "libgcc-s1": GCC_LICENCE,
    "libgomp1": GCC_LICENCE,
    "libpng16-16": "libpng-2.0",
    "libssl3": "Apache-2.0",
    "libstdc++6": GCC_LICENCE,
    "ocl-icd-libopencl1": "BSD-2-Clause",
    "zlib1g": "Zlib",
}
PACKAGES = {"swift-argument-parser": SWIFT_LICENCE, "swift-mustache": "Apache-2.0"}
ICU = "lib_FoundationICU.so"


@dataclass
class Component:
    """A part of the archive that somebody made.

    - texts: (name, path) of its licences.
    - libraries: the paths that it is copied from, none when it is compiled in.
    """

    name: str
    version: str
    licence: str
    origin: str
    purl: str
    texts: list
    supplier: str = "NOASSERTION"
    libraries: list = field(default_factory=list)


def _dpkg(*arguments):
    found = subprocess.run(["dpkg-query", *arguments], capture_output=True, text=True)
    return found.stdout if found.returncode == 0 else None


def debian_package(library):
    """The Debian package that owns a file, or None. Packages name /lib or /usr/lib, which are one folder."""
    path = str(Path(library).resolve())
    for name in (path, path.removeprefix("/usr"), "/usr" + path):
        owner = _dpkg("-S", name)
        if owner:
            return owner.split(":")[0]
    return None


def _debian(package, libraries):
    if package not in DEBIAN:
        raise SystemExit(f"dist: {libraries[0]} belongs to {package}: name its licence in tools/dist/components.py")
    form = "${Version}\n${Architecture}\n${Homepage}\n${Maintainer}"
    version, architecture, home, maintainer = _dpkg("-W", "-f", form, package).splitlines()
    copyright_file = Path("/usr/share/doc", package, "copyright").resolve()
    named = set(re.findall(r"/usr/share/common-licenses/([A-Za-z0-9.-]*[A-Za-z0-9])", copyright_file.read_text()))
    texts = [("copyright", copyright_file)]
    texts += [(name, Path("/usr/share/common-licenses", name).resolve()) for name in sorted(named)]
    return Component(
        name=package,
        version=version,
        licence=DEBIAN[package],
        origin=home or "NOASSERTION",
        purl=f"pkg:deb/debian/{quote(package)}@{quote(version)}?arch={architecture}",
        texts=texts,
        supplier=f"Organization: {maintainer.replace('<', '(').replace('>', ')')}",
        libraries=libraries,
    )


def _swift(libraries):
    """The runtime and Foundation of the toolchain, and apart from them the ICU that Foundation brings."""
    toolchain = libraries[0].resolve().parents[3]
    compiler = subprocess.run([toolchain / "bin/swiftc", "--version"], check=True, capture_output=True, text=True)
    version = re.search(r"Swift version (\S+)", compiler.stdout).group(1)
    text = ("LICENSE.txt", toolchain / "share/swift/LICENSE.txt")
    icu = [library for library in libraries if library.name == ICU]
    purl = "pkg:github/swiftlang/{}@swift-" + version + "-RELEASE"
    yield Component(
        name="swift-runtime",
        version=version,
        licence=SWIFT_LICENCE,
        origin="https://www.swift.org",
        purl=purl.format("swift"),
        texts=[text],
        libraries=[library for library in libraries if library.name != ICU],
    )
    if icu:
        yield Component(
            name="swift-foundation-icu",
            version=version,
            licence=f"{SWIFT_LICENCE} AND Unicode-3.0",
            origin="https://github.com/swiftlang/swift-foundation-icu",
            purl=purl.format("swift-foundation-icu"),
            texts=[text, ("Unicode-3.0.txt", HERE / "licences/Unicode-3.0.txt")],
            libraries=icu,
        )


def compiled_in(checkout):
    """The Swift packages that the program was built with, as Package.resolved pins them."""
    for pin in json.loads((checkout / "Package.resolved").read_text())["pins"]:
        name, version = pin["identity"], pin["state"]["version"]
        if name not in PACKAGES:
            raise SystemExit(f"dist: name the licence of {name} in tools/dist/components.py")
        repository = pin["location"].removesuffix(".git")
        yield Component(
            name=name,
            version=version,
            licence=PACKAGES[name],
            origin=repository,
            purl=f"pkg:github/{repository.removeprefix('https://github.com/')}@{version}",
            texts=[("LICENSE.txt", checkout / ".build/checkouts" / name / "LICENSE.txt")],
        )


def of_libraries(libraries):
    """The components of a program's libraries (name → path), glibc's left out: those are the machine's own."""
    swift = next((path.resolve().parent for name, path in libraries.items() if name == "libswiftCore.so"), None)
    owners = {}
    for path in libraries.values():
        owner = "swift" if path.resolve().parent == swift else debian_package(path)
        if owner is None:
            raise SystemExit(f"dist: {path} belongs neither to a Debian package nor to the Swift toolchain")
        owners.setdefault(owner, []).append(path)
    owners.pop("libc6", None)
    found = list(_swift(owners.pop("swift"))) if "swift" in owners else []
    return found + [_debian(package, paths) for package, paths in sorted(owners.items())]
