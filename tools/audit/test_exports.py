"""Exported audit trails, read back by the libraries of those who use them. Run by tools/audit/run.sh.

LESIONQC_AUDIT_FOLDER=out/audit python tools/audit/test_exports.py
"""

import hashlib
import json
import os
import pathlib
import re
import unittest
import warnings
from urllib.parse import unquote

from fhir.resources.R4B.bundle import Bundle
from rocrate.rocrate import ROCrate

FOLDER = pathlib.Path(os.environ.get("LESIONQC_AUDIT_FOLDER", "out/audit"))
PROFILE = "https://w3id.org/ro/wfrun/process/0.5"
DATE_TIME = r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ"

# Properties of the Process Run Crate profile, version 0.5, in the order of its table of requirements: for which
# entities, which property, whether it must be there ("MUST"), should be there and is here ("SHOULD") or may be there,
# and what it has to be.
REQUIREMENTS = [
    ("root", "conformsTo", "MUST", {PROFILE}),
    ("root", "name", "MUST", str),
    ("root", "description", "MUST", str),
    ("root", "datePublished", "MUST", DATE_TIME),
    ("root", "license", "MUST", str),
    ("application", "@type", "MUST", {"SoftwareApplication"}),
    ("application", "@id", "MUST", str),
    ("application", "name", "SHOULD", {"lesionqc"}),
    ("application", "softwareVersion", "SHOULD", r"\d+\.\d+\.\d+"),
    ("action", "@type", "MUST", {"CreateAction", "UpdateAction", "ActivateAction"}),
    ("action", "@id", "MUST", "#action-[0-9a-f]{64}"),
    ("action", "name", "SHOULD", str),
    ("action", "description", "SHOULD", str),
    ("action", "endTime", "SHOULD", DATE_TIME),
    ("action", "startTime", "MAY", DATE_TIME),
    ("action", "instrument", "MUST", {"SoftwareApplication"}),
    ("action", "agent", "MAY", {"Person"}),
    ("action", "object", "MAY", {"File", "PropertyValue"}),
    ("action", "result", "MAY", {"File"}),
    (
        "action",
        "actionStatus",
        "SHOULD",
        {"http://schema.org/CompletedActionStatus", "http://schema.org/FailedActionStatus"},
    ),
]


def as_list(value):
    return value if isinstance(value, list) else [value]


class CrateTests(unittest.TestCase):
    def crate(self, name):
        with warnings.catch_warnings():
            warnings.simplefilter("error")
            return ROCrate(FOLDER / name)

    def entities(self, crate):
        graph = json.loads((crate.source / "ro-crate-metadata.json").read_text())["@graph"]
        by_id = {entity["@id"]: entity for entity in graph}
        self.assertEqual(len(by_id), len(graph), "an identifier stands twice")
        return by_id

    def kinds(self, by_id):
        def of(*types):
            return [entity for entity in by_id.values() if set(as_list(entity["@type"])) & set(types)]

        return {
            "root": [by_id["./"]],
            "application": of("SoftwareApplication"),
            "action": of("CreateAction", "UpdateAction", "ActivateAction"),
        }

    def test_properties_of_the_profile(self):
        for name in ("results", "shared"):
            by_id = self.entities(self.crate(name))
            kinds = self.kinds(by_id)
            for kind, key, level, expected in REQUIREMENTS:
                self.assertTrue(kinds[kind])
                for entity in kinds[kind]:
                    with self.subTest(crate=name, entity=entity["@id"], property=key):
                        if key not in entity:
                            self.assertEqual(level, "MAY")
                            continue
                        self.check(entity[key], expected, by_id)

    def check(self, value, expected, by_id):
        for item in as_list(value):
            if expected is str:
                self.assertTrue(isinstance(item, str) and item)
            elif isinstance(expected, str):
                self.assertRegex(item, f"^{expected}$")
            elif isinstance(item, dict):
                target = by_id.get(item["@id"], {})
                self.assertTrue({item["@id"], *as_list(target.get("@type", []))} & expected, item)
            else:
                self.assertIn(item, expected)

    def test_rocrate_reads_every_entity(self):
        crate = self.crate("results")
        by_id = self.entities(crate)
        self.assertEqual({entity.id for entity in crate.get_entities()}, set(by_id))
        self.assertEqual(crate.metadata["conformsTo"], "https://w3id.org/ro/crate/1.1")
        actions = {action.id for action in as_list(crate.root_dataset["mentions"])}
        self.assertEqual(actions, {action["@id"] for action in self.kinds(by_id)["action"]})
        for entity in crate.data_entities:
            self.assertIn(entity, as_list(crate.root_dataset["hasPart"]))

    def test_files_are_there_with_the_digest_that_is_named(self):
        for name in ("results", "shared"):
            crate = self.crate(name)
            own = [entity for entity in crate.data_entities if not entity.id.startswith("ni:")]
            self.assertGreater(len(own), 4)
            for entity in own:
                content = (FOLDER / name / unquote(entity.id)).read_bytes()
                self.assertEqual(entity["sha256"], hashlib.sha256(content).hexdigest())
                self.assertEqual(entity["contentSize"], str(len(content)))

    def test_every_command_is_an_action_with_its_operator(self):
        crate = self.crate("results")
        by_id = self.entities(crate)
        # In the trail's order; times are whole seconds, so two of them may be the same.
        actions = [by_id[action.id] for action in as_list(crate.root_dataset["mentions"])]
        self.assertEqual(
            [action["name"].split(":")[0] for action in actions],
            ["Analyse", "Apply the decisions of readers", "Share under a pseudonym"],
        )
        times = [action["endTime"] for action in actions]
        self.assertEqual(times, sorted(times))
        for action in actions:
            self.assertEqual(by_id[action["agent"]["@id"]]["name"], "A. Reader")
            self.assertEqual(action["actionStatus"]["@id"], "http://schema.org/CompletedActionStatus")
        roles = {by_id[item["@id"]]["name"] for action in actions for item in action["object"]}
        self.assertLessEqual({"FLAIR of sub-01", "MPRAGE of sub-01", "mask of sub-01"}, roles)
        self.assertFalse(
            [entity for entity in self.entities(self.crate("shared")).values() if entity["@type"] == "Person"]
        )


