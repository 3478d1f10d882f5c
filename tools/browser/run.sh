#!/usr/bin/env bash
# Tests the report in headless Chromium. Without Chromium says so and stops; .ci/run installs it first.
#   tools/browser/run.sh LESIONQC
set -euo pipefail
cd "$(dirname "$0")/../.."
lesionqc=$1
out=${LESIONQC_PAGE_FOLDER:-out/browser}

command -v chromium >/dev/null || command -v chromium-browser >/dev/null || {
  echo "browser tests: skipped, chromium is not installed (apt-get install chromium)"
  exit 0
}
python=${LESIONQC_PYTHON:-.venv/bin/python}
if ! "$python" -c 'import playwright, axe_playwright_python, jsonschema, pypdf' 2>/dev/null; then
  python3 -m venv out/browser-venv 2>/dev/null || {
    echo "browser tests: skipped, python3-venv is not installed (apt-get install python3-venv)"
    exit 0
  }
  python=out/browser-venv/bin/python
  "$python" -m pip install --quiet --disable-pip-version-check -r tools/browser/requirements.txt
fi

rm -rf "$out/run"
"$lesionqc" patient --flair sample-data/sub-01/anat/sub-01_FLAIR.nii.gz --mprage sample-data/sub-01/anat/sub-01_T1w.nii.gz \
  --model sample-data/models/unet --output "$out/run" --id sub-01 --samples 2 --quiet >/dev/null
cp "$out/run/sub-01.html" "$out/sub-01.html"
cp "$out/run/index.html" "$out/index.html"
PYTHONPATH=tools/browser LESIONQC_PAGE_FOLDER="$out" "$python" tools/browser/test_report.py
