#!/usr/bin/env bash
# DICOM objects of synthetic patients, judged by software that is not ours: dciodvfy, PixelMed, highdicom, dcmqi, Orthanc. Skipped where
# these or a program built with DCMTK are missing; with LESIONQC_DICOM=required that is a failure.
#   tools/dicom/run.sh LESIONQC
set -euo pipefail
cd "$(dirname "$0")/../.."
lesionqc=$1
out=out/dicom
. tools/python.sh

missing() {
  echo "DICOM tests: skipped, $1"
  [ "${LESIONQC_DICOM:-}" = required ] && exit 1
  exit 0
}

for program in dciodvfy dcmdump storescu findscu Orthanc curl; do
  command -v "$program" >/dev/null || missing "$program is not installed (make setup-dicom)"
done
# A folder that is not there: a build without DCMTK says so, one with it looks for the folder.
built=$("$lesionqc" dicom out --source out 2>&1) || true
[[ $built != *"built without DICOM"* ]] || missing "$lesionqc was built without DCMTK (LESIONQC_DICOM=1)"
find_python "DICOM tests" tools/dicom "dcmqi, highdicom, nibabel, pydicom"

rm -rf "$out"
mkdir -p "$out"

fail() {
  echo "DICOM tests: $1" >&2
  exit 1
}

# A command must be refused with one line that holds the words, and exit code 3.
refused() {
  local words=$1 code=0 text
  shift
  text=$("$@" 2>&1 >/dev/null) || code=$?
  [ "$code" -eq 3 ] || fail "exit code $code, expected 3: $* ($text)"
  [ "$(printf '%s\n' "$text" | wc -l)" -eq 1 ] || fail "more than one line: $text"
  [[ $text == *"$words"* ]] || fail "'$words' is not in: $text"
}

# Images of a synthetic patient, as series and as NIfTI, both turned to an oblique position.
image=sample-data/sub-01/anat/sub-01
mask=sample-data/derivatives/truth/sub-01/anat/sub-01_label-L_mask.nii.gz
turn=(--rotate 12 -7 20)
"$python" tools/dicom/make_series.py "${image}_FLAIR.nii.gz" "$out/classic" "${turn[@]}" --slope 0.25 --intercept -10 --images \
  "$out/FLAIR.nii.gz=${image}_FLAIR.nii.gz" "$out/T1w.nii.gz=${image}_T1w.nii.gz" "$out/mask.nii.gz=$mask"
"$python" tools/dicom/make_series.py "${image}_FLAIR.nii.gz" "$out/enhanced" "${turn[@]}" --enhanced
"$python" tools/dicom/make_series.py "${image}_FLAIR.nii.gz" "$out/other" --seed other
who=(--operator "A. Reader")
"$lesionqc" patient --flair "$out/FLAIR.nii.gz" --mprage "$out/T1w.nii.gz" --model sample-data/models/unet --samples 1 \
  --max-candidates 3 --id sub-01 --output "$out/results" --quiet "${who[@]}" >/dev/null

