"""Writes a NIfTI image as a DICOM series of a synthetic patient, as a scanner would store it: columns towards the left,
rows towards the back.

    make_series.py IMAGE.nii.gz FOLDER [--enhanced] [--rotate X Y Z] [--slope S --intercept B] [--seed NAME]
                   [--images COPY=FILE ...]

--rotate turns the whole patient space by degrees about x, y and z; each --images COPY=FILE is written again to COPY
with that turn, so that NIfTI images and series stay in one space. UIDs are derived from --seed.
"""

import argparse
import pathlib

import nibabel
import numpy
import pydicom
import pydicom.uid
from pydicom.dataset import Dataset, FileMetaDataset
from pydicom.sequence import Sequence

MR, ENHANCED_MR = "1.2.840.10008.5.1.4.1.1.4", "1.2.840.10008.5.1.4.1.1.4.1"


def uid(*names):
    return pydicom.uid.generate_uid(prefix="2.25.", entropy_srcs=list(names))


def turned(affine, degrees):
    """The affine after a rotation of patient space about x, then y, then z."""
    rotation = numpy.eye(4)
    for axis, angle in enumerate(numpy.radians(degrees)):
        step, (a, b) = numpy.eye(4), [n for n in range(3) if n != axis]
        step[a, a] = step[b, b] = numpy.cos(angle)
        step[a, b], step[b, a] = -numpy.sin(angle), numpy.sin(angle)
        rotation = step @ rotation
    return rotation @ affine


def as_scanned(image):
    """Voxels [slice, row, column] and an affine of (column, row, slice), in LPS."""
    data, affine = numpy.asanyarray(image.dataobj).astype(float), numpy.diag([-1.0, -1, 1, 1]) @ image.affine
    # Nearest axes first, then the directions: L, P, S.
    order = numpy.argmax(numpy.abs(affine[:3, :3]), axis=1)
    data = numpy.transpose(data, order)
    affine = affine[:, [*order, 3]]
    for axis in range(3):
        if affine[axis, axis] < 0:
            data = numpy.flip(data, axis)
            affine[:3, 3] += affine[:3, axis] * (data.shape[axis] - 1)
            affine[:3, axis] *= -1
    return numpy.transpose(data, (2, 1, 0)), affine


def header(args, sop_class):
    d = Dataset()
    d.SpecificCharacterSet = "ISO_IR 100"
    d.SOPClassUID = sop_class
    d.StudyDate = d.SeriesDate = d.AcquisitionDate = d.ContentDate = "20260314"
    d.StudyTime = d.SeriesTime = d.AcquisitionTime = d.ContentTime = "091500"
    d.AccessionNumber, d.Modality, d.Manufacturer = "ACC0042", "MR", "Synthetic"
    d.ReferringPhysicianName = "Referrer^Rita"
    d.InstitutionName = "Phantom Hospital"
    d.StudyDescription, d.SeriesDescription, d.ProtocolName = "MS follow-up", "FLAIR 3D", "FLAIR"
    d.PatientName, d.PatientID, d.PatientBirthDate, d.PatientSex = "Müller^Änne", "PID-0042", "19800229", "F"
    d.StudyInstanceUID, d.SeriesInstanceUID = uid(args.seed, "study"), uid(args.seed, "series")
    d.FrameOfReferenceUID, d.PositionReferenceIndicator = uid(args.seed, "frame"), ""
    d.StudyID, d.SeriesNumber, d.AcquisitionNumber = "7", 4, 1
    d.PatientPosition = "HFS"
    d.SamplesPerPixel, d.PhotometricInterpretation = 1, "MONOCHROME2"
    d.BitsAllocated, d.BitsStored, d.HighBit, d.PixelRepresentation = 16, 16, 15, 0
    return d


def decimals(values):
    return [pydicom.valuerep.DSfloat(float(v), auto_format=True) for v in values]


def save(d, path):
    d.file_meta = FileMetaDataset()
    d.file_meta.MediaStorageSOPClassUID, d.file_meta.MediaStorageSOPInstanceUID = d.SOPClassUID, d.SOPInstanceUID
    d.file_meta.TransferSyntaxUID = pydicom.uid.ExplicitVRLittleEndian
    d.save_as(path, enforce_file_format=True)


