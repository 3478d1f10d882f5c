"""The same cohort by Snakemake, on this machine and as jobs of Slurm. Run by tools/slurm/run.sh after test_array.py."""

import os
import shutil
import signal
import subprocess
import sys
import unittest

from cohort import BIDS, FOLDER, LABELS, LESIONQC, MODEL, OPTIONS, ROOT, assert_same, contents, events
from jobs import freeze

WORKFLOW = ROOT / "workflow/snakemake"
SINGLE = FOLDER / "single"


class SnakemakeTests(unittest.TestCase):
    def start(self, profile, output, *arguments):
        """Snakemake on the cohort, started; it is ended after four minutes."""
        words = ["timeout", "-k", "10", "240", sys.executable, "-m", "snakemake", "-s", WORKFLOW / "Snakefile"]
        words += ["--profile", WORKFLOW / "profiles" / profile, "--nocolor"]
        words += ["--set-threads", "participant=1", "--set-resources", "participant:mem_mb=400", "group:mem_mb=400"]
        words += ["--config", f"bids={BIDS}", f"output={output}", f"model={MODEL}", f"lesionqc={LESIONQC}"]
        words += [f"options={' '.join(OPTIONS)}", *arguments]
        folder = FOLDER / f"{output.name}.work"
        folder.mkdir(exist_ok=True)
        log = folder / "log"
        environment = {**os.environ, "XDG_CACHE_HOME": str(folder / "cache")}
        with log.open("w") as file:
            process = subprocess.Popen(
                list(map(str, words)), cwd=folder, env=environment, stdout=file, stderr=subprocess.STDOUT
            )
        return process, log

    def clean(self, name):
        """An output folder that is not there, and nothing that Snakemake knows of it."""
        for folder in (name, f"{name}.jobs", f"{name}.work"):
            shutil.rmtree(FOLDER / folder, ignore_errors=True)
        return FOLDER / name

    def states(self, output):
        return {row["participant_id"]: row["state"] for row in contents(output)["cohort.tsv"]}

    def test_a_patient_without_t1w_and_the_rest_on_this_machine(self):
        output = self.clean("snakemake")
        image = BIDS / "sub-06/anat/sub-06_T1w.nii.gz"
        aside = image.rename(FOLDER / "aside")
        try:
            process, log = self.start("local", output)
            status = process.wait()
        finally:
            aside.rename(image)
        self.assertEqual(status, 1, log.read_text())
        # The tables are there although the job of one patient failed.
        self.assertEqual(self.states(output), {**dict.fromkeys(LABELS, "done"), "sub-06": "skipped"})

        process, log = self.start("local", output)
        self.assertEqual(process.wait(), 0, log.read_text())
        self.assertEqual(log.read_text().count("rule participant:"), 1, "the others are not run again")
        assert_same(self, output, SINGLE)

        process, log = self.start("local", output)
        self.assertEqual(process.wait(), 0, log.read_text())
        self.assertIn("Nothing to be done", log.read_text())

    def test_jobs_of_slurm_one_of_them_killed(self):
        output = self.clean("snakemake-slurm")
        # Without accounting jobs are asked after with squeue.
        flags = ["--slurm-status-command", "squeue", "--slurm-init-seconds-before-status-checks", "5"]
        flags += ["--seconds-between-status-checks", "5"]
        process, log = self.start("slurm", output, *flags, "--default-resources", "slurm_partition=main")
        try:
            os.kill(freeze(output, "sub-03", ["--participant-label", "sub-03"]), signal.SIGKILL)
            self.assertEqual(process.wait(), 0, log.read_text())
        finally:
            process.terminate()
            process.wait()
        self.assertEqual(events(output, "sub-03"), ["started", "started", "finished"])
        assert_same(self, output, SINGLE)


if __name__ == "__main__":
    unittest.main()
