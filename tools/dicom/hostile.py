"""Writes folders of hostile DICOM files, made of a sound series: hostile.py SERIES FOLDER"""

import pathlib
import struct
import sys

import pydicom

series, folder = map(pathlib.Path, sys.argv[1:])
files = sorted(series.glob("*.dcm"))
sound = files[0].read_bytes()
meta = sound[: sound.index(struct.pack("<HH", 8, 5))]


def put(name, data, rest=()):
    (folder / name).mkdir(parents=True)
    (folder / name / "first.dcm").write_bytes(data)
    for file in rest:
        (folder / name / file.name).write_bytes(file.read_bytes())


def nested(depth):
    """Sequences without a length, each in the one before."""
    start = struct.pack("<HH2sHI", 0x40, 0xA730, b"SQ", 0, 0xFFFFFFFF) + struct.pack("<HHI", 0xFFFE, 0xE000, 0xFFFFFFFF)
    return meta + start * depth


def with_element(change):
    d = pydicom.dcmread(files[0])
    change(d)
    path = folder / "changed.dcm"
    d.save_as(path)
    data = path.read_bytes()
    path.unlink()
    return data


def path_in_uid(d):
    d.SOPInstanceUID = "../../../../tmp/evil"


def huge_rows(d):
    d.Rows = d.Columns = 65535


folder.mkdir(parents=True)
put("truncated", sound[: len(sound) // 2], files[1:])
put("truncated-header", sound[:400], files[1:])
put("nested", nested(1_000_000), files[1:])
at = sound.index(struct.pack("<HH2s", 0x10, 0x10, b"PN"))
put("wrong-vr", sound[: at + 4] + b"ZZ" + sound[at + 6 :], files[1:])
put("huge-length", sound[:at] + struct.pack("<HH2sHI", 0x10, 0x10, b"UN", 0, 0xFFFFFFF0) + sound[at + 8 :], files[1:])
pydicom.config.settings.writing_validation_mode = pydicom.config.IGNORE
put("path-in-uid", with_element(path_in_uid), files[1:])
put("huge-image", with_element(huge_rows), files[1:])
put("no-dicom", b"MZ" + bytes(1000))
put("missing-slice", sound, files[1:5] + files[7:])
