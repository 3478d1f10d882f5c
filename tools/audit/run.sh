#!/usr/bin/env bash
# Reads exported audit trails back: the crate with rocrate, the events with fhir.resources. Without its Python packages says so and stops;
# with LESIONQC_BROWSER=required, as in .ci/run, that is a failure.
#   tools/audit/run.sh LESIONQC
set -euo pipefail
cd "$(dirname "$0")/../.."
lesionqc=$1
out=out/audit

skip() {
  echo "audit export tests: skipped, $1"
  [ "${LESIONQC_BROWSER:-}" = required ] && exit 1
  exit 0
}

python=${LESIONQC_PYTHON:-.venv/bin/python}
if ! "$python" -c 'import rocrate, fhir.resources' 2>/dev/null; then
  python=out/audit-venv/bin/python
  [ -x "$python" ] || python3 -m venv out/audit-venv >/dev/null 2>&1 ||
    skip "no Python environment could be made (apt-get install python3-venv)"
  "$python" -m pip install --quiet --disable-pip-version-check -r tools/audit/requirements.txt ||
    skip "the packages of tools/audit/requirements.txt could not be installed"
fi

# A folder in which most of what leaves a record was done, by somebody named and with a key.
rm -rf "$out"
mkdir -p "$out"
"$lesionqc" audit keygen "$out/key" >/dev/null
who=(--operator "A. Reader" --sign-key "$out/key")
image=sample-data/sub-01/anat/sub-01
"$lesionqc" report --flair "${image}_FLAIR.nii.gz" --mprage "${image}_T1w.nii.gz" --tool "Segmenter 1.0" --id sub-01 --quiet \
  --mask sample-data/derivatives/truth/sub-01/anat/sub-01_label-L_mask.nii.gz --output "$out/results" "${who[@]}" >/dev/null
"$python" tools/audit/decisions.py "$out/results/sub-01.html" "$out/reader.json"
"$lesionqc" review apply "$out/reader.json" --output "$out/results" "${who[@]}" >/dev/null
head -c 32 /dev/urandom >"$out/pseudonyms"
chmod 600 "$out/pseudonyms"
"$lesionqc" report "$out/results" --pseudonym-key "$out/pseudonyms" --output "$out/shared" --quiet "${who[@]}" >/dev/null
"$lesionqc" audit verify "$out/results" --public-key "$out/key.pub" >/dev/null
for folder in results shared; do
  "$lesionqc" audit export "$out/$folder" --format ro-crate --output "$out/$folder/ro-crate-metadata.json" >/dev/null
  "$lesionqc" audit export "$out/$folder" --format fhir --output "$out/$folder.fhir.json" >/dev/null
done
LESIONQC_AUDIT_FOLDER=$out "$python" tools/audit/test_exports.py
