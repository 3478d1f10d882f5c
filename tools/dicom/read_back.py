"""Compares DICOM objects with the results that they were made of, by software that is not ours.

    read_back.py RESULTS OBJECTS SERIES [--rejected L001 ...] [--pseudonymous]

RESULTS is an output folder with one patient, OBJECTS the folder with its objects, SERIES the DICOM folder that was the
source. The voxels of each segment are compared in millimetres: as highdicom reads them, and as the segimage2itkimage
of dcmqi writes them.
"""

import argparse
import json
import pathlib
import subprocess
import sys
import tempfile

import highdicom
import nibabel
import numpy
import pydicom

TOLERANCE = 0.02  # mm


def findings(results):
    """The points of each finding in mm, RAS, from the numbered masks of the results."""
    points = {}
    for pattern, letter in [("*_seg-lesion_dseg.nii.gz", "L"), ("*_desc-candidate_dseg.nii.gz", "C")]:
        for path in sorted(results.glob(f"sub-*/**/{pattern}")):
            image = nibabel.load(path)
            labels = numpy.asanyarray(image.dataobj)
            for number in numpy.unique(labels[labels > 0]):
                voxels = numpy.argwhere(labels == number)
                points[f"{letter}{int(number):03d}"] = nibabel.affines.apply_affine(image.affine, voxels)
    return points


def distance(a, b):
    """The largest distance of points that correspond, in whatever order; infinite when their numbers differ."""
    if len(a) != len(b):
        return numpy.inf
    nearest = [numpy.linalg.norm(b - point, axis=1) for point in a]
    taken = [int(row.argmin()) for row in nearest]
    return max(row.min() for row in nearest) if len(set(taken)) == len(taken) else numpy.inf


def by_highdicom(path):
    """Label, tracking UID and points in mm (RAS) of each segment."""
    seg = highdicom.seg.segread(path)
    found = {}
    volume = seg.get_volume(combine_segments=False, rescale_fractional=False)
    for channel, number in enumerate(seg.segment_numbers):
        description = seg.get_segment_description(number)
        voxels = numpy.argwhere(volume.array[..., channel] > 0)
        points = volume.map_indices_to_reference(voxels) * [-1, -1, 1]
        found[description.segment_label] = (description.tracking_uid, points)
    return seg, found


def by_dcmqi(path, program):
    with tempfile.TemporaryDirectory() as folder:
        subprocess.run(
            [program, "--inputDICOM", path, "--outputDirectory", folder, "--outputType", "nifti", "--mergeSegments"],
            check=True,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        )
        meta = json.loads(next(pathlib.Path(folder).glob("*.json")).read_text())
        labels = {s["labelID"]: s["SegmentLabel"] for group in meta["segmentAttributes"] for s in group}
        found = {}
        for name in sorted(pathlib.Path(folder).glob("*.nii.gz")):
            image = nibabel.load(name)
            data = numpy.asanyarray(image.dataobj)
            for number in numpy.unique(data[data > 0]):
                points = nibabel.affines.apply_affine(image.affine, numpy.argwhere(data == number))
                found[labels[int(number)]] = points
        return found


def check(condition, message):
    if not condition:
        sys.exit(f"read_back: {message}")


def check_report(path, seg, rejected, points):
    report = highdicom.sr.srread(path)
    groups = {g.tracking_identifier: g for g in report.content.get_volumetric_roi_measurement_groups()}
    image_free = {g.tracking_identifier for g in report.content.get_image_measurement_groups()}
    check(image_free == set(rejected), f"rejected findings are {rejected}, the report has {sorted(image_free)}")
    check(set(groups) == set(points) - set(rejected), f"groups of the report are {sorted(groups)}")
    tracking = {seg.get_segment_description(n).segment_label: n for n in seg.segment_numbers}
    for label, group in groups.items():
        segment = group.referenced_segment
        check(segment.referenced_sop_instance_uid == seg.SOPInstanceUID, f"{label} refers to another segmentation")
        check(segment.referenced_segment_numbers[0] == tracking[label], f"{label} refers to another segment")
        uid = seg.get_segment_description(tracking[label]).tracking_uid
        check(group.tracking_uid == uid, f"{label} has another tracking UID")
        volumes = [m for m in group.get_measurements() if m.name.value == "118565006"]
        voxel = numpy.prod(
            [*seg.SharedFunctionalGroupsSequence[0].PixelMeasuresSequence[0].PixelSpacing]
            + [seg.SharedFunctionalGroupsSequence[0].PixelMeasuresSequence[0].SpacingBetweenSlices]
        )
        wanted = len(points[label]) * float(voxel)
        check(volumes[0].unit.value == "mm3" and abs(volumes[0].value - wanted) < 1e-4 * wanted, f"volume of {label}")
    check(report.VerificationFlag == "UNVERIFIED", "the report is verified")


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("results", type=pathlib.Path)
    parser.add_argument("objects", type=pathlib.Path)
    parser.add_argument("series", type=pathlib.Path)
    parser.add_argument("--rejected", nargs="*", default=[])
    parser.add_argument("--pseudonymous", action="store_true")
    args = parser.parse_args()
    points = findings(args.results)
    source = pydicom.dcmread(next(args.series.glob("*.dcm")), stop_before_pixels=True)
    seg, segments = by_highdicom(args.objects / "segmentation.dcm")
    wanted = {label: p for label, p in points.items() if label not in args.rejected}
    check(set(segments) == set(wanted), f"segments are {sorted(segments)}, findings {sorted(wanted)}")
    worst = max(distance(segments[label][1], p) for label, p in wanted.items())
    check(worst < TOLERANCE, f"highdicom reads voxels {worst} mm from ours")
    foreign = by_dcmqi(args.objects / "segmentation.dcm", pathlib.Path(sys.executable).parent / "segimage2itkimage")
    check(set(foreign) == set(wanted), f"dcmqi reads {sorted(foreign)}")
    other = max(distance(foreign[label], p) for label, p in wanted.items())
    check(other < TOLERANCE, f"dcmqi reads voxels {other} mm from ours")
    check_report(args.objects / "measurements.dcm", seg, args.rejected, points)
    for path in sorted(args.objects.glob("*.dcm")):
        d = pydicom.dcmread(path)
        check("not a medical device" in d.SeriesDescription, f"{path.name} does not say what the software is")
        same = d.PatientID == source.PatientID and str(d.PatientName) == str(source.PatientName)
        same = same and d.StudyInstanceUID == source.StudyInstanceUID
        check(same != args.pseudonymous, f"{path.name}: patient {d.PatientID}, study {d.StudyInstanceUID}")
        if args.pseudonymous:
            text = path.read_bytes()
            for word in [
                source.PatientID,
                "ller",
                source.StudyInstanceUID,
                source.SeriesInstanceUID,
                source.SOPInstanceUID,
            ]:
                check(str(word).encode() not in text, f"{path.name} holds {word}")
    print(f"{len(wanted)} segments: voxels within {worst:.4f} mm (highdicom) and {other:.4f} mm (dcmqi) of ours")


if __name__ == "__main__":
    main()
