"""Every rule on small made-up sources: one that keeps it and one that breaks it."""

import tempfile
import unittest
from pathlib import Path

import conversions
import folders
import links
import sizes
import snippets
import versions
from package import Package
from swift_source import SwiftSource


def source(text, path="Sources/T/A.swift"):
    return SwiftSource(Path(path), text)


class FolderOrder(unittest.TestCase):
    ORDER = ("Low", "High")

    def uses(self, low, high, *others):
        folder = Path("Sources/T")
        made = [source(low, "Sources/T/Low/L.swift"), source(high, "Sources/T/High/H.swift"), *others]
        return folders.upward_uses(folder, self.ORDER, made)

    def test_downward_is_right(self):
        self.assertEqual(self.uses("struct Base {}", "struct Top { let base: Base }"), [])

    def test_a_type_of_a_folder_above(self):
        faults = self.uses("struct Base { let top: Top }", "struct Top {}")
        self.assertEqual(len(faults), 1)
        self.assertIn("L.swift:1: Low uses 'Top' of High", faults[0])

    def test_an_extension_of_a_type_above(self):
        self.assertEqual(len(self.uses("extension Top { var a: Int { 1 } }", "struct Top {}")), 1)

    def test_a_function_above(self):
        self.assertEqual(len(self.uses("func low() { high() }", "func high() {}")), 1)

    def test_a_member_that_a_folder_above_adds(self):
        self.assertEqual(
            len(self.uses("func low(x: Int) { x.doubled() }", "extension Int { func doubled() -> Int { 2 } }")), 1
        )

    def test_a_member_with_a_name_of_several_is_not_charged(self):
        other = source("struct Other { func doubled() {} }", "Sources/U/O.swift")
        self.assertEqual(
            self.uses("func low(x: Int) { x.doubled() }", "extension Int { func doubled() {} }", other), []
        )

    def test_comments_texts_private_and_nested_types_are_not_charged(self):
        self.assertEqual(self.uses('/// Top\nlet a = "Top"', "struct Top {}"), [])
        self.assertEqual(self.uses("struct Base { enum Top {}; let t: Top }", "struct Top {}"), [])
        self.assertEqual(self.uses("let a = Other.Top.self", "struct Top {}"), [])
        self.assertEqual(self.uses("let a = hidden", "private let hidden = 1"), [])

    def test_a_root_file_named_by_itself(self):
        made = [
            source("struct Fault { let a: Base }", "Sources/T/Fault.swift"),
            source("struct Base {}", "Sources/T/Low/L.swift"),
        ]
        self.assertEqual(len(folders.upward_uses(Path("Sources/T"), ("Fault", "Low"), made)), 1)
        self.assertEqual(folders.upward_uses(Path("Sources/T"), ("Low", "Fault"), made), [])

    def test_folders_without_a_place_and_places_without_a_folder(self):
        made = [source("", "Sources/T/New/N.swift")]
        faults = folders.upward_uses(Path("Sources/T"), ("Old",), made)
        self.assertIn("'New' is not in the order", faults[0])
        self.assertIn("names 'Old', which is not there", faults[1])

    def test_the_file_of_orders(self):
        self.assertEqual(
            folders.read_orders("# a\nT: Low High # b\n\nT/Low: X .\n"), {"T": ["Low", "High"], "T/Low": ["X", "."]}
        )


class Imports(unittest.TestCase):
    MANIFEST = '[.target(name: "Low"), .target(name: "High", dependencies: [{}]), .target(name: "Last")]'

    def faults(self, dependencies, text):
        with tempfile.TemporaryDirectory() as folder:
            root = Path(folder)
            (root / "Sources/High").mkdir(parents=True)
            (root / "Sources/High/H.swift").write_text(text)
            return folders.import_faults(Package.parse(self.MANIFEST.format(dependencies)), root)

    def test_downward_is_right(self):
        self.assertEqual(self.faults('"Low"', "import Low\nimport Foundation\n"), [])

    def test_each_fault(self):
        self.assertIn("does not stand above it", self.faults('"Last"', "import Last\n")[0])
        self.assertIn("on which it does not depend", self.faults("", "import Low\n")[0])
        self.assertIn("imports it nowhere", self.faults('"Low"', "")[0])


class Sizes(unittest.TestCase):
    def test_lines(self):
        kept, broken = source("// " + "a" * 117), source("// " + "a" * 118)
        self.assertEqual(list(sizes.long_lines([kept])), [])
        self.assertEqual(len(list(sizes.long_lines([broken]))), 1)

    def test_files(self):
        self.assertEqual(list(sizes.long_files([source("\n" * 350)])), [])
        self.assertEqual(len(list(sizes.long_files([source("\n" * 351)]))), 1)
        self.assertEqual(list(sizes.small_files([source("\n" * 39)] * 60)), [])
        self.assertEqual(len(list(sizes.small_files([source("\n" * 39)] * 61))), 1)

    def test_parameters(self):
        eight = ", ".join(f"a{i}: Int" for i in range(8))
        self.assertEqual(list(sizes.many_parameters([source(f"func f({eight}) {{}}")])), [])
        self.assertEqual(len(list(sizes.many_parameters([source(f"init({eight}, b: Int) {{}}")]))), 1)

    def test_flags(self):
        self.assertEqual(list(sizes.named_flags([source('let a = "a--b, -- and -x" // --flag')], set())), [])
        self.assertEqual(len(list(sizes.named_flags([source('let a = "give --flag"')], set()))), 1)
        allowed = sizes.read_allowed_flags("# Chromium\n--flag\n")
        self.assertEqual(list(sizes.named_flags([source('let a = "--flag"')], allowed)), [])


