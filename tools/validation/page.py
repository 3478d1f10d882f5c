"""Writes the ranking figures of docs/validation.md from the evaluations that tools/validation/all.sh left, and keeps each of them.

    python3 tools/validation/page.py out/validation

Python's standard library alone. Each evaluation (evaluation.md with its plots) is copied to docs/validation/MODEL-COHORT; the tables
between the two marks of docs/validation.md are made from their evaluation.json.
"""

import json
import pathlib
import shutil
import sys

MODELS = {"unet": "U-Net", "nnunet": "nnU-Net style", "swin-unetr": "Swin UNETR"}
COHORTS = {"test-run": ("phantoms", "synthetic"), "real-run": ("real", "real")}
CRITERIA = {
    "errorScore": "error score of the shipped calibration",
    "saliencyPeak": "FLAIR `sum` peak (the uncalibrated order)",
    "peakOfMean": "FLAIR peak of the mean map",
    "crossValidatedPeaks": "peak, calibrated on the cohort's other patients",
    "crossValidatedExtended": "all features, calibrated on the cohort's other patients",
    "volume": "volume",
    "meanProbability": "mean probability",
    "maximumProbability": "highest probability",
    "meanEntropy": "mean entropy",
    "random": "random order",
}
BEGIN, END = "<!-- made by tools/validation/page.py -->", "<!-- end of what it makes -->"


def estimate(row, measure):
    for entry in row["measures"]:
        if entry["measure"] == measure:
            value = entry["estimate"]
            text = f"{value['value']:.2f}"
            return text + (f" ({value['lower']:.2f} to {value['upper']:.2f})" if "lower" in value else "")
    return "–"


def table(evaluations, kind):
    """One column per evaluation, one line per criterion: AUROC with its interval."""
    key = kind + "Ranking"
    columns = [(title, evaluation[key]) for title, evaluation in evaluations if evaluation.get(key)]
    if not columns:
        return []
    wrong = "false positives" if kind == "lesion" else "missed lesions"
    head = [f"{title}: {t['errorCount']} {wrong}, {t['correctCount']} others, {t['patients']} patients" for title, t in columns]
    lines = ["| ranked by | " + " | ".join(head) + " |", "| --- |" + " --- |" * len(columns)]
    for criterion, words in CRITERIA.items():
        cells = []
        for _, ranking in columns:
            rows = [row for row in ranking["rows"] if row["criterion"] == criterion]
            cells.append(estimate(rows[0], "areaUnderROC") if rows else "–")
        if any(cell != "–" for cell in cells):
            lines.append(f"| {words} | " + " | ".join(cells) + " |")
    return lines


def main():
    work, docs = pathlib.Path(sys.argv[1]), pathlib.Path("docs")
    text = []
    links = []
    for run, (name, word) in COHORTS.items():
        evaluations = []
        for model, title in MODELS.items():
            folder = work / model / run / "evaluation"
            if not (folder / "evaluation.json").exists():
                continue
            evaluation = json.loads((folder / "evaluation.json").read_text())
            evaluations.append((title, evaluation))
            target = docs / "validation" / f"{model}-{name}"
            shutil.rmtree(target, ignore_errors=True)
            target.mkdir(parents=True)
            for file in [folder / "evaluation.md", *sorted(folder.glob("*.svg"))]:
                shutil.copy(file, target / file.name)
            links.append(f"[{title}, {word}](validation/{target.name}/evaluation.md)")
        for kind, question in (("lesion", "which lesions are false positives"), ("candidate", "which candidates are missed lesions")):
            lines = table(evaluations, kind)
            if lines:
                text += [f"AUROC for {question}, {word} patients:", "", *lines, ""]
    text += ["Segmentation, groups, AUPRC, retention curves, what is found in the first 10, 20 and 30 %, what is removed at 5 and 10 % "
             "lost, and whether the scores came true: " + "; ".join(links) + "."]
    page = docs / "validation.md"
    before, rest = page.read_text().split(BEGIN)
    after = rest.split(END)[1]
    page.write_text(before + BEGIN + "\n\n" + "\n".join(text) + "\n\n" + END + after)


if __name__ == "__main__":
    main()
