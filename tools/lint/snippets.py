"""Examples in documentation catalogues are, character for character, files that a test compiles and runs.

A fenced block of Swift in a `Sources/**/*.docc/*.md` names its file in the line above: `<!-- Tests/…/Name.swift -->`.
What the block shows is what stands in that file between `// snippet` and `// end of snippet`, less the indentation.
"""

import re
import textwrap
from pathlib import Path

BLOCK = re.compile(r"(?:<!-- (\S+) -->\n)?```swift\n(.*?)```", flags=re.DOTALL)


def snippet(text):
    """The part of a Swift file between its two marks, or None."""
    found = re.search(r"^ *// snippet\n(.*?)^ *// end of snippet$", text, flags=re.DOTALL | re.MULTILINE)
    return textwrap.dedent(found.group(1)) if found else None


def catalogue_faults(page, text, read):
    """What is wrong with the examples of one page; `read` gives the text of a file, or None where there is none."""
    for named, shown in BLOCK.findall(text):
        if not named:
            yield f"{page}: an example without the name of the file that tests it"
        elif read(named) is None:
            yield f"{page}: {named} is not there"
        elif snippet(read(named)) != shown:
            yield f"{page}: the example is not the snippet of {named}"


def faults(root):
    """Everything that this rule finds in a checkout."""

    def read(name):
        path = root / name
        return path.read_text() if path.is_file() else None

    return [
        fault
        for page in sorted(Path(root / "Sources").glob("**/*.docc/*.md"))
        for fault in catalogue_faults(page, page.read_text(), read)
    ]