# No error of dciodvfy, and a page of DCMTK's that says what the software is.
validate() {
  local file
  for file in "$1"/*.dcm; do
    dciodvfy "$file" >"$out/dciodvfy.txt" 2>&1 || true
    [ -s "$out/dciodvfy.txt" ] || fail "dciodvfy said nothing of $file"
    ! grep -E "^Error" "$out/dciodvfy.txt" || fail "dciodvfy: $file"
  done
  dsr2html "$1/measurements.dcm" "$1/measurements.html" 2>/dev/null || fail "dsr2html: $1/measurements.dcm"
  grep -q "not a medical device" "$1/measurements.html" || fail "$1/measurements.html does not say what the software is"
}

# No error of PixelMed's validator of structured reports, which takes most of a minute, but those of docs/dicom.md: it takes a group without
# a segment (TID 1501), here the first, for one of TID 1411.
validate_report() {
  command -v DicomSRValidator >/dev/null || missing "DicomSRValidator is not installed (make setup-dicom)"
  JAVA_TOOL_OPTIONS="-Djdk.xml.xpathTotalOpLimit=0 -Djdk.xml.xpathExprOpLimit=0 -Djdk.xml.xpathExprGrpLimit=0" \
    DicomSRValidator "$1" 2>/dev/null >"$out/pixelmed.txt" || true
  grep -q "Root Template Validation Complete" "$out/pixelmed.txt" || fail "PixelMed did not validate $1"
  ! grep -E "^Error" "$out/pixelmed.txt" | grep -v -E "Template 1411 .*: within 1\.9\.1: .*: Missing conditional content item" ||
    fail "PixelMed: $1"
}

read_back() { "$python" tools/dicom/read_back.py "$out/results" "$@"; }

# Classic and enhanced series; the same objects when written again.
for series in classic enhanced; do
  "$lesionqc" dicom "$out/results" --source "$out/$series" --objects "$out/objects-$series" --no-pictures "${who[@]}" >/dev/null
  validate "$out/objects-$series/sub-01"
  read_back "$out/objects-$series/sub-01" "$out/$series"
done
sha256sum "$out"/objects-classic/sub-01/*.dcm >"$out/first"
"$lesionqc" dicom "$out/results" --source "$out/classic" --objects "$out/objects-classic" --no-pictures >/dev/null
sha256sum --quiet --check "$out/first" || fail "the same objects were written otherwise"

refused "is not that of the series" "$lesionqc" dicom "$out/results" --source "$out/other" --objects "$out/objects-other"
refused "lies in the output folder" "$lesionqc" dicom "$out/results" --source "$out/classic" --objects "$out/results/dicom"
refused "no review" "$lesionqc" dicom "$out/results" --source "$out/classic" --objects "$out/objects-r" --reviewed-only
[ ! -e "$out/objects-other" ] || fail "a refused call left objects"

# Under a pseudonym.
head -c 32 /dev/urandom >"$out/key"
chmod 600 "$out/key"
"$lesionqc" dicom "$out/results" --source "$out/classic" --objects "$out/objects-key" --no-pictures --pseudonym-key "$out/key" >/dev/null
validate "$(echo "$out"/objects-key/sub-*)"
read_back "$(echo "$out"/objects-key/sub-*)" "$out/classic" --pseudonymous

# Planes of its own in the space of another series.
"$lesionqc" dicom "$out/results" --source "$out/classic" --objects "$out/objects-own" --no-pictures --resampled >/dev/null
validate "$out/objects-own/sub-01"
read_back "$out/objects-own/sub-01" "$out/classic"

# After a review: the corrected mask, and the rejected lesion in the measurements alone.
"$python" tools/audit/decisions.py "$out/results/sub-01.html" "$out/reader.json"
"$lesionqc" review apply "$out/reader.json" --output "$out/results" >/dev/null
if command -v chromium >/dev/null; then "$lesionqc" report "$out/results" --pdf --quiet >/dev/null; fi
"$lesionqc" dicom "$out/results" --source "$out/classic" --objects "$out/reviewed" --reviewed-only >/dev/null
validate "$out/reviewed/sub-01"
validate_report "$out/reviewed/sub-01/measurements.dcm"
read_back "$out/reviewed/sub-01" "$out/classic" --rejected L001

# Hostile files.
"$python" tools/dicom/hostile.py "$out/classic" "$out/hostile"
for folder in "$out"/hostile/*; do
  refused ": " timeout 120 "$lesionqc" dicom "$out/results" --source "$folder" --objects "$out/objects-hostile"
  [ ! -e "$out/objects-hostile" ] || fail "$folder was taken"
done

tools/dicom/orthanc.sh "$lesionqc" "$python" "$out"
"$lesionqc" audit verify "$out/results" >/dev/null
echo "DICOM tests passed"
