"""The wheel in a fresh environment: the command, its exit codes and signals, what it loads, what is left without it.

LESIONQC_DIST_FOLDER=out/dist python tools/dist/test_wheel.py
"""

import os
import signal
import subprocess
import sys
import tempfile
import time
import unittest
from pathlib import Path

from loaded import loaded, parted

FOLDER = Path(os.environ.get("LESIONQC_DIST_FOLDER", "out/dist"))
WHEEL = next(iter(FOLDER.glob("*.whl")))
LIMIT = 600


class InstalledTests(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        temporary = tempfile.TemporaryDirectory()
        cls.addClassCleanup(temporary.cleanup)
        cls.folder = Path(temporary.name).resolve()
        cls.environment = cls.folder / "environment"
        subprocess.run([sys.executable, "-m", "venv", cls.environment], check=True)
        cls.before = cls.installed()
        cls.pip("install", "--no-index", WHEEL.resolve())
        cls.command = cls.environment / "bin/lesionqc"
        cls.samples = cls.environment / "share/lesionqc/sample-data"

    @classmethod
    def pip(cls, *arguments):
        own = [cls.environment / "bin/python", "-m", "pip", "--quiet", "--disable-pip-version-check"]
        subprocess.run([*own, *arguments], check=True)

    @classmethod
    def installed(cls):
        paths = (path for path in cls.environment.rglob("*") if path.is_file() and "__pycache__" not in path.parts)
        return sorted(str(path.relative_to(cls.environment)) for path in paths)

    def run_command(self, *arguments, **environment):
        # Nothing of the shell that runs the tests: templates and libraries are found by the command itself.
        surroundings = {"HOME": str(self.folder), "PATH": "/usr/bin:/bin"} | environment
        return subprocess.run(
            [self.command, *arguments], env=surroundings, cwd=self.folder, capture_output=True, text=True, timeout=LIMIT
        )

    def images(self):
        image = self.samples / "sub-01/anat/sub-01"
        return ["--flair", f"{image}_FLAIR.nii.gz", "--mprage", f"{image}_T1w.nii.gz"]

    def test_the_command_reports_with_its_own_templates_and_libraries(self):
        mask = self.samples / "derivatives/truth/sub-01/anat/sub-01_label-L_mask.nii.gz"
        done = self.run_command(
            "report", *self.images(), "--mask", mask, "--tool", "Segmenter 1.0", "--id", "sample01", "--quiet",
            "--output", "reported", LD_DEBUG="libs", LD_DEBUG_OUTPUT=str(self.folder / "loaded"),
        )  # fmt: skip
        self.assertEqual(done.returncode, 0, done.stderr)
        self.assertIn("Segmenter 1.0", (self.folder / "reported/sub-sample01.html").read_text(encoding="utf-8"))
        self.assertEqual(self.run_command("audit", "verify", "reported").returncode, 0)
        own, _, foreign = parted(loaded(self.folder), self.environment / "lib/lesionqc")
        self.assertIn("libdnnl.so.2", {Path(path).name for path in own})
        self.assertEqual(foreign, set())

    def test_exit_codes_pass_through(self):
        self.assertEqual(self.run_command("--version").returncode, 0)
        self.assertEqual(self.run_command("patient", "--no-such-option").returncode, 2)
        bad = self.folder / "bad.nii.gz"
        bad.write_text("no image")
        model = self.samples / "models/unet"
        done = self.run_command("patient", "--flair", bad, "--mprage", bad, "--model", model, "--output", "bad")
        self.assertEqual(done.returncode, 3, done.stderr)
        self.assertIn("bad.nii.gz", done.stderr)

    def test_ctrl_c_and_sigterm_reach_the_program(self):
        for number in (signal.SIGINT, signal.SIGTERM):
            with self.subTest(signal=number.name):
                output = self.folder / number.name
                command = [self.command, "patient", *self.images(), "--model", self.samples / "models/unet"]
                process = subprocess.Popen([*command, "--id", "p1", "--output", output], stderr=subprocess.PIPE)
                self.addCleanup(process.kill)
                trail = output / "audit/sub-p1.jsonl"
                ends = time.monotonic() + LIMIT
                while not (trail.exists() and trail.stat().st_size) and process.poll() is None:
                    self.assertLess(time.monotonic(), ends)
                    time.sleep(0.1)
                process.send_signal(number)
                process.communicate(timeout=LIMIT)
                self.assertEqual(process.returncode, 130)
                self.assertIn('"event":"interrupted"', trail.read_text())

    def test_uninstalling_leaves_nothing(self):
        self.assertNotEqual(self.installed(), self.before)
        self.pip("uninstall", "--yes", "lesionqc")
        try:
            self.assertEqual(self.installed(), self.before)
        finally:
            self.pip("install", "--no-index", WHEEL.resolve())


if __name__ == "__main__":
    unittest.main()