class EventTests(unittest.TestCase):
    def bundle(self, name):
        return Bundle.model_validate_json((FOLDER / f"{name}.fhir.json").read_text())

    def records(self, name):
        trails = sorted((FOLDER / name / "audit").glob("*.jsonl"))
        return [json.loads(line) for trail in trails for line in trail.read_text().splitlines()]

    def test_every_record_is_an_event(self):
        for name in ("results", "shared"):
            events = [entry.resource for entry in self.bundle(name).entry]
            records = self.records(name)
            self.assertEqual([event.id for event in events], [record["hash"] for record in records])
            self.assertTrue(all(event.__resource_type__ == "AuditEvent" for event in events))
            for event, record in zip(events, records):
                self.assertEqual(event.recorded.strftime("%Y-%m-%dT%H:%M:%SZ"), record["time"])
                self.assertIn(event.action, "CRUE")
                self.assertEqual(event.outcome, "0")
                self.assertEqual([agent.requestor for agent in event.agent], [True, False])
                details = {detail.type: detail.valueString for detail in event.entity[1].detail}
                self.assertEqual(details["previousHash"], record["previousHash"])
                self.assertEqual(details["publicKey"], record["publicKey"])
        self.assertEqual(len({entry.fullUrl for entry in self.bundle("results").entry}), len(self.records("results")))

    def test_who_did_it(self):
        people = {
            record["event"]: entry.resource.agent[0].who.display
            for entry, record in zip(self.bundle("results").entry, self.records("results"))
        }
        self.assertEqual(people.pop("decision"), "R. Second")
        self.assertEqual(people.pop("study"), "R. Second")
        self.assertEqual(set(people.values()), {"A. Reader"})
        shared = {entry.resource.agent[0].who.display for entry in self.bundle("shared").entry}
        self.assertEqual(shared, {"not named"})


class PrivacyTests(unittest.TestCase):
    def test_no_folder_is_named(self):
        here = re.escape(str(pathlib.Path.cwd()))
        for path in (*FOLDER.glob("*.fhir.json"), *FOLDER.glob("*/ro-crate-metadata.json")):
            text = path.read_text()
            self.assertNotRegex(text, here)
            self.assertNotIn("sample-data", text)
        self.assertNotIn("sub-01", (FOLDER / "shared.fhir.json").read_text())


if __name__ == "__main__":
    unittest.main()
