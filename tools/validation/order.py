"""Which single number of the maps orders best without a calibration: the table "Order without a calibration" of
docs/validation.md.

    .venv/bin/python tools/validation/order.py PHANTOMS/lesions.tsv REAL/lesions.tsv

Both runs must have been made with --reference. For every number AUROC within each patient that has both kinds (mean
and range over patients) and over all findings together: lesions, false positives against the others; candidates,
missed lesions against the others. Which way a number speaks is fixed here, before any data. A value that is not
defined is looked at first among lesions and last among candidates. The choice is then made by leave-one-patient-out:
the number of the highest mean within-patient AUROC over the phantoms and the other real patients (one vote a patient)
is applied to the real patient left out.
"""

import csv
import sys

import numpy as np
from sklearn.metrics import roc_auc_score

# Column of lesions.tsv, words, and +1 where a high value speaks for a lesion.
SALIENCY = [
    ("rim_to_peak", "FLAIR rim ÷ peak", -1),
    ("sign_rim", "FLAIR rim mean", -1),
    ("rim_balance", "FLAIR inside minus rim", 1),
    ("flair_peak", "FLAIR `sum` peak (the paper's quantity)", 1),
    ("peak_of_mean", "FLAIR peak of the `mean` map", 1),
    ("negative_peak", "FLAIR minimum inside", 1),
    ("map_minimum", "FLAIR minimum of the map", -1),
    ("mprage_peak", "MPRAGE peak", 1),
    ("mprage_rim", "MPRAGE rim mean", -1),
    ("flair_fraction", "FLAIR fraction", 1),
    ("zero_crossing_mm", "distance at which FLAIR saliency turns negative", -1),
    ("sample_agreement", "agreement between noise samples", 1),
]
BESIDE = [
    ("mean_probability", "mean probability", 1),
    ("maximum_probability", "maximum probability", 1),
    ("mean_entropy", "mean entropy", -1),
    ("soft_dice", "soft Dice confidence", 1),
    ("halo_ratio", "halo ÷ inside probability", -1),
    ("threshold_stability", "stability between thresholds", 1),
    ("sample_stability", "stability over noise samples", 1),
    ("volume_mm3", "volume", 1),
    ("diameter_mm", "diameter", 1),
    ("compactness", "compactness", -1),
    ("flair_contrast", "FLAIR contrast to the ring", 1),
    ("mprage_contrast", "MPRAGE contrast to the ring", -1),
    ("flair_ring_spread", "FLAIR ring heterogeneity", -1),
    ("mirror_contrast", "FLAIR contrast to the other side", 1),
    ("brain_edge_mm", "distance to the brain's edge", 1),
    ("ventricle_mm", "distance to the ventricles", -1),
    ("nearest_lesion_mm", "distance to the nearest other lesion", -1),
]
KINDS = {"lesion": ({"FP"}, {"TP"}), "candidate": ({"missed"}, {"partOfFound", "notALesion"})}


def findings(path, kind):
    """[(patient, is an error, row)]"""
    errors, others = KINDS[kind]
    with open(path, newline="") as table:
        for row in csv.DictReader(table, delimiter="\t"):
            if row["kind"] == kind and row["reference_status"] in errors | others:
                yield row["participant_id"], row["reference_status"] in errors, row


def suspicion(row, column, sign, kind):
    if column == "peak_of_mean":
        value = float(row["flair_peak"]) / float(row["voxel_count"])
    elif row[column] == "n/a":
        return np.inf if kind == "lesion" else -np.inf
    else:
        value = float(row[column])
    return (-sign if kind == "lesion" else sign) * value


def auroc(labels, scores):
    """Infinite scores tie at their end."""
    finite = [s for s in scores if np.isfinite(s)]
    low, high = (min(finite) - 1, max(finite) + 1) if finite else (0, 0)
    return roc_auc_score(labels, [low if s == -np.inf else high if s == np.inf else s for s in scores])


def within(cohort, column, sign, kind):
    """{patient: AUROC} of the patients that have both kinds."""
    found = {}
    for patient in sorted({p for p, _, _ in cohort}):
        own = [(e, suspicion(r, column, sign, kind)) for p, e, r in cohort if p == patient]
        if len({e for e, _ in own}) == 2:
            found[patient] = auroc(*zip(*own))
    return found


def cells(cohort, column, sign, kind, each):
    one = within(cohort, column, sign, kind)
    if not one:
        return ["–"] * (len(each) if each else 1) + ["–"]
    pooled = auroc([e for _, e, _ in cohort], [suspicion(r, column, sign, kind) for _, _, r in cohort])
    if each:
        return [f"{one[p]:.2f}" if p in one else "–" for p in each] + [f"{pooled:.2f}"]
    values = list(one.values())
    return [f"{np.mean(values):.2f} ({min(values):.2f}–{max(values):.2f})", f"{pooled:.2f}"]


def table(kind, phantoms, real):
    each = sorted({p for p, _, _ in real})
    names = " / ".join(("false positives", "others") if kind == "lesion" else ("missed lesions", "others"))

    def count(cohort):
        return f"{sum(e for _, e, _ in cohort)} / {sum(not e for _, e, _ in cohort)}"

    both = len(within(phantoms, "mean_probability", 1, kind))
    print(f"\n{kind}s, {names}:\n")
    heads = [f"phantoms, mean of {both} patients (range)", f"phantoms, pooled ({count(phantoms)})"]
    heads += [f"{p} ({count([f for f in real if f[0] == p])})" for p in each] + ["real, pooled"]
    print("| ordered by | " + " | ".join(heads) + " |\n| --- |" + " --- |" * len(heads))
    for number, (column, words, sign) in enumerate(SALIENCY + BESIDE):
        if number == len(SALIENCY):
            print("| *beside saliency* |" + " |" * len(heads))
        row = cells(phantoms, column, sign, kind, None) + cells(real, column, sign, kind, each)
        print(f"| {words} | " + " | ".join(row) + " |")
    print()
    leave_one_out(kind, phantoms, real, each)


def leave_one_out(kind, phantoms, real, each):
    scores = {
        words: {
            **{f"phantom {p}": v for p, v in within(phantoms, column, sign, kind).items()},
            **within(real, column, sign, kind),
        }
        for column, words, sign in SALIENCY
    }
    probability = within(real, "mean_probability", 1, kind)
    for held_out in [*each, None]:
        means = {
            words: np.mean([v for p, v in values.items() if p != held_out])
            for words, values in scores.items()
            if any(p != held_out for p in values)
        }
        if not means:
            continue
        best = max(means, key=means.get)
        if held_out is None:
            print(f"- all patients together: {best} ({means[best]:.2f})")
        elif held_out in probability:
            print(
                f"- without {held_out}: {best} ({means[best]:.2f}); on {held_out} {scores[best][held_out]:.2f}, "
                f"mean probability {probability[held_out]:.2f}"
            )


def main():
    for kind in KINDS:
        table(kind, *(list(findings(path, kind)) for path in sys.argv[1:3]))


if __name__ == "__main__":
    main()
