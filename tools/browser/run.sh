#!/usr/bin/env bash
# Tests the report in headless Chromium, and the JSON that the commands write against its schemas. Skipped without Chromium or its
# Python packages (tools/python.sh).
#   tools/browser/run.sh LESIONQC
set -euo pipefail
cd "$(dirname "$0")/../.."
lesionqc=$1
out=${LESIONQC_PAGE_FOLDER:-out/browser}
. tools/python.sh

command -v chromium >/dev/null || command -v chromium-browser >/dev/null ||
  skip "browser tests" "chromium is not installed (apt-get install chromium)"
find_python "browser tests" tools/browser "playwright, axe_playwright_python, jsonschema, pypdfium2"

rm -rf "$out/run"
"$lesionqc" patient --flair sample-data/sub-01/anat/sub-01_FLAIR.nii.gz --mprage sample-data/sub-01/anat/sub-01_T1w.nii.gz \
  --model sample-data/models/unet --output "$out/run" --id sub-01 --samples 2 --quiet >/dev/null
cp "$out/run/sub-01.html" "$out/sub-01.html"
cp "$out/run/index.html" "$out/index.html"
PYTHONPATH=tools/browser LESIONQC="$lesionqc" LESIONQC_PAGE_FOLDER="$out" "$python" tools/browser/test_report.py
PYTHONPATH=tools/browser LESIONQC="$lesionqc" LESIONQC_PAGE_FOLDER="$out" "$python" tools/browser/test_viewer.py
PYTHONPATH=tools/browser LESIONQC="$lesionqc" LESIONQC_PAGE_FOLDER="$out" "$python" tools/browser/test_print.py
PYTHONPATH=tools/browser LESIONQC="$lesionqc" LESIONQC_PAGE_FOLDER="$out" "$python" tools/browser/test_review.py
PYTHONPATH=tools/browser LESIONQC="$lesionqc" LESIONQC_PAGE_FOLDER="$out" "$python" tools/browser/test_files.py
