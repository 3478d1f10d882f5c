"""The archive and the wheel as files: digests, licences, the bill of materials, and what their libraries need.

LESIONQC_DIST_FOLDER=out/dist python tools/dist/test_files.py
"""

import base64
import csv
import hashlib
import json
import os
import re
import subprocess
import tarfile
import tempfile
import unittest
import zipfile
from pathlib import Path

import components
import wheel
from elf import GLIBC
from license_expression import get_spdx_licensing
from spdx_tools.spdx.model import RelationshipType
from spdx_tools.spdx.parser.parse_anything import parse_file
from spdx_tools.spdx.validation.document_validator import validate_full_spdx_document

FOLDER = Path(os.environ.get("LESIONQC_DIST_FOLDER", "out/dist"))
ARCHIVE = next(iter(FOLDER.glob("*.tar.gz")))
WHEEL = next(iter(FOLDER.glob("*.whl")))
ELF = b"\x7fELF"


def sha256(data):
    return hashlib.sha256(data).hexdigest()


class Unpacked(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        temporary = tempfile.TemporaryDirectory()
        cls.addClassCleanup(temporary.cleanup)
        with tarfile.open(ARCHIVE) as archive:
            cls.members = archive.getmembers()
            archive.extractall(temporary.name, filter="data")
        cls.root = Path(temporary.name, ARCHIVE.name.removesuffix(".tar.gz"))
        cls.files = {str(path.relative_to(cls.root)): path for path in cls.root.rglob("*") if path.is_file()}
        cls.binaries = {name: path for name, path in cls.files.items() if path.read_bytes().startswith(ELF)}

    def bill(self):
        return json.loads(self.files["lesionqc.spdx.json"].read_text())


class ArchiveTests(Unpacked):
    def test_members_are_sorted_of_one_time_and_nobodys(self):
        names = [member.name for member in self.members]
        self.assertEqual(names, sorted(names))
        self.assertEqual(len({member.mtime for member in self.members}), 1)
        self.assertEqual({(member.uid, member.gid, member.uname) for member in self.members}, {(0, 0, "root")})
        self.assertEqual(
            {member.name.split("/", 1)[1] for member in self.members if member.isfile() and member.mode & 0o111},
            {"bin/lesionqc"},
        )

    def test_digests_cover_every_file(self):
        lines = self.files["SHA256SUMS"].read_text().splitlines()
        stated = dict(line.split("  ", 1)[::-1] for line in lines)
        found = {name: sha256(path.read_bytes()) for name, path in self.files.items() if name != "SHA256SUMS"}
        self.assertEqual(stated, found)
        outside = dict(line.split("  ", 1)[::-1] for line in (FOLDER / "SHA256SUMS").read_text().splitlines())
        self.assertEqual(outside, {path.name: sha256(path.read_bytes()) for path in (ARCHIVE, WHEEL)})

    def test_binaries_need_nothing_from_outside_but_glibc(self):
        self.assertGreater(len(self.binaries), 10)
        packed = {Path(name).name for name in self.binaries}
        for name, path in self.binaries.items():
            told = subprocess.run(["objdump", "-p", path], capture_output=True, text=True, check=True).stdout
            for library in re.findall(r"NEEDED\s+(\S+)", told):
                self.assertTrue(library in packed or GLIBC.fullmatch(library), f"{name} needs {library}")
            for folder in re.findall(r"RU?N?PATH\s+(\S+)", told):
                self.assertIn(folder, ("$ORIGIN", "$ORIGIN/../lib/lesionqc"), name)

    def test_the_stated_glibc_is_the_newest_that_is_asked_for(self):
        asked = set()
        for path in self.binaries.values():
            told = subprocess.run(["objdump", "-T", path], capture_output=True, text=True, check=True).stdout
            asked |= {tuple(map(int, pair)) for pair in re.findall(r"\(?GLIBC_(\d+)\.(\d+)", told)}
        newest = max(asked)
        self.assertIn("glibc {}.{} or newer".format(*newest), self.files["README.md"].read_text())
        self.assertTrue(WHEEL.name.endswith("-py3-none-manylinux_{}_{}_x86_64.whl".format(*newest)), WHEEL.name)

    def test_every_component_has_its_licence(self):
        names = {package["name"] for package in self.bill()["packages"] if not package["name"].startswith("lesionqc")}
        folders = {name.split("/")[1] for name in self.files if name.startswith("licences/")}
        self.assertEqual(names, folders)
        for name, path in self.files.items():
            if name.startswith("licences/"):
                self.assertGreater(len(path.read_text(encoding="utf-8")), 500, name)
        words = {
            name: self.files[f"licences/{name}"].read_text(encoding="utf-8")
            for name in (
                "swift-runtime/LICENSE.txt",
                "libgomp1/copyright",
                "libgomp1/GPL-3",
                "swift-foundation-icu/Unicode-3.0.txt",
            )
        }
        self.assertIn("Runtime Library Exception", words["swift-runtime/LICENSE.txt"])
        self.assertIn("GCC RUNTIME LIBRARY EXCEPTION", words["libgomp1/copyright"].upper())
        self.assertIn("GNU GENERAL PUBLIC LICENSE", words["libgomp1/GPL-3"])
        self.assertIn("UNICODE LICENSE V3", words["swift-foundation-icu/Unicode-3.0.txt"])


class SourceTests(unittest.TestCase):
    def test_a_library_without_a_known_licence_stops_the_packing(self):
        with self.assertRaisesRegex(SystemExit, "belongs to bash: name its licence"):
            components.of_libraries({"bash": Path("/bin/bash")})

    def test_a_file_that_nobody_owns_stops_the_packing(self):
        with self.assertRaisesRegex(SystemExit, "neither to a Debian package nor to the Swift toolchain"):
            components.of_libraries({"own": Path(__file__)})

    def test_versions_are_spelt_as_python_spells_them(self):
        self.assertEqual(wheel.file_name("lesionqc", "1.2.0-dev", "any"), "lesionqc-1.2.0.dev0-py3-none-any.whl")
        self.assertEqual(wheel.version_of("1.2.0"), "1.2.0")


class BillTests(Unpacked):
    def test_it_is_valid_spdx(self):
        document = parse_file(str(self.files["lesionqc.spdx.json"]))
        faults = validate_full_spdx_document(document, "SPDX-2.3")
        self.assertEqual([fault.validation_message for fault in faults], [])
        kinds = {relation.relationship_type for relation in document.relationships}
        self.assertLessEqual({RelationshipType.DYNAMIC_LINK, RelationshipType.STATIC_LINK}, kinds)

    def test_every_binary_template_and_sample_is_in_it_with_its_digest(self):
        bill = self.bill()
        stated = {
            file["fileName"].removeprefix("./"): {sum["algorithm"]: sum["checksumValue"] for sum in file["checksums"]}
            for file in bill["files"]
        }
        expected = {name for name in self.files if name.startswith(("bin/", "lib/", "share/"))}
        self.assertEqual(set(stated), expected)
        for name in expected:
            self.assertEqual(stated[name]["SHA256"], sha256(self.files[name].read_bytes()), name)
        held = [
            relation["relatedSpdxElement"]
            for relation in bill["relationships"]
            if relation["relatedSpdxElement"].startswith("SPDXRef-File-")
        ]
        self.assertEqual(sorted(held), sorted(file["SPDXID"] for file in bill["files"]))

    def test_versions_are_those_that_the_program_loads(self):
        command = [self.root / "bin/lesionqc", "--version"]
        lines = subprocess.run(command, capture_output=True, text=True, check=True).stdout.splitlines()
        told = dict(line.split() for line in lines)
        bill = {package["name"]: package["versionInfo"] for package in self.bill()["packages"]}
        self.assertEqual(told["lesionqc"], bill["lesionqc"])
        for name in ("swift-argument-parser", "swift-mustache"):
            self.assertEqual(told[name], bill[name])
        for name, package in (
            ("oneDNN", "libdnnl2"),
            ("OpenSSL", "libssl3"),
            ("libpng", "libpng16-16"),
            ("zlib", "zlib1g"),
        ):
            self.assertRegex(bill[package], rf"^(\d+:)?{re.escape(told[name])}[.+-]", package)


class WheelTests(Unpacked):
    def test_it_holds_the_bytes_of_the_archive(self):
        with zipfile.ZipFile(WHEEL) as opened:
            packed = {name: opened.read(name) for name in opened.namelist()}
        data = f"lesionqc-{WHEEL.name.split('-')[1]}.data"
        info = data.removesuffix("data") + "dist-info"
        places = {f"{data}/scripts/": "bin/", f"{data}/data/": "", f"{info}/licenses/": "", f"{info}/sboms/": ""}
        found = {}
        for name, content in packed.items():
            for place, folder in places.items():
                if name.startswith(place):
                    found[folder + name.removeprefix(place)] = content
        left_out = {"README.md", "SHA256SUMS"}
        self.assertEqual(set(found), set(self.files) - left_out)
        for name, content in found.items():
            self.assertEqual(content, self.files[name].read_bytes(), name)
        self.assertEqual(len(found) + 3, len(packed))

        record = list(csv.reader(packed[f"{info}/RECORD"].decode().splitlines()))
        self.assertEqual({row[0] for row in record}, set(packed))
        for name, digest, size in record:
            if name != f"{info}/RECORD":
                own = base64.urlsafe_b64encode(hashlib.sha256(packed[name]).digest()).rstrip(b"=").decode()
                self.assertEqual((digest, int(size)), (f"sha256={own}", len(packed[name])), name)
        stated = re.search(rb"^License-Expression: (.*)$", packed[f"{info}/METADATA"], re.MULTILINE).group(1).decode()
        self.assertEqual(get_spdx_licensing().validate(stated).errors, [])


if __name__ == "__main__":
    unittest.main()
