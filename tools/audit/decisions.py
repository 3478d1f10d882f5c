"""Decides on the first finding of a report, as a reader would in the browser.

python tools/audit/decisions.py results/sub-01.html reader.json
"""

import json
import pathlib
import re
import sys

page = pathlib.Path(sys.argv[1]).read_text()
decisions = json.loads(re.search(r'id="decisions"[^>]*>(.*?)</script', page, flags=re.DOTALL).group(1))
decisions["reader"] = "R. Second"
decisions["decisions"] = [
    {"id": "L001", "decision": "reject", "reasons": [], "comment": "a vessel", "time": "2026-11-24T09:38:02Z"}
]
decisions["study"] = {"verdict": "needsCorrection", "grade": 2, "comment": "", "time": "2026-11-24T09:40:00Z"}
pathlib.Path(sys.argv[2]).write_text(json.dumps(decisions))
