"""Limits on what a reader has to take in at once: lines, files, parameters; and on what a library may say."""

import re
import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parent))
from package import Package
from swift_source import SwiftSource, sources

HERE = Path(__file__).parent
LINE_LENGTH = 120
FILE_LINES = 350
PARAMETERS = 8
SMALL_FILE_LINES = 40
SMALL_FILES = 60


def long_lines(files):
    """Lines of more than 120 characters, comments and texts included, which swift format leaves as they are."""
    for source in files:
        for number, line in enumerate(source.lines, 1):
            if len(line) > LINE_LENGTH:
                yield f"{source.path}:{number}: {len(line)} characters, the limit is {LINE_LENGTH}"


def long_files(files):
    """Files that have grown beyond one duty."""
    for source in files:
        if len(source.lines) > FILE_LINES:
            yield f"{source.path}: {len(source.lines)} lines, the limit is {FILE_LINES}"


def many_parameters(files):
    """Functions and initialisers that take a type's worth of parameters."""
    for source in files:
        for function in source.functions:
            if function.parameters > PARAMETERS:
                yield (
                    f"{source.path}:{function.line}: {function.name} has {function.parameters} parameters, "
                    f"the limit is {PARAMETERS}"
                )


def named_flags(files, allowed):
    """Options of a command line named in a text of a library: only `lesionqc` knows that there is a command line."""
    for source in files:
        for line, text in source.literals:
            for flag in re.findall(r"(?<![\w-])--[a-z][a-z-]*", text):
                if flag not in allowed:
                    yield f"{source.path}:{line}: names the option {flag}; only the program knows its options"


def read_allowed_flags(text):
    """Flags that belong to other programs, or to no program, each with its reason."""
    return {line.split()[0] for line in text.splitlines() if line.strip() and not line.startswith("#")}


def small_files(files):
    """More files under 40 lines than a reader wants to open."""
    small = [source for source in files if len(source.lines) < SMALL_FILE_LINES]
    if len(small) > SMALL_FILES:
        yield f"{len(small)} files of fewer than {SMALL_FILE_LINES} lines, the limit is {SMALL_FILES}"


def figures(files):
    """One line about the sizes as they are."""
    lengths = sorted(len(source.lines) for source in files)
    small = sum(length < SMALL_FILE_LINES for length in lengths)
    return (
        f"Sources: {len(lengths)} Swift files, {sum(lengths):,} lines, "
        f"median {lengths[len(lengths) // 2]}, longest {lengths[-1]}, "
        f"{small} under {SMALL_FILE_LINES} (limit {SMALL_FILES})"
    )


def faults(root):
    """Everything that these rules find in a checkout."""
    product = sources(root / "Sources")
    tests = sources(root / "Tests")
    package = Package.read(root / "Package.swift")
    programs = {target.name for target in package.targets if target.kind == "executableTarget"}
    libraries = [source for source in product if source.path.relative_to(root / "Sources").parts[0] not in programs]
    allowed = read_allowed_flags((HERE / "allowed-flags.txt").read_text())
    manifest = [SwiftSource(root / "Package.swift")]
    return [
        *long_lines(product + tests + manifest),
        *long_files(product),
        *many_parameters(product),
        *named_flags(libraries, allowed),
        *small_files(product),
    ]