def geometry(affine):
    spacing = numpy.linalg.norm(affine[:3, :3], axis=0)
    return [*affine[:3, 0] / spacing[0], *affine[:3, 1] / spacing[1]], spacing


def classic(args, stored, affine):
    orientation, spacing = geometry(affine)
    for number, plane in enumerate(stored):
        d = header(args, MR)
        d.ScanningSequence, d.SequenceVariant, d.ScanOptions, d.MRAcquisitionType = "SE", "SK", "", "3D"
        d.ImageType, d.RepetitionTime, d.EchoTime, d.EchoTrainLength = ["ORIGINAL", "PRIMARY", "M"], 5000, 300, 200
        d.SOPInstanceUID, d.InstanceNumber = uid(args.seed, "image", str(number)), number + 1
        d.Rows, d.Columns = plane.shape
        d.PixelSpacing, d.SliceThickness = decimals([spacing[1], spacing[0]]), decimals([spacing[2]])[0]
        d.ImageOrientationPatient = decimals(orientation)
        d.ImagePositionPatient = decimals((affine @ [0, 0, number, 1])[:3])
        d.RescaleSlope, d.RescaleIntercept, d.RescaleType = args.slope, args.intercept, "US"
        d.PixelData = plane.astype("<u2").tobytes()
        # Names say nothing of the order, as from a PACS.
        save(d, args.folder / f"{uid(args.seed, 'name', str(number))[-12:]}.dcm")


def enhanced(args, stored, affine):
    orientation, spacing = geometry(affine)
    d = header(args, ENHANCED_MR)
    d.SOPInstanceUID, d.InstanceNumber = uid(args.seed, "image"), 1
    d.ImageType = ["ORIGINAL", "PRIMARY", "VOLUME", "NONE"]
    d.NumberOfFrames, (d.Rows, d.Columns) = len(stored), stored[0].shape
    measures, plane, shared = Dataset(), Dataset(), Dataset()
    measures.PixelSpacing, measures.SliceThickness = decimals([spacing[1], spacing[0]]), decimals([spacing[2]])[0]
    plane.ImageOrientationPatient = decimals(orientation)
    rescale = Dataset()
    rescale.RescaleSlope, rescale.RescaleIntercept, rescale.RescaleType = args.slope, args.intercept, "US"
    shared.PixelMeasuresSequence, shared.PlaneOrientationSequence = Sequence([measures]), Sequence([plane])
    shared.PixelValueTransformationSequence = Sequence([rescale])
    d.SharedFunctionalGroupsSequence = Sequence([shared])
    frames = []
    for number in range(len(stored)):
        position, content, frame = Dataset(), Dataset(), Dataset()
        position.ImagePositionPatient = decimals((affine @ [0, 0, number, 1])[:3])
        content.StackID, content.InStackPositionNumber, content.DimensionIndexValues = "1", number + 1, [1, number + 1]
        frame.PlanePositionSequence, frame.FrameContentSequence = Sequence([position]), Sequence([content])
        frames.append(frame)
    d.PerFrameFunctionalGroupsSequence = Sequence(frames)
    d.PixelData = stored.astype("<u2").tobytes()
    save(d, args.folder / "enhanced.dcm")


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("image", type=pathlib.Path)
    parser.add_argument("folder", type=pathlib.Path)
    parser.add_argument("--enhanced", action="store_true")
    parser.add_argument("--rotate", type=float, nargs=3, default=[0, 0, 0])
    parser.add_argument("--slope", type=float, default=1)
    parser.add_argument("--intercept", type=float, default=0)
    parser.add_argument("--seed", default="phantom")
    parser.add_argument("--images", nargs="*", default=[])
    args = parser.parse_args()
    args.folder.mkdir(parents=True, exist_ok=True)
    for pair in args.images:
        copy, source = pair.split("=")
        image = nibabel.load(source)
        rotated = turned(image.affine, args.rotate)
        image.set_sform(rotated, 1)
        image.set_qform(rotated, 1)
        nibabel.save(image, copy)
    image = nibabel.load(args.image)
    scanned, affine = as_scanned(nibabel.Nifti1Image(image.get_fdata(), turned(image.affine, args.rotate)))
    stored = numpy.clip(numpy.round((scanned - args.intercept) / args.slope), 0, 65535)
    (enhanced if args.enhanced else classic)(args, stored, affine)


if __name__ == "__main__":
    main()
