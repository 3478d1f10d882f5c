"""How far registrations of raw T1w to FLAIR lie from the published transforms: the table of docs/prepare.md.

    mkdir -p out/registration
    LESIONQC_TABLES=out/registration swift test -c release -Xswiftc -enable-testing --filter RealPairTests
    .venv/bin/python tools/validation/registration.py DATA out/registration [--elastix]

DATA is the folder with the longitudinal patients of the Ljubljana database (raw scans, `derivatives/published`). With
--elastix the program of that name registers the same pairs. Needs NumPy, SciPy and nibabel.
"""

import argparse
import csv
import resource
import subprocess
import tempfile
import time
from pathlib import Path

import nibabel as nib
import numpy as np
from scipy import ndimage
from scipy.spatial.transform import Rotation

LPS = np.diag([-1.0, -1, 1, 1])
# Rigid, mutual information, multi-resolution: elastix's own defaults but for more and finer samples.
ELASTIX = """
(Registration "MultiResolutionRegistration")
(FixedImagePyramid "FixedRecursiveImagePyramid")
(MovingImagePyramid "MovingRecursiveImagePyramid")
(Interpolator "BSplineInterpolator")
(ResampleInterpolator "FinalBSplineInterpolator")
(Resampler "DefaultResampler")
(Metric "AdvancedMattesMutualInformation")
(Optimizer "AdaptiveStochasticGradientDescent")
(Transform "EulerTransform")
(FixedInternalImagePixelType "float")
(MovingInternalImagePixelType "float")
(UseDirectionCosines "true")
(AutomaticScalesEstimation "true")
(AutomaticTransformInitialization "false")
(HowToCombineTransforms "Compose")
(NumberOfResolutions 3)
(MaximumNumberOfIterations 500)
(NumberOfHistogramBins 32)
(NumberOfSpatialSamples 5000)
(NewSamplesEveryIteration "true")
(ImageSampler "RandomCoordinate")
(WriteResultImage "false")
"""


def read_itk(path):
    """The 4 × 4 matrix, RAS+, of an ITK text transform with nine coefficients and a shift."""
    fields = dict(line.split(":", 1) for line in path.read_text().splitlines() if line and not line.startswith("#"))
    numbers = np.array(fields["Parameters"].split(), float)
    return about(numbers[:9].reshape(3, 3), numbers[9:], np.array(fields["FixedParameters"].split(), float))


def about(matrix, shift, centre):
    """The 4 × 4 matrix, RAS+, of p → M (p − c) + c + t in LPS+."""
    out = np.eye(4)
    out[:3, :3] = matrix
    out[:3, 3] = shift + centre - matrix @ centre
    return LPS @ out @ LPS


def apply(matrix, points):
    """Points [n, 3] through a 4 × 4 matrix."""
    return points @ matrix[:3, :3].T + matrix[:3, 3]


def best_rigid(matrix, points):
    """What the rigid transform nearest to an affine one leaves over the points (Kabsch), mean in mm."""
    moved = apply(matrix, points)
    a, b = points - points.mean(0), moved - moved.mean(0)
    rotation, _ = Rotation.align_vectors(b, a)
    return np.linalg.norm(rotation.apply(a) - b, axis=1).mean()


def brain_points(root, subject, session):
    """Centres of FLAIR voxels in the published brain mask, mm RAS+, thinned."""
    folder = root / "derivatives/published" / subject
    mask = nib.load(folder / f"{subject}_space-common_desc-brain_mask.nii.gz")
    to_flair = read_itk(folder / session / f"{subject}_{session}_from-common_to-FLAIR_xfm.txt")
    flair = nib.load(root / subject / session / "anat" / f"{subject}_{session}_FLAIR.nii.gz")
    voxels = np.indices(flair.shape).reshape(3, -1)[:, ::97].T
    points = apply(flair.affine, voxels)
    inside = apply(np.linalg.inv(to_flair @ mask.affine), points).T
    return points[ndimage.map_coordinates(np.asarray(mask.dataobj) != 0, inside, order=0, output=float) > 0]


def run_elastix(flair, t1w):
    """elastix's transform, wall-clock and processor seconds."""
    with tempfile.TemporaryDirectory() as folder:
        parameters = Path(folder) / "rigid.txt"
        parameters.write_text(ELASTIX)
        start, before = time.monotonic(), resource.getrusage(resource.RUSAGE_CHILDREN)
        subprocess.run(
            ["elastix", "-f", flair, "-m", t1w, "-out", folder, "-p", parameters, "-threads", "2"],
            check=True,
            stdout=subprocess.DEVNULL,
        )
        after = resource.getrusage(resource.RUSAGE_CHILDREN)
        seconds = time.monotonic() - start, after.ru_utime - before.ru_utime
        lines = (Path(folder) / "TransformParameters.0.txt").read_text().splitlines()
    fields = {line.strip("()").split()[0]: line.strip("()").split()[1:] for line in lines if line.startswith("(")}
    angles = np.array(fields["TransformParameters"], float)
    # ITK's Euler angles: Rz Rx Ry.
    matrix = Rotation.from_euler("ZXY", [angles[2], angles[0], angles[1]]).as_matrix()
    return about(matrix, angles[3:], np.array(fields["CenterOfRotationPoint"], float)), seconds


def main():
    """Prints the table."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("data", type=Path)
    parser.add_argument("tables", type=Path)
    parser.add_argument("--elastix", action="store_true")
    arguments = parser.parse_args()
    with open(arguments.tables / "times.tsv", newline="") as table:
        rows = {(row[0], row[1]): [float(v) for v in row[2:]] for row in csv.reader(table, delimiter="\t")}
    print(
        "| pair | affine part | with brain mask | without | forward–backward | NMI before → after | processor s |",
        end="",
    )
    print(" elastix | its processor s |" if arguments.elastix else "")
    print("| --- |" + " ---: |" * (8 if arguments.elastix else 6))
    for name in sorted({name for name, _ in rows}):
        subject, session = name.split("_")
        points = brain_points(arguments.data, subject, session)
        folder = arguments.data / "derivatives/published" / subject / session
        published = read_itk(folder / f"{name}_from-FLAIR_to-T1w_xfm.txt")

        def distance(matrix, points=points, published=published):
            return np.linalg.norm(apply(matrix, points) - apply(published, points), axis=1).mean()

        masked, unmasked = (
            distance(read_itk(arguments.tables / f"{name}_{kind}_xfm.txt")) for kind in ("masked", "unmasked")
        )
        with_mask, without = rows[name, "masked"], rows[name, "unmasked"]
        line = f"| {subject} {session} | {best_rigid(published, points):.2f} | {masked:.2f} | {unmasked:.2f} "
        line += (
            f"| {with_mask[2]:.2f}, {without[2]:.2f} | {with_mask[3]:.3f} → {with_mask[4]:.3f} | {with_mask[1]:.1f} |"
        )
        if arguments.elastix:
            anat = arguments.data / subject / session / "anat"
            matrix, (_, processor) = run_elastix(anat / f"{name}_FLAIR.nii.gz", anat / f"{name}_T1w.nii.gz")
            line += f" {distance(matrix):.2f} | {processor:.1f} |"
        print(line)


if __name__ == "__main__":
    main()
