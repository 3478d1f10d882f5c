"""Makes prepared images again from the raw ones, with nibabel and SciPy alone, and says how far they differ.

    .venv/bin/python tools/validation/prepared.py FLAIR T1W PREPARED_FLAIR PREPARED_T1W MASK TRANSFORM

TRANSFORM is the ITK text that `lesionqc prepare` leaves (LPS+, mm, from a point of the FLAIR to one of the T1w). The
exit code is 1 where an image differs: the FLAIR by anything, the T1w by more than 0.001 % of its range.
"""

import sys

import nibabel as nib
import numpy as np
from scipy import ndimage

LPS = np.diag([-1.0, -1, 1, 1])


def main():
    """Compares; prints one line for each image."""
    flair, t1w, prepared_flair, prepared_t1w, mask = (nib.load(path) for path in sys.argv[1:6])
    with open(sys.argv[6]) as text:
        fields = dict(line.split(":", 1) for line in text if line.strip() and not line.startswith("#"))
    numbers = np.array(fields["Parameters"].split(), float)
    assert not np.array(fields["FixedParameters"].split(), float).any(), "the centre is the origin"
    lps = np.eye(4)
    lps[:3, :3], lps[:3, 3] = numbers[:9].reshape(3, 3), numbers[9:]
    to_voxel = np.linalg.inv(t1w.affine) @ LPS @ lps @ LPS @ flair.affine
    inside = np.asarray(mask.dataobj) != 0
    source = t1w.get_fdata()
    # A voxel whose centre lies outside every voxel of the T1w is 0; at its border the border counts.
    centres = np.stack(np.indices(flair.shape)).reshape(3, -1)
    places = to_voxel[:3, :3] @ centres + to_voxel[:3, 3:]
    size = np.array(source.shape)[:, None]
    held = ((places >= -0.5 - 1e-6) & (places <= size - 0.5 + 1e-6)).all(0).reshape(flair.shape)
    moved = ndimage.map_coordinates(source, np.clip(places, 0, size - 1), order=3, mode="reflect").reshape(flair.shape)
    expected = np.where(inside & held, moved.clip(source.min(), source.max()), 0)
    difference = np.abs(prepared_t1w.get_fdata() - expected).max() / np.ptp(source)
    same = np.array_equal(prepared_flair.get_fdata(), np.where(inside, flair.get_fdata(), 0))
    same &= all(np.array_equal(image.affine, flair.affine) for image in (prepared_flair, prepared_t1w, mask))
    print(f"T1w differs by {difference:.1e} of its range at most, over {np.count_nonzero(expected)} voxels")
    print(f"FLAIR and grids are {'the same' if same else 'not the same'}")
    sys.exit(0 if same and difference < 1e-5 and np.count_nonzero(expected) > 0 else 1)


if __name__ == "__main__":
    main()
