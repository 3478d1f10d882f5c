"""A cohort as the tasks of an array, on a real slurmctld and slurmd, with everything that happens to jobs. Run by tools/slurm/run.sh."""

import contextlib
import os
import shutil
import signal
import unittest

from cohort import BIDS, FOLDER, LABELS, LESIONQC, MODEL, OPTIONS, assert_same, contents, events, start_single
from jobs import WORKFLOW, await_end, await_that, fields, freeze, is_pending, slurm

OUTPUT, SINGLE, LOGS = (FOLDER / name for name in ("array", "single", "logs"))
# Four tasks of six patients: 01 and 05, 02 and 06, 03, 04.
TASKS = 4


def submit(minutes):
    """The array of the cohort and the group job after it; the numbers of both."""
    limits = [f"--time={minutes}", "--cpus-per-task=1", "--mem=400", f"--chdir={LOGS}"]
    environment = {**os.environ, "LESIONQC": LESIONQC}
    # The signal comes up to a minute earlier than it says.
    array = ["sbatch", "--parsable", f"--array=1-{TASKS}", "--signal=B:USR1@1", *limits, WORKFLOW / "participants.sh"]
    number = slurm(*array, BIDS, OUTPUT, MODEL, *OPTIONS, env=environment)
    group = ["sbatch", "--parsable", f"--dependency=afterany:{number}", "--mem=400", f"--chdir={LOGS}"]
    return number, slurm(*group, WORKFLOW / "group.sh", BIDS, OUTPUT, env=environment)


def log(array, task):
    return (LOGS / f"slurm-{array}_{task}.out").read_text()


class ArrayTests(unittest.TestCase):
    def setUp(self):
        for folder in (OUTPUT, LOGS):
            shutil.rmtree(folder, ignore_errors=True)
        LOGS.mkdir(parents=True)
        self.frozen = []

    def tearDown(self):
        for process in self.frozen:
            with contextlib.suppress(ProcessLookupError):
                os.kill(process, signal.SIGKILL)

    def freeze(self, array, task, label):
        process = freeze(OUTPUT, label, SLURM_ARRAY_JOB_ID=array, SLURM_ARRAY_TASK_ID=task)
        self.frozen.append(process)
        return process

    def test_what_happens_to_jobs(self):
        self.assertEqual(LABELS, [f"sub-0{number}" for number in range(1, 7)])
        array, group = submit(minutes=1)

        killed = self.freeze(array, 2, "sub-02")
        requeued = self.freeze(array, 3, "sub-03")
        self.freeze(array, 4, "sub-04")
        os.kill(killed, signal.SIGKILL)
        slurm("scontrol", "requeue", f"{array}_3")
        warned = self.freeze(array, 1, "sub-05")
        report = (OUTPUT / "sub-01.html").stat().st_mtime_ns
        single = start_single(SINGLE)
        # Goes on as soon as Slurm's warning is there, in the middle of its second patient.
        await_that("the signal before the time limit", lambda: is_pending(warned, signal.SIGUSR1), 90)
        os.kill(warned, signal.SIGCONT)
        # The fourth does not react to it, and comes to its time limit.
        await_end(array, 150)
        await_end(group, 60)
        self.assertEqual(single.wait(120), 0)

        with self.subTest("a process killed with -9"):
            self.assertEqual(fields(f"{array}_2")["JobState"], "FAILED")
            self.assertEqual(fields(f"{array}_2")["ExitCode"], "137:0")
            self.assertEqual(events(OUTPUT, "sub-02"), ["started"])
            self.assertEqual(events(OUTPUT, "sub-06"), [])
        with self.subTest("put back by scontrol requeue"):
            self.assertEqual(fields(f"{array}_3")["JobState"], "COMPLETED")
            self.assertEqual(fields(f"{array}_3")["Restarts"], "1")
            self.assertEqual(events(OUTPUT, "sub-03"), ["started", "interrupted", "started", "finished"])
        with self.subTest("ended by its time limit"):
            self.assertEqual(fields(f"{array}_4")["JobState"], "TIMEOUT")
            self.assertEqual(events(OUTPUT, "sub-04")[:1], ["started"])
            self.assertNotIn("finished", events(OUTPUT, "sub-04"))
        with self.subTest("warned before its time limit, puts itself back"):
            self.assertEqual(fields(f"{array}_1")["JobState"], "COMPLETED")
            self.assertEqual(fields(f"{array}_1")["Restarts"], "1")
            self.assertEqual(events(OUTPUT, "sub-05"), ["started", "interrupted", "started", "finished"])
            self.assertIn("interrupted; nothing half-written was left", log(array, 1))
            # What was done is not done again.
            self.assertEqual(events(OUTPUT, "sub-01"), ["started", "finished"])
            self.assertEqual((OUTPUT / "sub-01.html").stat().st_mtime_ns, report)
        with self.subTest("the group job runs although tasks failed"):
            self.assertEqual(fields(group)["JobState"], "COMPLETED")
            states = {row["participant_id"]: row["state"] for row in contents(OUTPUT)["cohort.tsv"]}
            self.assertEqual({label for label in states if states[label] == "done"}, {"sub-01", "sub-03", "sub-05"})

        again, group = submit(minutes=5)
        await_end(again, 120)
        await_end(group, 60)
        for task in range(1, TASKS + 1):
            self.assertEqual(fields(f"{again}_{task}")["JobState"], "COMPLETED", log(again, task))
        self.assertEqual(log(again, 1).count("up to date"), 2)
        self.assertEqual(fields(group)["JobState"], "COMPLETED")
        assert_same(self, OUTPUT, SINGLE)


if __name__ == "__main__":
    unittest.main()
