#!/usr/bin/env bash
# Reads exported audit trails back: the crate with rocrate, the events with fhir.resources. Skipped without these (tools/python.sh).
#   tools/audit/run.sh LESIONQC
set -euo pipefail
cd "$(dirname "$0")/../.."
lesionqc=$1
out=out/audit
. tools/python.sh

find_python "audit export tests" tools/audit "rocrate, fhir.resources"

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
