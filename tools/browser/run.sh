#!/usr/bin/env bash
# Tests the report in headless Chromium, and the JSON that the commands write against its schemas. Without Chromium or its Python packages says so and stops; with LESIONQC_BROWSER=required, as in
# .ci/run, that is a failure.
#   tools/browser/run.sh LESIONQC
set -euo pipefail
cd "$(dirname "$0")/../.."
lesionqc=$1
out=${LESIONQC_PAGE_FOLDER:-out/browser}

skip() {
  echo "browser tests: skipped, $1"
  [ "${LESIONQC_BROWSER:-}" = required ] && exit 1
  exit 0
}

command -v chromium >/dev/null || command -v chromium-browser >/dev/null ||
  skip "chromium is not installed (apt-get install chromium)"
python=${LESIONQC_PYTHON:-.venv/bin/python}
if ! "$python" -c 'import playwright, axe_playwright_python, jsonschema, pypdf' 2>/dev/null; then
  python=out/browser-venv/bin/python
  [ -x "$python" ] || python3 -m venv out/browser-venv >/dev/null 2>&1 ||
    skip "no Python environment could be made (apt-get install python3-venv)"
  "$python" -m pip install --quiet --disable-pip-version-check -r tools/browser/requirements.txt ||
    skip "the packages of tools/browser/requirements.txt could not be installed"
fi

rm -rf "$out/run"
"$lesionqc" patient --flair sample-data/sub-01/anat/sub-01_FLAIR.nii.gz --mprage sample-data/sub-01/anat/sub-01_T1w.nii.gz \
  --model sample-data/models/unet --output "$out/run" --id sub-01 --samples 2 --quiet >/dev/null
cp "$out/run/sub-01.html" "$out/sub-01.html"
cp "$out/run/index.html" "$out/index.html"
PYTHONPATH=tools/browser LESIONQC="$lesionqc" LESIONQC_PAGE_FOLDER="$out" "$python" tools/browser/test_report.py
PYTHONPATH=tools/browser LESIONQC="$lesionqc" LESIONQC_PAGE_FOLDER="$out" "$python" tools/browser/test_files.py
