"""Writes the ranking figures of docs/validation.md from the evaluations that tools/validation/all.sh left, and keeps
each of them.

    python3 tools/validation/page.py out/validation

Python's standard library alone. Each evaluation (evaluation.md with its plots) is copied to
docs/validation/MODEL-COHORT; the tables between the two marks of docs/validation.md are made from their
evaluation.json.
"""

import json
import pathlib
import shutil
import sys

MODELS = {"unet": "U-Net", "nnunet": "nnU-Net style", "swin-unetr": "Swin UNETR"}
COHORTS = {
    "test-run/evaluation": ("phantoms", "synthetic patients"),
    "real-run/evaluation-unseen": ("real-unseen", "the real patient that no network was trained on"),
    "real-run/evaluation": ("real", "both real patients, one of them trained on"),
}
CRITERIA = {
    "errorScore": "error score of the shipped calibration",
    "saliencyPeak": "FLAIR `sum` peak (the uncalibrated order)",
    "peakOfMean": "FLAIR peak of the mean map",
    "crossValidatedPeaks": "peak, calibrated on the cohort's other patients",
    "crossValidatedExtended": "all features, calibrated on the cohort's other patients",
    "volume": "volume",
    "meanProbability": "mean probability",
    "maximumProbability": "maximum probability",
    "meanEntropy": "mean entropy",
    "random": "random order",
}
MEASURES = {
    "averagePrecision": "AUPRC",
    "foundAt10": "of the errors, found in the first 10 %",
    "foundAt20": "in the first 20 %",
    "foundAt30": "in the first 30 %",
    "removedAt5": "of the errors, removed at 5 % of the others lost",
    "removedAt10": "at 10 % lost",
    "retentionGain": "retention: gain over random order, 1 is the oracle",
}
AGGREGATIONS = {"signed-max": "signed-max-run/evaluation"}
PRACTICE = ("errorScore", "saliencyPeak", "meanProbability")
BEGIN, END = "<!-- made by tools/validation/page.py -->", "<!-- end of what it makes -->"


def counted(number, one, many):
    return f"{number} {one if number == 1 else many}"


def estimate(row, measure):
    for entry in row["measures"]:
        if entry["measure"] == measure:
            value = entry["estimate"]
            text = f"{value['value']:.2f}"
            return text + (f" ({value['lower']:.2f} to {value['upper']:.2f})" if "lower" in value else "")
    return "–"


def table(evaluations, kind):
    """One column per evaluation, one row per criterion: AUROC with its interval."""
    columns = [(title, evaluation[kind + "s"]["ranking"]) for title, evaluation in evaluations]
    if not columns:
        return []
    wrong = ("false positive", "false positives") if kind == "lesion" else ("missed lesion", "missed lesions")
    head = [
        f"{title}: {counted(t['errorCount'], *wrong)}, {t['correctCount']} others, "
        f"{counted(t['patients'], 'patient', 'patients')}"
        for title, t in columns
    ]
    lines = ["| ranked by | " + " | ".join(head) + " |", "| --- |" + " --- |" * len(columns)]
    for criterion, words in CRITERIA.items():
        cells = []
        for _, ranking in columns:
            rows = [row for row in ranking["rows"] if row["criterion"] == criterion]
            cells.append(estimate(rows[0], "areaUnderROC") if rows else "–")
        if any(cell != "–" for cell in cells):
            lines.append(f"| {words} | " + " | ".join(cells) + " |")
    return lines


def practice(evaluations, kind):
    """One column per evaluation and one row per measure and criterion."""
    columns = [
        (title, {row["criterion"]: row for row in evaluation[kind + "s"]["ranking"]["rows"]})
        for title, evaluation in evaluations
    ]
    lines = [
        "| measure | ranked by | " + " | ".join(title for title, _ in columns) + " |",
        "| --- | --- |" + " --- |" * len(columns),
    ]
    for measure, words in MEASURES.items():
        for criterion in PRACTICE:
            cells = [estimate(rows[criterion], measure) if criterion in rows else "–" for _, rows in columns]
            lines.append(f"| {words} | {CRITERIA[criterion]} | " + " | ".join(cells) + " |")
            words = ""
    return lines


def aggregations(work):
    """One line per aggregation and model: the peak of its maps beside that of the sum on the same noise samples and
    findings."""
    lines = [
        "| maps | network | false positives, others | noise samples | peak of these maps | "
        "peak of the `sum` maps, same noise samples | volume | mean probability |",
        "| --- " * 8 + "|",
    ]
    for aggregation, place in AGGREGATIONS.items():
        for model, title in MODELS.items():
            file = work / model / place / "evaluation.json"
            if not file.exists():
                continue
            evaluation = json.loads(file.read_text())
            ranking = evaluation["lesions"]["ranking"]
            rows = {row["criterion"]: row for row in ranking["rows"]}
            cells = [
                estimate(rows[criterion], "areaUnderROC")
                for criterion in ("saliencyPeak", "peakOfSum", "volume", "meanProbability")
            ]
            patients = counted(ranking["patients"], "patient", "patients")
            lines.append(
                f"| `{aggregation}` | {title}, {patients} | {ranking['errorCount']}, {ranking['correctCount']} | "
                f"{evaluation['cohort']['samples']} | " + " | ".join(cells) + " |"
            )
    return lines if len(lines) > 2 else []


def main():
    work, docs = pathlib.Path(sys.argv[1]), pathlib.Path("docs")
    text = []
    links = []
    for place, (name, words) in COHORTS.items():
        evaluations = []
        for model, title in MODELS.items():
            folder = work / model / place
            if not (folder / "evaluation.json").exists():
                continue
            evaluation = json.loads((folder / "evaluation.json").read_text())
            evaluations.append((title, evaluation))
            target = docs / "validation" / f"{model}-{name}"
            shutil.rmtree(target, ignore_errors=True)
            target.mkdir(parents=True)
            for file in [folder / "evaluation.md", *sorted(folder.glob("*.svg"))]:
                shutil.copy(file, target / file.name)
            links.append(f"[{title}, {words}](validation/{target.name}/evaluation.md)")
        for kind, question in (
            ("lesion", "which lesions are false positives"),
            ("candidate", "which candidates are missed lesions"),
        ):
            lines = table(evaluations, kind)
            if lines:
                text += [f"AUROC for {question}, {words}:", "", *lines, ""]
                if name == "phantoms":
                    text += ["The other measures of the same:", "", *practice(evaluations, kind), ""]
    compared = aggregations(work)
    if compared:
        text += [
            "AUROC of FLAIR peaks for false positives by the aggregation of the maps, synthetic patients:",
            "",
            *compared,
            "",
        ]
    text += [
        "Segmentation, groups, AUPRC, retention curves, what is found in the first 10, 20 and 30 %, what is removed at "
        "5 and 10 % lost, and whether the scores came true: " + "; ".join(links) + "."
    ]
    page = docs / "validation.md"
    before, rest = page.read_text().split(BEGIN)
    after = rest.split(END)[1]
    page.write_text(before + BEGIN + "\n\n" + "\n".join(text) + "\n\n" + END + after)


if __name__ == "__main__":
    main()
