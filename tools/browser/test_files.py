"""What the commands write, against the published schemas. Run by tools/browser/run.sh.

PYTHONPATH=tools/browser LESIONQC=.build/release/lesionqc LESIONQC_PAGE_FOLDER=out/browser python
tools/browser/test_files.py
"""

import json
import os
import pathlib
import subprocess
import tempfile
import unittest

import jsonschema
import pages
import referencing

SCHEMAS = {path.name: json.loads(path.read_text()) for path in pathlib.Path("docs/schemas").glob("*.schema.json")}
REGISTRY = referencing.Registry().with_resources(
    (name, referencing.Resource.from_contents(schema)) for name, schema in SCHEMAS.items()
)


def faults(document, schema):
    validator = jsonschema.Draft202012Validator(SCHEMAS[schema], registry=REGISTRY)
    return [f"{error.json_path}: {error.message[:200]}" for error in validator.iter_errors(document)]


class FileTests(unittest.TestCase):
    def test_results_of_a_run(self):
        found = list(pages.FOLDER.glob("run/**/*_desc-lesionqc_results.json"))
        self.assertEqual(len(found), 1)
        results = json.loads(found[0].read_text())
        self.assertEqual(faults(results, "results.schema.json"), [])
        del results["findings"]
        self.assertNotEqual(faults(results, "results.schema.json"), [])

    def test_descriptions_of_the_sample_models(self):
        for model in sorted(pathlib.Path("sample-data/models").glob("*/model.json")):
            with self.subTest(model=str(model)):
                self.assertEqual(faults(json.loads(model.read_text()), "model.schema.json"), [])

    def test_check_says_in_file_lines_and_exit_code_what_it_found(self):
        with tempfile.TemporaryDirectory() as folder:
            file = pathlib.Path(folder, "check.json")
            image = "sample-data/sub-01/anat/sub-01_"
            done = subprocess.run(
                [
                    os.environ["LESIONQC"],
                    "check",
                    "--model",
                    "sample-data/models/unet",
                    "--flair",
                    image + "FLAIR.nii.gz",
                    "--mprage",
                    image + "T1w.nii.gz",
                    "--samples",
                    "2",
                    "--lesions",
                    "1",
                    "--output",
                    str(file),
                    "--quiet",
                ],
                capture_output=True,
                text=True,
            )
            report = json.loads(file.read_text())
        self.assertEqual(faults(report, "check.schema.json"), [])
        self.assertEqual(report["lesionsChecked"], ["L001"])
        lines = done.stdout.splitlines()
        self.assertEqual(len(lines), len(report["checks"]))
        failed = 0
        for line, check in zip(lines, report["checks"]):
            word = {True: "PASS", False: "FAIL", None: "not assessed"}[check.get("passed")]
            self.assertTrue(line.startswith(word), line)
            self.assertEqual(word == "not assessed", "limitation" in check, line)
            failed += word == "FAIL"
        self.assertEqual(done.returncode, 8 if failed else 0)
        if failed:
            self.assertRegex(done.stderr, rf"{failed} of {len(lines)} sanity checks failed")


if __name__ == "__main__":
    unittest.main()
