"""A cohort as the tasks of an array on a real Slurm, with what happens to jobs. Run by tools/slurm/run.sh."""

import os
import signal
import unittest

from cohort import LESIONQC, MODEL, OPTIONS, assert_same, contents, events, place
from jobs import WORKFLOW, await_end, await_that, fields, freeze, is_pending, slurm

# Four tasks of six patients: 01 and 05, 02 and 06, 03, 04.
TASKS = 4


class ArrayTests(unittest.TestCase):
    def setUp(self):
        self.folder, self.bids, self.output = place("array")

    def submit(self, minutes):
        """The array of the cohort and the group job after it; the numbers of both."""
        environment = {**os.environ, "LESIONQC": LESIONQC}
        common = ["sbatch", "--parsable", "--cpus-per-task=1", "--mem=400", f"--chdir={self.folder}"]
        # The signal comes up to a minute earlier than it says.
        limits = [f"--array=1-{TASKS}", f"--time={minutes}", "--signal=B:USR1@1"]
        script = [WORKFLOW / "participants.sh", self.bids, self.output, MODEL, *OPTIONS]
        array = slurm(*common, *limits, *script, env=environment)
        after = [f"--dependency=afterany:{array}", WORKFLOW / "group.sh", self.bids, self.output]
        return array, slurm(*common, *after, env=environment)

    def log(self, array, task):
        return (self.folder / f"slurm-{array}_{task}.out").read_text()

    def freeze(self, array, task, label):
        return freeze(self.output, label, SLURM_ARRAY_JOB_ID=array, SLURM_ARRAY_TASK_ID=task)

    def test_what_happens_to_jobs(self):
        array, group = self.submit(minutes=1)

        killed = self.freeze(array, 2, "sub-02")
        self.freeze(array, 3, "sub-03")
        self.freeze(array, 4, "sub-04")
        os.kill(killed, signal.SIGKILL)
        slurm("scontrol", "requeue", f"{array}_3")
        warned = self.freeze(array, 1, "sub-05")
        report = (self.output / "sub-01.html").stat().st_mtime_ns
        # Goes on as soon as Slurm's warning is there, in the middle of its second patient.
        await_that("the signal before the time limit", lambda: is_pending(warned, signal.SIGUSR1), 90)
        os.kill(warned, signal.SIGCONT)
        # The fourth does not react to it, and comes to its time limit.
        await_end(array, 150)
        await_end(group, 60)

        with self.subTest("a process killed with -9"):
            self.assertEqual(fields(f"{array}_2")["JobState"], "FAILED")
            self.assertEqual(fields(f"{array}_2")["ExitCode"], "137:0")
            self.assertEqual(events(self.output, "sub-02"), ["started"])
            self.assertEqual(events(self.output, "sub-06"), [])
        with self.subTest("put back by scontrol requeue"):
            self.assertEqual(fields(f"{array}_3")["JobState"], "COMPLETED")
            self.assertEqual(fields(f"{array}_3")["Restarts"], "1")
            self.assertEqual(events(self.output, "sub-03"), ["started", "interrupted", "started", "finished"])
        with self.subTest("ended by its time limit"):
            self.assertEqual(fields(f"{array}_4")["JobState"], "TIMEOUT")
            self.assertEqual(events(self.output, "sub-04")[:1], ["started"])
            self.assertNotIn("finished", events(self.output, "sub-04"))
        with self.subTest("warned before its time limit, puts itself back"):
            self.assertEqual(fields(f"{array}_1")["JobState"], "COMPLETED")
            self.assertEqual(fields(f"{array}_1")["Restarts"], "1")
            self.assertEqual(events(self.output, "sub-05"), ["started", "interrupted", "started", "finished"])
            self.assertIn("interrupted; nothing half-written was left", self.log(array, 1))
            # What was done is not done again.
            self.assertEqual(events(self.output, "sub-01"), ["started", "finished"])
            self.assertEqual((self.output / "sub-01.html").stat().st_mtime_ns, report)
        with self.subTest("the group job runs although tasks failed"):
            self.assertEqual(fields(group)["JobState"], "COMPLETED")
            states = {row["participant_id"]: row["state"] for row in contents(self.output)["cohort.tsv"]}
            self.assertEqual({label for label in states if states[label] == "done"}, {"sub-01", "sub-03", "sub-05"})

        again, group = self.submit(minutes=5)
        await_end(again, 120)
        await_end(group, 60)
        for task in range(1, TASKS + 1):
            self.assertEqual(fields(f"{again}_{task}")["JobState"], "COMPLETED", self.log(again, task))
        self.assertEqual(self.log(again, 1).count("up to date"), 2)
        self.assertEqual(fields(group)["JobState"], "COMPLETED")
        assert_same(self, self.output)


if __name__ == "__main__":
    unittest.main()
