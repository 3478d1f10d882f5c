"""The archive: a tar.gz whose bytes depend on its files alone."""

import gzip
import io
import tarfile

from content import File


def _entry(name, mode, seconds, size=0, kind=tarfile.REGTYPE):
    entry = tarfile.TarInfo(name)
    entry.mode, entry.mtime, entry.size, entry.type = mode, seconds, size, kind
    entry.uname = entry.gname = "root"
    return entry


def write(path, folder, files, seconds):
    """Writes files (path → File) and their folders into one folder of the archive, sorted, of one time."""
    folders = {folder}
    for name in files:
        parts = name.split("/")[:-1]
        folders.update("/".join([folder, *parts[: count + 1]]) for count in range(len(parts)))
    entries = dict.fromkeys(folders) | {f"{folder}/{name}": file for name, file in files.items()}
    with (
        path.open("wb") as raw,
        # Neither name nor time in the head of the compressed stream, as `gzip -n` leaves them out.
        gzip.GzipFile(filename="", mode="wb", fileobj=raw, mtime=0, compresslevel=6) as packed,
        tarfile.open(mode="w", fileobj=packed, format=tarfile.USTAR_FORMAT) as archive,
    ):
        for name, file in sorted(entries.items()):
            if isinstance(file, File):
                mode = 0o755 if file.executable else 0o644
                archive.addfile(_entry(name, mode, seconds, len(file.data)), io.BytesIO(file.data))
            else:
                archive.addfile(_entry(name, 0o755, seconds, kind=tarfile.DIRTYPE))
