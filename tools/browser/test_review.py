"""Marks, the verdict on the study and what the review leaves, in a real browser. Run by tools/browser/run.sh."""

import json
import pathlib
import re
import time
import unittest

import jsonschema
import pages

SCHEMA = json.loads(pathlib.Path("docs/schemas/decisions.schema.json").read_text())


class ReviewTests(pages.ReportCase):
    def viewed(self):
        opened = self.open()
        opened.page.fill("#reader", "R1")
        opened.press("Enter", "j")
        until = time.monotonic() + 60
        while not opened.page.evaluate("document.getElementById('viewer').dataset.drawn"):
            self.assertLess(time.monotonic(), until)
            time.sleep(0.05)
        return opened

    def exported(self, opened):
        file = self.folder / "decisions.json"
        opened.save(file, lambda: opened.page.click("#export"))
        decisions = json.loads(file.read_text())
        jsonschema.validate(decisions, SCHEMA)
        return decisions

    def volumes(self, opened):
        return {
            one["id"]: float(one["volume"])
            for one in opened.page.eval_on_selector_all(
                "article.finding", "all => all.map((one) => ({ id: one.id, volume: one.dataset.cubicMillimetres }))"
            )
        }

    def test_a_click_marks_a_lesion_and_a_drag_gives_its_diameter(self):
        opened = self.viewed()
        pane = opened.page.locator(".pane.large")
        box, scale = pane.locator("canvas").bounding_box(), float(pane.get_attribute("data-pixels-per-mm"))
        middle = (box["x"] + box["width"] / 2, box["y"] + box["height"] / 2)
        before = opened.text("#viewer-at")
        opened.press("m")
        self.assertEqual(opened.page.locator("[data-act=mark]").get_attribute("aria-pressed"), "true")
        opened.page.mouse.move(*middle)
        opened.page.mouse.down()
        opened.page.mouse.move(middle[0] + 4 * scale, middle[1])
        opened.page.mouse.up()
        # The cross-hair stays, and the next click is none of a mark.
        self.assertEqual(opened.text("#viewer-at"), before)
        self.assertEqual(opened.page.locator("[data-act=mark]").get_attribute("aria-pressed"), "false")
        opened.press("m")
        pane.locator(".frame").focus()
        opened.press("Enter")
        self.assertEqual(opened.page.locator("#marks tbody tr").count(), 2)
        opened.page.locator("#marks input").first.fill("beside a sulcus </script>")
        [first, second] = self.exported(opened)["marks"]
        self.assertAlmostEqual(first["diameterMillimetres"], 8, delta=0.2)
        self.assertNotIn("diameterMillimetres", second)
        self.assertEqual(first["comment"], "beside a sulcus </script>")
        # The viewer stood at this voxel.
        voxel = [int(part) for part in re.search(r"voxel (\d+), (\d+), (\d+)", before).groups()]
        self.assertEqual([first["voxel"], second["voxel"]], [voxel, voxel])
        circle = pane.locator("[data-mark=R001]")
        self.assertAlmostEqual(float(circle.get_attribute("r")), 4 * scale, delta=1)
        opened.page.locator("#marks tbody tr").first.get_by_role("button", name="Remove").click()
        self.assertEqual([mark["id"] for mark in self.exported(opened)["marks"]], ["R002"])
        self.assertEqual(opened.errors, [])

    def test_what_the_review_leaves_is_said_at_once(self):
        opened = self.viewed()
        self.assertEqual(opened.text("#after-review"), "")
        volumes = self.volumes(opened)
        lesions = [id for id in self.ids if id[0] == "L"]
        candidate = next(id for id in self.ids if id[0] == "C")
        opened.page.evaluate("id => { window.location.hash = id; }", lesions[0])
        opened.page.locator(f"#{lesions[0]}").focus()
        opened.press("r")
        opened.page.locator(f"#{candidate}").focus()
        opened.page.locator(f"#{candidate}").scroll_into_view_if_needed()
        opened.press("a")
        millilitres = (sum(volumes[id] for id in lesions[1:]) + volumes[candidate]) / 1000
        said = f"After your review: {len(lesions)} lesions, {millilitres:.2f} ml"
        self.assertEqual(opened.page.locator("#after-review").text_content(), said)
        opened.press("m")
        opened.page.locator(".pane.large .frame").focus()
        opened.press("Enter")
        said = f"After your review: {len(lesions) + 1} lesions (1 marked, without volume), {millilitres:.2f} ml"
        self.assertEqual(opened.page.locator("#after-review").text_content(), said)

    def test_the_verdict_is_kept_saved_and_exported(self):
        opened = self.viewed()
        opened.press("q")
        self.assertEqual(opened.page.evaluate("document.activeElement.name"), "study-verdict")
        opened.page.check("[name=study-verdict][value=needsCorrection]")
        opened.page.select_option("#study-grade", "2")
        opened.page.fill("#study-comment", "motion")
        self.assertIn(
            "Needs correction · grade 2: large corrections needed · motion (R1, 2", opened.text("#study-said")
        )
        opened.page.reload()
        self.assertIn("Needs correction", opened.text("#study-said"))
        saved = self.folder / "saved.html"
        opened.save(saved)
        again = self.open(saved)
        self.assertIn("Needs correction · grade 2", again.text("#study-said"))
        study = self.exported(again)["study"]
        self.assertEqual((study["verdict"], study["grade"], study["comment"]), ("needsCorrection", 2, "motion"))
        again.page.click("#study-clear")
        self.assertNotIn("study", self.exported(again))
        self.assertEqual(again.errors, [])


if __name__ == "__main__":
    unittest.main(verbosity=1)
