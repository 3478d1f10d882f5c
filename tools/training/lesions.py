"""Lesion counting and segmentation metrics as the product defines them."""

from dataclasses import dataclass, fields

import numpy
from scipy import ndimage

STRUCTURE = ndimage.generate_binary_structure(3, 2)
MINIMUM_VOXELS = 6
REFERENCE_LOAD = 0.001


def components(mask, minimum=MINIMUM_VOXELS):
    """18-connected components of at least `minimum` voxels, numbered 1… in the order found; and their number."""
    labels, count = ndimage.label(mask, STRUCTURE)
    sizes = numpy.bincount(labels.ravel(), minlength=count + 1)
    kept = numpy.zeros(count + 1, dtype=numpy.int64)
    order = [c for c in range(1, count + 1) if sizes[c] >= minimum]
    kept[order] = numpy.arange(1, len(order) + 1)
    return kept[labels], len(order)


@dataclass
class Counts:
    """What one patient adds to the cohort: voxels (tp, fp, fn, all) and lesions found, false and missed.

    A patient without truth voxels has no defined DSC; a perfect empty answer counts as 1, any other as 0.
    """

    truth_voxels: int
    true_voxels: int
    false_voxels: int
    missed_voxels: int
    all_voxels: int
    predicted_true: int
    predicted_false: int
    truth_found: int
    truth_missed: int

    def dice(self):
        total = 2 * self.true_voxels + self.false_voxels + self.missed_voxels
        return 2 * self.true_voxels / total if total else 1.0

    def normalised_dice(self):
        rest = self.all_voxels - self.truth_voxels
        scale = (1 - REFERENCE_LOAD) * self.truth_voxels / (REFERENCE_LOAD * rest) if rest else 0.0
        total = scale * self.false_voxels + 2 * self.true_voxels + self.missed_voxels
        if total:
            return 2 * self.true_voxels / total
        return 1.0 if self.false_voxels == 0 else 0.0


def compare(prediction, truth):
    """Counts after components of 5 voxels or fewer are dropped from both masks; any overlap is a match."""
    predicted, predicted_count = components(prediction)
    real, real_count = components(truth)
    predicted_mask, real_mask = predicted > 0, real > 0
    both = predicted_mask & real_mask
    matched = len(numpy.unique(predicted[both]))
    found = len(numpy.unique(real[both]))
    true_voxels = int(both.sum())
    return Counts(
        truth_voxels=int(real_mask.sum()),
        true_voxels=true_voxels,
        false_voxels=int(predicted_mask.sum()) - true_voxels,
        missed_voxels=int(real_mask.sum()) - true_voxels,
        all_voxels=int(real_mask.size),
        predicted_true=matched,
        predicted_false=predicted_count - matched,
        truth_found=found,
        truth_missed=real_count - found,
    )


def rate(part, whole):
    return part / whole if whole else float("nan")


def summary(counts):
    """Cohort figures: lesion rates over all lesions together, DSC and nDSC as means over patients.

    TP counts predicted components everywhere, FN truth components that nothing overlaps; TPR = TP / (TP + FN).
    """
    total = {f.name: sum(getattr(c, f.name) for c in counts) for f in fields(Counts)}
    tp, fp, fn = total["predicted_true"], total["predicted_false"], total["truth_missed"]
    return {
        "patients": len(counts),
        "lesionsInTruth": total["truth_found"] + fn,
        "truePositives": tp,
        "falsePositives": fp,
        "falseNegatives": fn,
        "tpr": rate(tp, tp + fn),
        "fdr": rate(fp, tp + fp),
        "fnr": rate(fn, tp + fn),
        "f1": rate(2 * tp, 2 * tp + fp + fn),
        "dsc": float(numpy.mean([c.dice() for c in counts])),
        "ndsc": float(numpy.mean([c.normalised_dice() for c in counts])),
    }
