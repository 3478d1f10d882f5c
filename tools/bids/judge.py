"""Prints what the BIDS validator found in an output folder and fails when any of it is the program's.

judge.py REPORT    as `bids-validator-deno --format json` writes it
"""

import json
import sys

# What a derivative of somebody's images cannot say for them.
OF_OTHERS = {"TOO_FEW_AUTHORS": "whose study it is, the program does not know"}


def main():
    with open(sys.argv[1], encoding="utf-8") as file:
        report = json.load(file)
    files = report["summary"]["totalFiles"]
    found = report["issues"]["issues"]
    ours = [issue for issue in found if issue["severity"] == "error" or issue["code"] not in OF_OTHERS]
    for issue in ours:
        words = [issue.get(key, "") for key in ("severity", "code", "subCode", "location")]
        print("BIDS validation:", *words)
    # A validator that saw nothing has nothing to complain of.
    if ours or files < 10:
        sys.exit(f"BIDS validation: {len(ours)} findings in {files} files")
    print(f"BIDS validation: {files} files, no finding but {', '.join(OF_OTHERS)}")


if __name__ == "__main__":
    main()
