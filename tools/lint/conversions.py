"""What ends or holds the process when a file is not as expected: `Int(x)` of a number with a fraction, `try!`, `as!`,
files that are read without a limit, and `precondition` or `fatalError` where files and options are read.

`Int(x)` traps when `x` is not finite or does not fit, and numbers come from files and options. `Int(saturating:)`
(Statistics) is the one way from a number with a fraction to a whole one, and `Int(exactly:)` where there must be none.
A rule that reads text cannot know the type of a name; it knows what only numbers with a fraction look like. What it
takes for one and is none stands in allowed-conversions.txt, with the reason.
"""

import re
import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parent))
from swift_source import sources

HERE = Path(__file__).parent
CONVERSION = re.compile(r"(?<![\w.])(U?Int(?:8|16|32|64)?)\(")
FRACTION = re.compile(
    r"\.rounded\(|(?<!\w)(?:Double|Float|floor|ceil|round|trunc|sqrt|log|log2|log10|exp|pow)\(|\.squareRoot\(|\d\.\d"
    r"|\s[*/]\s"
)
FORCED = re.compile(r"(?<!\w)(try!|as!|(?:Data|String)\(contentsOf:|FileHandle\(forReadingFrom:)")
ENDING = re.compile(r"(?<!\w)(precondition|preconditionFailure|assert|assertionFailure|fatalError)\(")
# Where bytes of files and options of commands arrive. Elsewhere a precondition is a contract between functions.
READERS = (
    "Archive",
    "AuditTrail",
    "Checkpoints",
    "Digests",
    "Files",
    "JSON",
    "Models",
    "PageLint",
    "QualityControl",
    "Results",
    "Volumes/Files",
    "Volumes/Masks",
    "Volumes/NIfTI",
    "lesionqc",
)


def argument(code, start):
    """The text between an opening parenthesis, which ends at `start`, and the one that closes it."""
    depth, at = 1, start
    while at < len(code) and depth:
        depth += (code[at] == "(") - (code[at] == ")")
        at += 1
    return code[start : at - 1]


def conversions(source):
    """Every conversion of a file without a label whose argument looks like a number with a fraction."""
    for match in CONVERSION.finditer(source.code):
        text = argument(source.code, match.end())
        if re.match(r"\s*\w+:(?!:)", text) or text.endswith(".bitPattern"):
            continue
        # What stands in brackets is the place of an element, not its value.
        if not FRACTION.search(re.sub(r"\[[^\[\]]*\]", "[]", text)):
            continue
        yield source.code.count("\n", 0, match.start()) + 1, f"{match.group(1)}({' '.join(text.split())})"


def forced(source):
    """Every `try!` and `as!`, which a file may make fail, every read that a pipe or a size can hold up, and every
    end of the process where files and options are read."""
    patterns = [FORCED] + [ENDING] * any(f"Sources/{reader}/" in str(source.path) for reader in READERS)
    for match in (match for pattern in patterns for match in pattern.finditer(source.code)):
        yield source.code.count("\n", 0, match.start()) + 1, match.group(1)


def read_allowed(text):
    """Conversions that are none of a number with a fraction: `file: expression`, with a reason after `#`."""
    lines = (line.split(" # ")[0].strip() for line in text.splitlines() if line.strip() and line[0] != "#")
    return {tuple(part.strip() for part in line.split(": ", 1)) for line in lines}


def file_faults(files, allowed):
    """Faults of these files, and entries of the allowed ones that nothing uses any more."""
    used = set()
    for source in files:
        for line, text in conversions(source):
            key = (source.path.name, text)
            if key in allowed:
                used.add(key)
            else:
                yield f"{source.path}:{line}: {text} may trap; write {text.split('(')[0]}(saturating:) or (exactly:)"
        for line, text in forced(source):
            if (source.path.name, text) in allowed:
                used.add((source.path.name, text))
            else:
                remedy = "read by SmallFile" if ":" in text else "throw instead"
                yield f"{source.path}:{line}: {text} ends or holds the process when a file is not as expected; {remedy}"
    for name, text in sorted(allowed - used):
        yield f"allowed-conversions.txt: {name}: {text} is not there"


def faults(root):
    """Everything that this rule finds in a checkout."""
    return list(file_faults(sources(root / "Sources"), read_allowed((HERE / "allowed-conversions.txt").read_text())))
