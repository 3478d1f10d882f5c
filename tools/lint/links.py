"""Documents point at what is there: links, and paths in code spans that begin with a folder of the checkout or a
target."""

import re
import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parent))
from package import Package

FOLDERS = ("Sources", "Tests", "Benchmarks", "docs", "sample-data", "templates", "tools")
LINK = re.compile(r"\]\(([^)#\s]+)(?:#[^)]*)?\)")
SPAN = re.compile(r"(?<!`)`([\w.+-]+(?:/[\w.+-]+)+)/?`(?!`)")


def targets_of(text, targets):
    """What a document points at: links beside it, and paths from the root."""
    for link in LINK.findall(text):
        if not re.match(r"[a-z]+:", link):
            yield link, False
    for path in SPAN.findall(text):
        first = path.split("/", 1)[0]
        if first in FOLDERS:
            yield path, True
        elif first in targets:
            yield f"Sources/{path}", True


def document_faults(page, text, targets, exists):
    """Links and paths of one document that lead nowhere; `exists` takes a path from the root."""
    for path, from_root in targets_of(text, targets):
        place = Path(path) if from_root else page.parent / path
        if not exists(place):
            yield f"{page}: {path} is not there"


def faults(root):
    """Everything that this rule finds in a checkout."""
    targets = {target.name for target in Package.read(root / "Package.swift").targets}
    pages = [
        *root.glob("*.md"),
        *(page for folder in ("docs", "sample-data", "tools") for page in root.glob(f"{folder}/**/*.md")),
    ]
    return [
        fault
        for page in sorted(pages)
        for fault in document_faults(
            page.relative_to(root), page.read_text(), targets, lambda place: (root / place).exists()
        )
    ]
