"""One version, and every direct dependency pinned and named: Package.swift, Software.swift, CITATION.cff and
CHANGELOG.md agree."""

import re
import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parent))
from package import Package
from swift_source import sources

SOFTWARE = "Sources/Software/Software.swift"


def dependency_faults(package, software):
    """Packages without an exact version, and packages that Software.swift names otherwise or not at all."""
    faults = [f"Package.swift: {name} is not pinned by exact:" for name in package.unpinned]
    listed = re.search(r"packages:[^=]*= \[(.*?)\n  \]", software, flags=re.DOTALL)
    named = dict(re.findall(r'\("([^"]+)", "([^"]+)"\)', listed.group(1) if listed else ""))
    for name in sorted(package.pins.keys() | named.keys()):
        if package.pins.get(name) != named.get(name):
            faults.append(f"{SOFTWARE}: {name} {named.get(name)}, in Package.swift {package.pins.get(name)}")
    return faults


def version_of(software):
    """The version that Software.swift states, or None."""
    found = re.search(r'static let version = "([^"]+)"', software)
    return found.group(1) if found else None


def version_faults(software, citation, changelog):
    """A citation with another version, or a changelog that begins with neither "Unreleased" nor this version."""
    version = version_of(software)
    if version is None:
        return [f"{SOFTWARE}: states no version"]
    faults = []
    cited = re.search(r"^version: *(\S+)", citation, flags=re.MULTILINE)
    if not cited or cited.group(1) != version:
        faults.append(f"CITATION.cff: version {cited and cited.group(1)}, {SOFTWARE} says {version}")
    first = re.search(r"^## +(\S+)", changelog, flags=re.MULTILINE)
    if not first or first.group(1) not in ("Unreleased", version):
        faults.append(f"CHANGELOG.md: begins with {first and first.group(1)}, neither Unreleased nor {version}")
    return faults


def second_places(files, version):
    """Other files of the product that state the version in a text."""
    for source in files:
        for line, text in source.literals:
            if (
                version
                and re.search(rf"(?<![\d.]){re.escape(version)}(?![\d.])", text)
                and not str(source.path).endswith(SOFTWARE)
            ):
                yield f"{source.path}:{line}: states the version {version}, whose one place is {SOFTWARE}"


def faults(root):
    """Everything that this rule finds in a checkout."""
    software = (root / SOFTWARE).read_text()
    return [
        *dependency_faults(Package.read(root / "Package.swift"), software),
        *version_faults(software, (root / "CITATION.cff").read_text(), (root / "CHANGELOG.md").read_text()),
        *second_places(sources(root / "Sources"), version_of(software)),
    ]
