"""The report on paper, counted sheet by sheet. Run by tools/browser/run.sh."""

import json
import os
import re
import subprocess
import unicodedata
import unittest

import pages
import paper

CALIBRATED = pages.FOLDER / "calibrated.html"
MANY = pages.FOLDER / "300.html"
OTHERS = [pages.FOLDER / name for name in ["0.html", "warnings.html"]]


class PrintTests(pages.ReportCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.printouts = {}

    def sheets(self, file=pages.REPORT, on="A4", is_all=False):
        """Printing is what takes long: a page is printed once in each way, for all tests."""
        key = (file, on, is_all)
        if key not in self.printouts:
            opened = self.open(file)
            if is_all:
                opened.page.check("#print-all")
            self.printouts[key] = paper.printed(opened, on)
            opened.close()
        return self.printouts[key]

    def test_prints_every_line_and_a_page_for_each_flagged_finding(self):
        opened = self.review()
        sheets = paper.printed(opened)
        # Without a calibration the first ten; of the others those that were not accepted.
        flagged = [id for at, id in enumerate(self.ids) if at < 10 or at % 4 != 0]
        self.assertLess(len(flagged), len(self.ids), "the patient has findings to leave out")
        for id in self.ids:
            self.assertIn(id, sheets.texts[0])
        left_out = opened.page.locator(".tiles dd span").nth(2).text_content()
        for text in [left_out, "each counted once", "Reader: R1; ", "Pages follow for the first 10 of"]:
            self.assertIn(text, sheets.words(0))
        for at, id in enumerate(flagged):
            self.assertEqual(sheets.of(f"desc-{id}_saliency"), [1 + at])
            self.assertIn("Minimum, whole", sheets.words(1 + at))
        for id in set(self.ids) - set(flagged):
            self.assertEqual(sheets.of(f"desc-{id}_saliency"), [], id)
        self.assertLessEqual(len(sheets), 1 + len(flagged) + 5)
        [overview], [checks] = sheets.of("slices that hold a finding"), sheets.of("Sanity checks of the maps")
        self.assertLess(len(flagged), overview)
        self.assertLessEqual(overview, checks)
        self.assertIn("UNCALIBRATED ORDER", sheets.texts[-1])
        self.assertIn("Research software, not a medical device", sheets.texts[-1])
        self.assertIn("(R1, 2", sheets.all_words())

    def test_a_filter_leaves_nothing_out_of_a_print(self):
        opened = self.open()
        for choice in ["candidate", "open"]:
            opened.page.select_option("#filter", choice)
            sheets = paper.printed(opened)
            for at, id in enumerate(self.ids):
                self.assertIn(id, sheets.texts[0])
                self.assertEqual(len(sheets.of(f"desc-{id}_saliency")), int(at < 10), id)
            self.assertNotIn("No finding passes", sheets.texts[0])

    def test_a_print_is_as_wide_as_its_paper_and_large_enough_to_read(self):
        # Candidates, reference, error scores: the widest tables.
        for file in [pages.REPORT, CALIBRATED, MANY]:
            opened = self.open(file)
            opened.page.emulate_media(media="print")
            for on, size in [("A4", (595, 842)), ("Letter", (612, 792))]:
                with self.subTest(file=file.name, paper=on):
                    sheets = self.sheets(file, on)
                    heights = set()
                    for at in range(len(sheets)):
                        self.assertEqual(sheets.size(at), size)
                        heights |= sheets.points(at)
                    # Chromium shrinks a page that is too wide, so that a wide table is small text as well.
                    self.assertGreaterEqual(round(min(heights), 2), 7)
                    self.assertLess(max(heights), 30, "sizes are in points of the sheet")
                    opened.page.set_viewport_size({"width": paper.room(on)["width"], "height": 1000})
                    wide = opened.page.evaluate("document.documentElement.scrollWidth")
                    self.assertLessEqual(wide, paper.room(on)["width"])

    def test_every_printed_page_says_whose_it_is_and_which(self):
        for file in [pages.REPORT, CALIBRATED, *OTHERS]:
            opened = self.open(file)
            patient = opened.text("h1")
            report = json.loads(opened.page.locator("#decisions").text_content())["reportId"]
            opened.close()
            for on in paper.PAPERS:
                sheets = self.sheets(file, on)
                for at in range(len(sheets)):
                    self.assertIn(f"{patient} · report {report[:12]}", sheets.words(at), (file.name, on, at))
                    self.assertIn(f"page {at + 1} of {len(sheets)}", sheets.words(at), (file.name, on, at))

    def test_a_printed_finding_takes_one_page(self):
        for file in [pages.REPORT, CALIBRATED]:
            opened = self.open(file)
            opened.page.check("#print-all")
            opened.page.emulate_media(media="print")
            for on in paper.PAPERS:
                opened.page.set_viewport_size(paper.room(on))
                heights = opened.page.eval_on_selector_all(
                    "#findings article.finding",
                    "all => all.map((one) => [one.id, one.getBoundingClientRect().height])",
                )
                self.assertGreater(len(heights), 8)
                sheets = self.sheets(file, on, is_all=True)
                self.assertEqual(sheets.of("M001"), [], "the reference waits, on paper, too")
                for id, height in heights:
                    with self.subTest(file=file.name, paper=on, finding=id):
                        self.assertLess(height, paper.room(on)["height"])
                        # Head, file of the map and last row stand on one page, and nothing of it on another.
                        [at] = sheets.of(f"desc-{id}_saliency")
                        self.assertRegex(sheets.words(at), rf"\d+ {id} (lesion|missed-lesion candidate) ")
                        self.assertIn("Minimum, whole", sheets.words(at))
                        # No panel through the centroid is printed: the caption says where it lies.
                        self.assertRegex(sheets.words(at), r"The centroid lies \d+\.\d mm from it[,;] ")
                self.assertNotIn("Pages follow for", sheets.texts[0])

    def test_nothing_is_broken_over_two_pages(self):
        """Sections that fit on a sheet stand on one; only long lists and tables go on, with more than a last row."""
        for file in [pages.REPORT, CALIBRATED, *OTHERS]:
            opened = self.open(file)
            opened.page.emulate_media(media="print")
            for on in paper.PAPERS:
                opened.page.set_viewport_size(paper.room(on))
                # First and last words of every part that is not to be broken.
                parts = opened.page.evaluate("""() => [...document.querySelectorAll([
                    'main > section:not(#findings, #work-list, #summary, #rules, #provenance)',
                    'main > section:not(#findings) tr', 'main li'].join(', '))]
                    .filter((one) => one.getClientRects().length && one.innerText.trim().length > 30)
                    .map((one) => [one.id || one.tagName, one.innerText.replace(/\\s+/g, ' ').trim()])""")

                self.assertGreater(len(parts), 10)
                sheets = self.sheets(file, on)
                for name, text in parts:
                    ends = text[:24].strip(), text[-24:].strip()
                    both = [
                        at
                        for at in range(len(sheets))
                        if all(squeezed(end) in squeezed(sheets.texts[at]) for end in ends)
                    ]
                    self.assertNotEqual(both, [], (file.name, on, name, ends))
                self.assertGreater(sheets.filled(len(sheets) - 1), 0.12, (file.name, on))

    def test_no_page_is_half_black_or_half_empty(self):
        for file in [pages.REPORT, CALIBRATED, pages.FOLDER / "0.html"]:
            for on in paper.PAPERS:
                sheets = self.sheets(file, on)
                for at in range(len(sheets)):
                    self.assertLess(sheets.black(at), 0.4, (file.name, on, at))
                    if at + 1 < len(sheets):
                        self.assertGreater(sheets.filled(at), 0.5, (file.name, on, at))

    def test_the_work_list_of_a_usual_patient_is_on_the_first_page(self):
        for file in [pages.REPORT, CALIBRATED]:
            for on in paper.PAPERS:
                sheets = self.sheets(file, on)
                ids = re.findall(r'<article class="finding" id="([LC]\d+)"', file.read_text())
                for id in ids:
                    self.assertIn(id, sheets.texts[0], (file.name, on))

    def test_many_warnings_are_printed(self):
        self.assertIn("still shows brain", self.sheets(pages.FOLDER / "warnings.html").all_words())

    def test_prints_down_to_the_review_cutoff_of_a_calibration(self):
        sheets = self.sheets(CALIBRATED)
        stop = int(re.search(r"Review\s+cut-off:\s+the\s+first\s+(\d+)", sheets.texts[0]).group(1))
        self.assertEqual(len(sheets.of("_saliency.nii.gz")), stop)

    def test_a_saved_report_is_printed_with_its_decisions(self):
        saved = self.folder / "printed.html"
        opened = self.review()
        opened.save(saved)
        opened.close()
        command = [os.environ["LESIONQC"], "report", str(saved), "--pdf"]
        done = subprocess.run(command, capture_output=True, text=True)
        self.assertEqual((done.returncode, done.stderr), (0, ""))
        self.assertEqual(done.stdout, f"printed {self.folder}/printed.pdf\n")
        sheets = paper.Sheets(self.folder / "printed.pdf")
        self.assertIn("Reader: R1", sheets.texts[0])
        self.assertIn("(R1, 2", sheets.all_words())
        self.assertNotIn("Undecided", sheets.all_words())
        again = subprocess.run(command, capture_output=True, text=True)
        self.assertEqual(again.returncode, 3)
        self.assertIn("--overwrite", again.stderr)
        without = subprocess.run(command[:-1], capture_output=True, text=True)
        self.assertEqual(without.returncode, 2)
        self.assertIn("--pdf", without.stderr)


def squeezed(text):
    """Without the blanks and hyphens at which a sheet may break a line."""
    return re.sub(r"[\s\u00ad\ufffe-]+", "", unicodedata.normalize("NFKC", text))


if __name__ == "__main__":
    unittest.main(verbosity=1)
