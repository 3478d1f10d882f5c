"""Folders of a target use only what stands below them, and targets import only what stands above them in Package.swift.

folders.txt holds the order: `Target: Lowest Next … Top`. An entry is a folder or, for a file that lies in the target's
own folder, its name without `.swift`; `.` stands for the other files there. `Target/Folder: …` orders the folders
inside a folder.
"""

import sys
from collections import defaultdict
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parent))
from package import Package
from swift_source import TYPES, sources

HERE = Path(__file__).parent


def read_orders(text):
    """The orders that folders.txt states, by the place they are for."""
    orders = {}
    for line in text.splitlines():
        line = line.split("#", 1)[0].strip()
        if line:
            place, entries = line.split(":", 1)
            orders[place.strip()] = entries.split()
    return orders


def entry_of(source, folder, order):
    """The entry of an order that a file below a folder belongs to."""
    parts = source.path.relative_to(folder).parts
    if len(parts) > 1:
        return parts[0]
    return source.path.stem if source.path.stem in order else "."


def upward_uses(folder, order, everything):
    """What files below a folder use of entries that stand above their own.

    A type or a function counts by its name, unless an entry at or below the user's own declares that name too. A member
    that an extension adds counts where it is named after a dot, unless something else in the sources has its name.
    """
    rank = {entry: index for index, entry in enumerate(order)}
    own = [source for source in everything if source.path.is_relative_to(folder)]
    entries = {source: entry_of(source, folder, order) for source in own}
    faults = [
        f"{source.path}: '{entries[source]}' is not in the order of {folder} (folders.txt)"
        for source in own
        if entries[source] not in rank
    ]
    faults += [
        f"{folder}: folders.txt names '{entry}', which is not there" for entry in order if entry not in entries.values()
    ]
    own = [source for source in own if entries[source] in rank]

    declared, members = defaultdict(set), defaultdict(set)
    anywhere = defaultdict(set)
    for source in everything:
        for declaration in source.declarations:
            anywhere[declaration.name].add((entries.get(source, source.path), declaration.in_extension))
    for source in own:
        for declaration in source.declarations:
            if declaration.is_private:
                continue
            if not declaration.within:
                declared[declaration.name].add((rank[entries[source]], declaration.keyword))
            elif declaration.in_extension and declaration.keyword in ("func", "var", "let"):
                members[declaration.name].add(rank[entries[source]])

    for source in own:
        here, told = rank[entries[source]], set()
        for name, owner, line, dotted in source.names:
            if name in told:
                continue
            above = None
            if name in declared and (not dotted or owner == folder.name):
                ranks = declared[name]
                lowest = min(rank for rank, _ in ranks)
                is_type = any(keyword in TYPES for _, keyword in ranks)
                nested = {entry for entry, _ in anywhere[name] if entry in rank and rank[entry] <= here}
                if lowest > here and not nested and (is_type or len(anywhere[name]) == 1):
                    above = lowest
            elif dotted and name in members and len(anywhere[name]) == 1 and min(members[name]) > here:
                above = min(members[name])
            if above is not None:
                told.add(name)
                faults.append(
                    f"{source.path}:{line}: {order[here]} uses '{name}' of {order[above]}, which stands above it"
                )
    return faults


def folder_faults(root, orders):
    """Faults of every target that has folders, and of every further folder that has an order."""
    everything = sources(root)
    faults = []
    for target in sorted(path for path in root.iterdir() if path.is_dir()):
        has_folders = any(source.path.parent != target for source in everything if source.path.is_relative_to(target))
        if has_folders and target.name not in orders:
            faults.append(f"{target}: no order in folders.txt")
    for place, order in orders.items():
        if (root / place).is_dir():
            faults += upward_uses(root / place, order, everything)
        else:
            faults.append(f"folders.txt: {place} is not there")
    return faults


def import_faults(package, root):
    """Dependencies on later targets, imports that Package.swift does not know, and dependencies that nobody imports."""
    faults = []
    names = [target.name for target in package.targets]
    for index, target in enumerate(package.targets):
        for dependency in target.dependencies:
            if dependency not in names[:index]:
                faults.append(f"Package.swift: {target.name} depends on {dependency}, which does not stand above it")
        if target.kind in ("systemLibrary", "testTarget") or not (root / target.path).is_dir():
            continue
        imported = set()
        for source in sources(root / target.path):
            for module, line in source.imports:
                imported.add(module)
                if module in names and module not in target.dependencies:
                    faults.append(f"{source.path}:{line}: {target.name} imports {module}, on which it does not depend")
        is_swift = bool(sources(root / target.path))
        for dependency in target.dependencies + target.products if is_swift else ():
            if dependency not in imported:
                faults.append(f"Package.swift: {target.name} depends on {dependency} and imports it nowhere")
    return faults


def faults(root):
    """Everything that this rule finds in a checkout."""
    orders = read_orders((HERE / "folders.txt").read_text())
    return folder_faults(root / "Sources", orders) + import_faults(Package.read(root / "Package.swift"), root)
