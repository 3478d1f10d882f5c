"""What is packed, path by path as it lies under the unpacked folder: the archive and the wheel hold the same files."""

import hashlib
import tempfile
from dataclasses import dataclass
from pathlib import Path
from shutil import copyfile

import elf

PROGRAM = "bin/lesionqc"
LIBRARIES = "lib/lesionqc"
SHARED = "share/lesionqc"
# One patient and one model, so that a newcomer can try the program (docs/decisions/0084).
SAMPLES = [
    "README",
    "dataset_description.json",
    "sub-01",
    "derivatives/truth/dataset_description.json",
    "derivatives/truth/sub-01",
    "models/unet",
]


@dataclass(frozen=True)
class File:
    """The bytes of a file, and whether it is a program."""

    data: bytes
    executable: bool = False

    def digest(self, algorithm="sha256"):
        """The digest in hexadecimal digits."""
        return hashlib.new(algorithm, self.data).hexdigest()


def _tree(source, place):
    """Every file of a folder, or the one file that is named."""
    if source.is_file():
        return {place: File(source.read_bytes())}
    return {
        f"{place}/{path.relative_to(source)}": File(path.read_bytes())
        for path in sorted(source.rglob("*"))
        if path.is_file()
    }


def _moved(source, folder, alter):
    """A program or library as `alter` leaves a copy of it."""
    copy = Path(folder, source.name)
    copyfile(source, copy)
    copy.chmod(0o700)
    alter(copy)
    return copy.read_bytes()


def _own_folder(library):
    if elf.search_path(library):
        elf.set_search_path(library, "$ORIGIN")


def _beside(program):
    elf.strip(program)
    elf.set_search_path(program, "$ORIGIN/../" + LIBRARIES)


def binaries(program, components):
    """The program and its libraries, which find each other wherever they are unpacked; path → File."""
    found = {}
    with tempfile.TemporaryDirectory() as folder:
        found[PROGRAM] = File(_moved(program, folder, _beside), executable=True)
        for component in components:
            for library in component.libraries:
                found[f"{LIBRARIES}/{library.name}"] = File(_moved(library, folder, _own_folder))
    return found


def licences(components):
    """The licence texts of everything that is packed, a folder for each component."""
    found = {"LICENSE": File(Path("LICENSE").read_bytes()), "NOTICE": File(Path("NOTICE").read_bytes())}
    for component in components:
        for name, path in component.texts:
            found[f"licences/{component.name}/{name}"] = File(path.read_bytes())
    return found


def shared():
    """Templates, and what there is to try the program with."""
    found = _tree(Path("templates"), f"{SHARED}/templates")
    for name in SAMPLES:
        found |= _tree(Path("sample-data", name), f"{SHARED}/sample-data/{name}")
    return found


def sums(files):
    """The lines of `sha256sum` for files by path."""
    return "".join(f"{file.digest()}  {path}\n" for path, file in sorted(files.items())).encode()