class Conversions(unittest.TestCase):
    TRAPS = (
        "Int(x.rounded())",
        "Int((a / b).rounded(.up))",
        "UInt8(level * 255)",
        "Int(Double(n) * share)",
        "Int32(Float(n))",
        "Int16(sqrt(x))",
        "Int(x + 0.5)",
        "Int(log10(x))",
        "Int(a /\n  b)",
        "try! f()",
        "x as! Y",
        "Data(contentsOf: url)",
        "try? String(contentsOf: url, encoding: .utf8)",
    )
    SAFE = (
        "Int(saturating: x.rounded())",
        "Int(exactly: x / y)",
        "Int(clamping: x * 2)",
        "UInt64(bitPattern: x * 2)",
        "Int(bytes[2 * i + 1])",
        "UInt64(Float(x).bitPattern)",
        "Int(count)",
        "Int(text)",
        "BigInt(x * y)",
        "try? f()",
        "bytes.append(contentsOf: more)",
        "x as? Y",
        "// Int(x.rounded())",
        'let a = "Int(x.rounded())"',
    )

    def faults(self, text, allowed=frozenset()):
        return list(conversions.file_faults([source(text)], set(allowed)))

    def test_what_may_trap(self):
        for text in self.TRAPS:
            self.assertEqual(len(self.faults(text)), 1, text)

    def test_what_cannot(self):
        for text in self.SAFE:
            self.assertEqual(self.faults(text), [], text)

    def test_a_conversion_in_an_interpolation(self):
        self.assertEqual(len(self.faults('let a = "\\(Int(x.rounded())) mm"')), 1)

    def test_ends_of_the_process(self):
        for text in ("precondition(a > 0)", "fatalError()", "assert(a)", "preconditionFailure()"):
            for place, count in (("Sources/JSON/A.swift", 1), ("Sources/Volumes/NIfTI/A.swift", 1)):
                self.assertEqual(len(list(conversions.file_faults([source(text, place)], set()))), count, text)
            self.assertEqual(list(conversions.file_faults([source(text, "Sources/Volumes/Grid/A.swift")], set())), [])
            name = ("A.swift", text.split("(")[0])
            self.assertEqual(list(conversions.file_faults([source(text, "Sources/JSON/A.swift")], {name})), [])
        self.assertEqual(
            list(conversions.file_faults([source("// precondition(a)", "Sources/JSON/A.swift")], set())), []
        )

    def test_allowed_ones(self):
        allowed = conversions.read_allowed("# comment\nA.swift: Int(a * b) # whole numbers\nA.swift: as! # own\n")
        self.assertEqual(self.faults("Int(a * b)\nx as! Y", allowed), [])
        self.assertEqual(len(self.faults("Int(a * c)\nx as! Y", allowed)), 2)


class Versions(unittest.TestCase):
    SOFTWARE = 'static let version = "1.2.3"\n  packages: [(name: String)] = [\n    ("one", "1.0.0"),\n  ]\n'

    def test_dependencies(self):
        pinned = Package((), {"one": "1.0.0"}, ())
        self.assertEqual(versions.dependency_faults(pinned, self.SOFTWARE), [])
        for wrong in (Package((), {"one": "1.0.1"}, ()), Package((), {}, ()), Package((), {"one": "1.0.0"}, ("two",))):
            self.assertEqual(len(versions.dependency_faults(wrong, self.SOFTWARE)), 1)

    def test_version(self):
        self.assertEqual(versions.version_faults(self.SOFTWARE, "version: 1.2.3", "# C\n\n## Unreleased\n"), [])
        self.assertEqual(versions.version_faults(self.SOFTWARE, "version: 1.2.3", "## 1.2.3 (day)\n## 1.2.2\n"), [])
        self.assertEqual(len(versions.version_faults(self.SOFTWARE, "version: 1.2.4", "## 1.2.4\n")), 2)

    def test_second_places(self):
        self.assertEqual(list(versions.second_places([source('let a = "11.2.30"')], "1.2.3")), [])
        self.assertEqual(len(list(versions.second_places([source('let a = "v 1.2.3"')], "1.2.3"))), 1)


class Snippets(unittest.TestCase):
    FILE = "import A\n\n  // snippet\n  let a = 1\n\n  use(a)\n  // end of snippet\n"

    def faults(self, page, file=FILE):
        return list(snippets.catalogue_faults("P.md", page, lambda name: file if name == "T.swift" else None))

    def test_the_same_text(self):
        self.assertEqual(self.faults("<!-- T.swift -->\n```swift\nlet a = 1\n\nuse(a)\n```\n"), [])

    def test_each_fault(self):
        self.assertEqual(len(self.faults("<!-- T.swift -->\n```swift\nlet a = 2\n```\n")), 1)
        self.assertEqual(len(self.faults("```swift\nlet a = 1\n```\n")), 1)
        self.assertEqual(len(self.faults("<!-- U.swift -->\n```swift\nlet a = 1\n```\n")), 1)


class Links(unittest.TestCase):
    def faults(self, text):
        there = {Path("docs/a.md"), Path("docs/b.png"), Path("Sources/T/F"), Path("tools/x.py")}
        return list(links.document_faults(Path("docs/a.md"), text, {"T"}, lambda place: place in there))

    def test_what_is_there_and_what_is_elsewhere(self):
        self.assertEqual(self.faults("[a](b.png) [w](https://x/y) `T/F` `tools/x.py` `sub-01/anat` `a/b`"), [])

    def test_each_fault(self):
        for wrong in ("[a](c.png)", "`T/G`", "`tools/y.py`"):
            self.assertEqual(len(self.faults(wrong)), 1)


if __name__ == "__main__":
    unittest.main()
