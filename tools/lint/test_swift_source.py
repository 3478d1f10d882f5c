"""The reading of Swift and of Package.swift, on small made-up sources."""

import unittest
from pathlib import Path

from package import Package
from swift_source import SwiftSource


def source(text, path="Sources/T/A.swift"):
    return SwiftSource(Path(path), text)


class Texts(unittest.TestCase):
    def test_comments_and_texts_are_no_code(self):
        made = source('let a = "Word" // Other\n/* More /* nested */ still */ let b = #"raw " Word"#\n')
        self.assertEqual([name for name, *_ in made.names], ["let", "a", "let", "b"])
        self.assertEqual(made.literals, [(1, "Word"), (2, 'raw " Word')])

    def test_interpolations_are_code(self):
        made = source('let a = "x \\(Kind.name(of: "y")) z"')
        self.assertIn("Kind", [name for name, *_ in made.names])
        self.assertEqual([text for _, text in made.literals], ["y", "x \\() z"])

    def test_a_text_of_several_lines_keeps_line_numbers(self):
        made = source('let a = """\n  one "two"\n  three\n  """\nstruct Late {}\n')
        self.assertEqual([(d.name, d.line) for d in made.declarations], [("a", 1), ("Late", 5)])


class Declarations(unittest.TestCase):
    def test_members_types_and_locals_are_told_apart(self):
        made = source(
            "public struct Outer {\n  enum Kind { case one, two(Int) }\n"
            "  func run() { let local = 1; switch x { case .a: return } }\n}\n"
            "extension Volume {\n  private var hidden: Int { 1 }\n  static func make() -> Self { .init() }\n}\n"
            "func free() {}\n"
        )
        found = {(d.name, d.within, d.in_extension, d.is_private) for d in made.declarations}
        self.assertEqual(
            found,
            {
                ("Outer", (), False, False),
                ("Kind", ("Outer",), False, False),
                ("one", ("Outer", "Kind"), False, False),
                ("two", ("Outer", "Kind"), False, False),
                ("run", ("Outer",), False, False),
                ("hidden", ("Volume",), True, True),
                ("make", ("Volume",), True, False),
                ("free", (), False, False),
            },
        )

    def test_parameters_are_counted(self):
        made = source(
            "func f<T: Sequence>(_ a: T, b: [String: Int], c: (Int, x: Int) -> Void = { a, b in }) where T: P {}\n"
            "struct S { init() {}\n init(a: Int) { self.init() } }\n"
        )
        self.assertEqual([(f.name, f.parameters) for f in made.functions], [("f", 3), ("init", 0), ("init", 1)])

    def test_imports(self):
        made = source("public import Volumes\n@testable import Networks\n// import Not\n")
        self.assertEqual(made.imports, [("Volumes", 1), ("Networks", 2)])


class Manifest(unittest.TestCase):
    def test_targets_and_pins(self):
        package = Package.parse(
            'let p = Package(dependencies: [.package(url: "https://x/y/swift-one.git", exact: "1.2.3"),\n'
            '.package(url: "https://x/y/two", from: "2.0.0")], targets: [\n'
            '// .target(name: "Gone"),\n'
            '.target(name: "A", dependencies: ["B", .product(name: "One", package: "swift-one")], swiftSettings: s),\n'
            '.testTarget(name: "ATests", dependencies: ["A"], exclude: ["Fixtures"]),\n'
            '.target(name: "H", path: "Tests/H")])'
        )
        self.assertEqual(package.pins, {"swift-one": "1.2.3"})
        self.assertEqual(package.unpinned, ("two",))
        self.assertEqual([t.name for t in package.targets], ["A", "ATests", "H"])
        self.assertEqual((package.targets[0].dependencies, package.targets[0].products), (("B",), ("One",)))
        self.assertEqual([t.path for t in package.targets], ["Sources/A", "Tests/ATests", "Tests/H"])


if __name__ == "__main__":
    unittest.main()
