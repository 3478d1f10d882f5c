"""The same cohort by Snakemake, on this machine and as jobs of Slurm. Run by tools/slurm/run.sh."""

import os
import signal
import subprocess
import sys
import unittest

from cohort import LABELS, LESIONQC, MODEL, OPTIONS, ROOT, assert_same, contents, events, place
from jobs import freeze

WORKFLOW = ROOT / "workflow/snakemake"


class SnakemakeTests(unittest.TestCase):
    def start(self, profile, *arguments, options=OPTIONS):
        """Snakemake on the cohort of this test, started; it is ended after four minutes."""
        words = ["timeout", "-k", "10", "240", sys.executable, "-m", "snakemake", "-s", WORKFLOW / "Snakefile"]
        words += ["--profile", WORKFLOW / "profiles" / profile, "--nocolor"]
        words += ["--set-threads", "participant=1", "--set-resources", "participant:mem_mb=400", "group:mem_mb=400"]
        words += [*arguments, "--config", f"bids={self.bids}", f"output={self.output}", f"model={MODEL}"]
        words += [f"lesionqc={LESIONQC}", f"options={' '.join(options)}"]
        environment = {**os.environ, "XDG_CACHE_HOME": str(self.folder / "cache")}
        with (self.folder / "log").open("w") as file:
            return subprocess.Popen(
                list(map(str, words)), cwd=self.folder, env=environment, stdout=file, stderr=subprocess.STDOUT
            )

    def run_locally(self, *arguments, **options):
        """The exit code of Snakemake on this machine, and what it said."""
        status = self.start("local", *arguments, **options).wait()
        return status, self.log()

    def log(self):
        return (self.folder / "log").read_text()

    def test_a_patient_without_t1w_and_the_rest_on_this_machine(self):
        self.folder, self.bids, self.output = place("snakemake")
        image = self.bids / "sub-06/anat/sub-06_T1w.nii.gz"
        aside = image.rename(self.folder / "aside")
        status, log = self.run_locally()
        self.assertEqual(status, 1, log)
        # The tables are there although the job of one patient failed.
        states = {row["participant_id"]: row["state"] for row in contents(self.output)["cohort.tsv"]}
        self.assertEqual(states, {**dict.fromkeys(LABELS, "done"), "sub-06": "skipped"})

        aside.rename(image)
        status, log = self.run_locally()
        self.assertEqual(status, 0, log)
        self.assertEqual(log.count("rule participant:"), 1, "the others are not run again")
        assert_same(self, self.output)

        _, log = self.run_locally("--dry-run", options=[*OPTIONS, "--seed", "2"])
        self.assertEqual(log.count("rule participant:"), len(LABELS), "other settings are not passed over in silence")

    def test_jobs_of_slurm_one_of_them_killed(self):
        self.folder, self.bids, self.output = place("snakemake-slurm")
        # Without accounting jobs are asked after with squeue.
        flags = ["--slurm-status-command", "squeue", "--slurm-init-seconds-before-status-checks", "5"]
        process = self.start("slurm", *flags, "--default-resources", "slurm_partition=main")
        try:
            os.kill(freeze(self.output, "sub-03", ["--participant-label", "sub-03"]), signal.SIGKILL)
            self.assertEqual(process.wait(), 0, self.log())
        finally:
            process.terminate()
            process.wait()
        self.assertEqual(events(self.output, "sub-03"), ["started", "started", "finished"])
        assert_same(self, self.output)


if __name__ == "__main__":
    unittest.main()
