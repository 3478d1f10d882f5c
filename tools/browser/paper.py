"""Reports on paper: prints a page as 'lesionqc report --pdf' does, and reads what stands on each sheet."""

import ctypes
import math
import unicodedata

import pypdfium2
from pypdfium2 import raw

# Margins of templates/report.css: 16 mm above, 14 below, 13 on either side.
MARGINS = {"width": 26, "height": 30}
PAPERS = {"A4": (210, 297), "Letter": (215.9, 279.4)}
# Columns of a sheet when its pictures are looked at.
COARSE = 200


class Sheets:
    """The pages of a PDF."""

    def __init__(self, source):
        self.document = pypdfium2.PdfDocument(source)
        self.pages = [self.document[at] for at in range(len(self.document))]
        # A font's ligatures come back as one letter.
        self.texts = [
            unicodedata.normalize("NFKC", page.get_textpage().get_text_range()).replace("\r\n", "\n")
            for page in self.pages
        ]

    def __len__(self):
        return len(self.pages)

    def words(self, at):
        """The text of a sheet in one line."""
        return " ".join(self.texts[at].split())

    def all_words(self):
        return " ".join(" ".join(self.texts).split())

    def of(self, needle):
        """Indices of the sheets that hold a text."""
        return [at for at in range(len(self)) if needle in self.words(at)]

    def points(self, at):
        """Heights of the letters of a sheet, in points of the paper."""
        size, heights = ctypes.c_float(), set()
        for text in self.pages[at].get_objects(filter=(raw.FPDF_PAGEOBJ_TEXT,)):
            raw.FPDFTextObj_GetFontSize(text.raw, size)
            matrix = text.get_matrix()
            heights.add(size.value * math.hypot(matrix.c, matrix.d))
        return heights

    def size(self, at):
        return tuple(round(side) for side in self.pages[at].get_size())

    def grey(self, at):
        """A sheet in rows of grey values."""
        page = self.pages[at]
        image = page.render(scale=COARSE / page.get_width(), grayscale=True)
        pixels = bytes(image.buffer)
        return [pixels[row * image.stride : row * image.stride + image.width] for row in range(image.height)]

    def black(self, at):
        """The fraction of a sheet that is black."""
        rows = self.grey(at)
        return sum(value < 40 for row in rows for value in row) / (len(rows) * len(rows[0]))

    def filled(self, at):
        """How far down a sheet anything stands between its margins, as a fraction of their distance."""
        rows = self.grey(at)
        height = PAPERS["A4"][1] if self.size(at)[0] == 595 else PAPERS["Letter"][1]
        top, bottom = (round(len(rows) * share) for share in [16 / height, 1 - 14 / height])
        used = [at for at in range(top, bottom) if min(rows[at]) < 200]
        return (used[-1] - top + 1) / (bottom - top) if used else 0


def printed(opened, paper="A4"):
    """The paper is named in a last style."""
    opened.page.add_style_tag(content=f"@page {{ size: {paper} }}")
    return Sheets(opened.page.pdf(prefer_css_page_size=True))


def room(paper):
    """A sheet less its margins, in CSS pixels."""
    sides = zip(MARGINS, PAPERS[paper])
    return {name: math.floor((side - MARGINS[name]) / 25.4 * 96) for name, side in sides}
