"""Patients in BIDS layout as normalised arrays.

Axes (i, j, k) are turned to grow towards right, anterior, superior; channel 0 is FLAIR and channel 1 is T1w.
"""

from dataclasses import dataclass
from pathlib import Path

import nibabel
import numpy


@dataclass
class Case:
    """One patient: `image` [2, i, j, k] in standard deviations, `truth` [i, j, k] of 0 and 1."""

    name: str
    image: numpy.ndarray
    truth: numpy.ndarray
    spacing: tuple


def normalise(channel, name):
    """Z-score over the voxels that are not exactly 0 (population standard deviation); zeros stay 0."""
    channel = numpy.asarray(channel, dtype=numpy.float64)
    inside = channel != 0
    values = channel[inside]
    deviation = values.std() if values.size else 0.0
    if not deviation > 0:
        raise ValueError(f"{name} is constant: there is nothing to normalise")
    return numpy.where(inside, (channel - values.mean()) / deviation, 0).astype(numpy.float32)


def only(folder, pattern):
    """The one file that matches, anywhere below the folder."""
    found = sorted(Path(folder).rglob(pattern))
    if len(found) != 1:
        raise FileNotFoundError(f"{folder}: expected one {pattern}, found {len(found)}")
    return found[0]


def subjects(root):
    """Names of the patients of a BIDS folder, sorted."""
    return sorted(folder.name for folder in Path(root).glob("sub-*") if folder.is_dir())


def read(path):
    """A NIfTI image with its axes turned (not resampled) to right, anterior, superior."""
    return nibabel.as_closest_canonical(nibabel.load(path))


def read_mask(path):
    return (numpy.asarray(read(path).dataobj) > 0.5).astype(numpy.uint8)


def load(root, name):
    """Read one patient and the lesion mask that lies under `derivatives/*/NAME/`."""
    root = Path(root)
    folders = [folder for folder in root.glob(f"derivatives/*/{name}") if list(folder.rglob("*label-L_mask.nii.gz"))]
    if len(folders) != 1:
        raise FileNotFoundError(f"{root}: expected one derivative with a lesion mask of {name}, found {len(folders)}")
    flair = read(only(root / name, "*_FLAIR.nii.gz"))
    channels = [flair, read(only(root / name, "*_T1w.nii.gz"))]
    labels = [f"{name} FLAIR", f"{name} T1w"]
    image = numpy.stack([normalise(volume.dataobj, label) for volume, label in zip(channels, labels)])
    truth = read_mask(only(folders[0], "*label-L_mask.nii.gz"))
    if truth.shape != image.shape[1:]:
        raise ValueError(f"{name}: mask {truth.shape} and images {image.shape[1:]} differ in shape")
    return Case(f"{root.name}/{name}", image, truth, tuple(float(z) for z in flair.header.get_zooms()[:3]))


def crop_to_brain(case, margin=4):
    """The box of the non-zero voxels with a margin; keeps memory small, loses no brain."""
    inside = (case.image != 0).any(axis=0)
    box = []
    for axis in range(3):
        line = numpy.flatnonzero(inside.any(axis=tuple(a for a in range(3) if a != axis)))
        box.append(slice(max(line[0] - margin, 0), min(line[-1] + 1 + margin, inside.shape[axis])))
    box = tuple(box)
    return Case(case.name, case.image[(slice(None), *box)].copy(), case.truth[box].copy(), case.spacing), box
