"""All rules of this folder on a checkout: one line per fault, exit code 1 when there is one.

    python3 tools/lint/run.py [--count]

`--count` gives the number of faults of each rule instead of the faults.
"""

import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parent))
import conversions
import folders
import links
import sizes
import snippets
import versions
from swift_source import sources


def main(arguments):
    """Runs every rule; returns the exit code."""
    root = Path(".")
    found = 0
    for rule in (folders, sizes, conversions, versions, snippets, links):
        faults = rule.faults(root)
        found += len(faults)
        for line in [f"{rule.__name__}: {len(faults)} faults"] if "--count" in arguments else faults:
            print(line)
    print(sizes.figures(sources(root / "Sources")))
    if found:
        print(f"lint: {found} faults", file=sys.stderr)
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
