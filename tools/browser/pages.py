"""Opens report files in the headless Chromium of the system, watching what they ask for."""

import contextlib
import os
import pathlib
import re
import shutil
import tempfile
import unittest

from playwright.sync_api import sync_playwright

FOLDER = pathlib.Path(os.environ.get("LESIONQC_PAGE_FOLDER", "out/browser"))
# Of the run that run.sh makes.
REPORT = FOLDER / "sub-01.html"
DESK = {"width": 1366, "height": 768}
PHONE = {"width": 412, "height": 915}


@contextlib.contextmanager
def chromium():
    path = shutil.which("chromium") or shutil.which("chromium-browser")
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=path, args=["--no-sandbox"])
        yield browser
        browser.close()


class Opened:
    """A page with everything it complained about and everything it asked for besides itself."""

    def __init__(self, browser, file, viewport=DESK, **options):
        self.context = browser.new_context(viewport=viewport, accept_downloads=True, **options)
        # A busy machine is slow, not wrong.
        self.context.set_default_timeout(180_000)
        self.page = self.context.new_page()
        self.requests, self.errors = [], []
        self.page.on("request", lambda request: self.requests.append(request.url))
        self.page.on("console", lambda message: self.errors.append(message.text) if message.type != "log" else None)
        self.page.on("pageerror", lambda error: self.errors.append(str(error)))
        self.page.on("dialog", lambda dialog: dialog.accept())
        # The file picker cannot be steered from outside: downloads are what is tested, the picker by a stand-in.
        self.page.add_init_script("delete window.showSaveFilePicker")
        self.url = pathlib.Path(file).resolve().as_uri()
        self.page.goto(self.url)

    def asked_for(self):
        return [url for url in self.requests if url != self.url and not url.startswith(("data:", "blob:"))]

    def press(self, *keys):
        for key in keys:
            self.page.keyboard.press(key)

    def text(self, selector):
        return self.page.locator(selector).inner_text()

    def save(self, target, action=None):
        with self.page.expect_download() as download:
            (action or (lambda: self.page.click(".controls .save-report")))()
        download.value.save_as(target)
        return download.value.suggested_filename

    def close(self):
        if not self.page.is_closed():
            self.context.close()


class ReportCase(unittest.TestCase):
    """One browser for all tests of a class, and a folder for what they save."""

    @classmethod
    def setUpClass(cls):
        cls.chromium = chromium()
        cls.browser = cls.chromium.__enter__()
        cls.folder = pathlib.Path(tempfile.mkdtemp())
        cls.ids = re.findall(r'<article class="finding" id="([LC]\d+)"', REPORT.read_text())

    @classmethod
    def tearDownClass(cls):
        cls.chromium.__exit__(None, None, None)

    def open(self, file=REPORT, **options):
        opened = Opened(self.browser, file, **options)
        self.addCleanup(opened.close)
        return opened

    def review(self, reader="R1"):
        """Decides on every finding by keyboard, in turn accept, reject, edit needed, unsure."""
        opened = self.open()
        opened.page.fill("#reader", reader)
        opened.press("Enter")
        for at in range(len(self.ids)):
            opened.press("j", "areu"[at % 4])
        return opened
