"""The linked viewer and what is hidden until a reader has decided, in a real browser. Run by tools/browser/run.sh."""

import re
import time
import unittest

import pages
from axe_playwright_python.sync_playwright import Axe

CALIBRATED = pages.FOLDER / "calibrated.html"


class ViewerTests(pages.ReportCase):
    def wait(self, opened, expression, arg=None):
        """The page's policy forbids the evaluation that waiting inside of it needs."""
        until = time.monotonic() + 60
        while not opened.page.evaluate(expression, arg):
            self.assertLess(time.monotonic(), until, expression)
            time.sleep(0.05)
        # The frame in which the change is drawn.
        opened.page.evaluate("new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done)))")

    def at(self, id, opened):
        self.wait(opened, "id => document.getElementById('viewer').dataset.drawn === id", id)

    def viewed(self, **options):
        opened = self.open(**options)
        opened.press("j")
        self.at(opened.page.locator("[aria-current]").get_attribute("id"), opened)
        return opened

    def settled(self, opened):
        self.wait(opened, "true")

    def pixels(self, opened):
        """The pixels of the large pane."""
        return opened.page.evaluate("document.querySelector('.pane.large canvas').toDataURL()")

    def test_it_follows_the_work_list(self):
        opened = self.viewed()
        for id in [self.ids[0], self.ids[1]]:
            self.at(id, opened)
            self.assertTrue(opened.page.locator(f"#{id} #viewer").is_visible())
            self.assertEqual(opened.text("#viewer-finding"), id)
            # The voxel that the viewer stands at is the one that the pictures go through.
            voxel = re.search(r"voxel \((.*?)\)", opened.page.locator(f"#{id} figcaption").first.inner_text()).group(1)
            self.assertIn(f"voxel {voxel} ·", opened.text("#viewer-at"))
            self.assertTrue(opened.page.locator(".pane.large .own").get_attribute("d"), "its contour is drawn")
            opened.press("j")
        opened.press("k", "k")
        self.at(self.ids[0], opened)
        self.assertEqual(opened.asked_for(), [])
        self.assertEqual(opened.errors, [])

    def test_the_large_pane_is_large_and_its_scale_is_true(self):
        opened = self.viewed()
        canvas = opened.page.locator(".pane.large canvas")
        box = canvas.bounding_box()
        self.assertGreaterEqual(box["width"], 512)
        self.assertAlmostEqual(box["width"], box["height"], delta=0.5)
        self.assertLessEqual(box["y"] + box["height"], opened.page.locator(".review-bar").bounding_box()["y"])
        stated = float(re.search(r"1 mm = ([\d.]+) px", opened.text("#viewer-scale")).group(1))
        self.assertGreaterEqual(stated, 8)
        # A click so many pixels beside the cross-hair goes so many millimetres away.
        before = self.position(opened)
        opened.page.mouse.click(box["x"] + box["width"] / 2 - 10 * stated, box["y"] + box["height"] / 2 - 5 * stated)
        self.settled(opened)
        after = self.position(opened)
        # To the nearest voxel of 1 mm: the patient's right is on the left, anterior is up.
        for one, other, way in zip(before, after, [10, 5, 0], strict=True):
            self.assertAlmostEqual(other - one, way, delta=0.6)
        for pane in opened.page.locator(".pane").all():
            scale = float(pane.get_attribute("data-pixels-per-mm"))
            bar = pane.locator(".bar")
            length = bar.evaluate("path => path.getBBox().width")
            self.assertAlmostEqual(length / float(bar.get_attribute("data-mm")), scale, delta=0.01)

    def position(self, opened):
        return [float(value.replace("−", "-")) for value in opened.text("#viewer-at").split("· ")[1][:-3].split(", ")]

    def test_it_flickers_in_the_same_place(self):
        opened = self.viewed()
        seen, places = {}, set()
        for _ in range(5):
            layer = opened.page.locator("#viewer").get_attribute("data-layer")
            seen[layer] = self.pixels(opened)
            places.add(opened.page.locator(".pane.large .outlines").get_attribute("transform"))
            drawn = bool(opened.page.locator(".pane.large .own").get_attribute("d"))
            self.assertEqual(drawn, layer not in ["flair", "mprage"], layer)
            opened.press("x")
            self.settled(opened)
        self.assertEqual(set(seen), {"flair", "mprage", "contour", "saliency", "mpragesaliency"})
        self.assertEqual(len(places), 1)
        # A contour touches no pixel; everything else changes them.
        self.assertEqual(seen["flair"], seen["contour"])
        self.assertEqual(len(set(seen.values())), 4)

    def test_window_wheel_zoom_and_plane(self):
        opened = self.viewed()
        box = opened.page.locator(".pane.large canvas").bounding_box()
        middle = (box["x"] + box["width"] / 2, box["y"] + box["height"] / 2)
        window, pixels = opened.text("#viewer-window"), self.pixels(opened)
        opened.press(".")
        self.settled(opened)
        self.assertNotEqual(opened.text("#viewer-window"), window)
        self.assertNotEqual(self.pixels(opened), pixels)
        opened.page.mouse.move(*middle)
        opened.page.keyboard.down("Shift")
        opened.page.mouse.down()
        opened.page.mouse.move(middle[0] + 60, middle[1])
        opened.page.mouse.up()
        opened.page.keyboard.up("Shift")
        self.settled(opened)
        lower, upper = (float(part) for part in re.findall(r"-?[\d.]+", opened.text("#viewer-window")))
        old = [float(part) for part in re.findall(r"-?[\d.]+", window)]
        self.assertGreater(upper - lower, old[1] - old[0])
        place = opened.text(".pane.large .pane-place")
        opened.page.mouse.wheel(0, -100)
        self.settled(opened)
        index = [int(re.search(r"= (\d+)", text).group(1)) for text in [place, opened.text(".pane.large .pane-place")]]
        self.assertEqual(index[1] - index[0], 1)
        opened.press("]")
        self.settled(opened)
        self.assertIn("1 mm = 10.0 px", opened.text("#viewer-scale"))
        opened.press("v")
        self.settled(opened)
        self.assertIn("coronal", opened.text(".pane.large .pane-place"))
        self.assertGreaterEqual(opened.page.locator(".pane.large canvas").bounding_box()["width"], 512)
        opened.page.locator(".pane.large .frame").focus()
        opened.press("ArrowUp")
        self.settled(opened)
        self.assertEqual(opened.errors, [])

    def test_a_findings_own_scale_says_its_factor(self):
        opened = self.viewed()
        while opened.page.locator("#viewer").get_attribute("data-layer") != "saliency":
            opened.press("x")
            self.settled(opened)
        if opened.text("#viewer-colours .factor"):
            opened.press("g")
            self.settled(opened)
        self.assertEqual(opened.text("#viewer-colours .factor"), "")
        common, pixels = float(opened.text("#viewer-colours .high")[1:]), self.pixels(opened)
        opened.press("g")
        self.settled(opened)
        shown = float(opened.text("#viewer-colours .high")[1:])
        self.assertNotEqual(shown, common)
        self.assertNotEqual(self.pixels(opened), pixels)
        factor = float(opened.text("#viewer-colours .factor").removeprefix("× "))
        self.assertAlmostEqual(factor * shown, common, delta=0.06 * common)

    def test_letters_stand_beside_the_anatomy(self):
        opened = self.viewed()
        for pane in opened.page.locator(".pane").all():
            area = pane.locator("canvas").bounding_box()
            for side in ["left", "right", "top", "bottom"]:
                mark = pane.locator(f".letter-{side}")
                self.assertIn(mark.text_content(), "RLAPSI")
                box = mark.bounding_box()
                apart = (
                    box["x"] + box["width"] <= area["x"] + 1
                    or box["x"] >= area["x"] + area["width"] - 1
                    or box["y"] + box["height"] <= area["y"] + 4
                    or box["y"] >= area["y"] + area["height"] - 4
                )
                self.assertTrue(apart, (side, box, area))
        large = opened.page.locator(".pane.large")
        self.assertEqual(large.locator(".letter-left").text_content(), "R")

    def test_accessible_on_desk_and_phone(self):
        for viewport in [pages.DESK, pages.PHONE]:
            for scheme in ["light", "dark"]:
                opened = self.viewed(viewport=viewport, color_scheme=scheme)
                result = Axe().run(opened.page, context="#viewer", options={"resultTypes": ["violations"]})
                found = [f"{one['id']}: {one['nodes'][0]['target']}" for one in result.response["violations"]]
                self.assertEqual(found, [])
                self.assertLessEqual(opened.page.evaluate("document.documentElement.scrollWidth"), viewport["width"])
                opened.close()

    def test_the_reference_waits_for_the_last_decision(self):
        opened = self.open(CALIBRATED)
        marked = (
            "[...document.querySelectorAll('[data-reference]')].filter((one) => one.getClientRects().length).length"
        )
        self.assertGreater(opened.page.locator("[data-reference]").count(), 10)
        self.assertEqual(opened.page.evaluate(marked), 0)
        opened.page.emulate_media(media="print")
        self.assertEqual(opened.page.evaluate(marked), 0)
        opened.page.emulate_media(media="screen")
        opened.press("t")
        self.assertGreater(opened.page.evaluate(marked), 10)
        self.assertTrue(opened.page.locator("#reference").is_visible())
        # What the network missed has rows and pictures, and nothing to decide.
        missed = opened.page.locator("#missed article")
        self.assertEqual(missed.count(), opened.page.locator("#missed .work-list tbody tr").count())
        self.assertTrue(opened.page.locator("#M001 .anatomy").first.is_visible())
        self.assertEqual(missed.locator(".verdicts").count(), 0)
        opened.page.click("#M001 .to-viewer")
        self.at("M001", opened)
        self.assertTrue(opened.page.locator(".pane.large .reference").get_attribute("d"), "the reference is outlined")
        opened.press("t")
        self.assertEqual(opened.page.evaluate(marked), 0)
        count = opened.page.locator("#findings article.finding").count()
        for at in range(count):
            self.assertEqual(opened.page.evaluate(marked), 0, at)
            opened.press("j", "a")
        self.assertGreater(opened.page.evaluate(marked), 10)

    def test_nothing_but_the_reading_moves_without_a_viewer(self):
        # 300 findings of noise: what does not fit is left out and said.
        opened = self.open(pages.FOLDER / "300.html")
        opened.press("j", "j", "x", "g", "v")
        self.assertEqual(opened.errors, [])


if __name__ == "__main__":
    unittest.main(verbosity=1)
