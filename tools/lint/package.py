"""What Package.swift says: targets in their order, what each depends on, and the pinned versions. Read as text, without
Swift."""

import re
from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True)
class Target:
    """One target of the package."""

    name: str
    kind: str  # target, executableTarget, testTarget or systemLibrary
    dependencies: tuple[str, ...]  # other targets
    products: tuple[str, ...]  # products of other packages
    path: str


@dataclass(frozen=True)
class Package:
    """The targets in the order of the file, and the version that each other package is pinned to."""

    targets: tuple[Target, ...]
    pins: dict[str, str]
    unpinned: tuple[str, ...]

    @classmethod
    def read(cls, path: Path):
        """The package that a Package.swift describes."""
        return cls.parse(path.read_text())

    @classmethod
    def parse(cls, text: str):
        """The package that the text of a Package.swift describes."""
        text = re.sub(r"^\s*//.*$", "", text, flags=re.MULTILINE)
        pins, unpinned = {}, []
        for url, rest in re.findall(r'\.package\(\s*url:\s*"([^"]+)"\s*,([^)]*)\)', text):
            name = url.rstrip("/").removesuffix(".git").rsplit("/", 1)[-1]
            exact = re.search(r'exact:\s*"([^"]+)"', rest)
            if exact:
                pins[name] = exact.group(1)
            else:
                unpinned.append(name)
        return cls(tuple(cls._targets(text)), pins, tuple(unpinned))

    @staticmethod
    def _targets(text):
        for match in re.finditer(r"\.(target|executableTarget|testTarget|systemLibrary)\s*\(", text):
            body = _balanced(text, match.end() - 1, "(", ")")
            name = re.search(r'name:\s*"([^"]+)"', body)
            if not name:
                continue
            listed = re.search(r"dependencies:\s*\[", body)
            dependencies = _balanced(body, listed.end() - 1, "[", "]") if listed else ""
            products = re.findall(r'\.product\(\s*name:\s*"([^"]+)"', dependencies)
            others = re.findall(r'"([^"]+)"', re.sub(r"\.product\([^)]*\)", "", dependencies))
            path = re.search(r'path:\s*"([^"]+)"', body)
            root = "Tests" if match.group(1) == "testTarget" else "Sources"
            place = path.group(1) if path else f"{root}/{name.group(1)}"
            yield Target(name.group(1), match.group(1), tuple(others), tuple(products), place)


def _balanced(text, start, opening, closing):
    """The text between a bracket and the one that closes it."""
    depth = 0
    for index in range(start, len(text)):
        depth += (text[index] == opening) - (text[index] == closing)
        if depth == 0:
            return text[start + 1 : index]
    return text[start + 1 :]
