"""How well each figure of lesions.tsv tells false positives from true positives: AUROC by scikit-learn, all lesions
pooled.

    .venv/bin/python tools/validation/ranking.py RESULTS/lesions.tsv

The run must have been made with --truth. Lower figures speak for a false positive.
"""

import csv
import sys

from sklearn.metrics import roc_auc_score

FIGURES = {
    "flair_peak": "FLAIR sum peak",
    "volume_mm3": "lesion volume",
    "maximum_probability": "maximum probability",
    "mean_probability": "mean probability",
}

with open(sys.argv[1], newline="") as table:
    lesions = [line for line in csv.DictReader(table, delimiter="\t") if line["reference_status"] in ("TP", "FP")]
false_positive = [line["reference_status"] == "FP" for line in lesions]
print(f"{len(lesions)} lesions, {sum(false_positive)} false positives")
for column, name in FIGURES.items():
    print(f"{name:22}{roc_auc_score(false_positive, [-float(line[column]) for line in lesions]):.2f}")
