#!/usr/bin/env bash
# Maps of the test cohort by the aggregations that are not the default: how well their peaks order the errors.
#
#   tools/validation/aggregations.sh MODEL_FOLDER WORK_FOLDER AGGREGATION SAMPLES [LABEL …]
#
# Wants the test cohort of phantom_cohort.sh in WORK_FOLDER. `evaluate` ranks by the peaks of these maps and, on the same noise samples, by those
# of the sum. LABELs name the patients; none: all. signed-max takes a gradient for every voxel of every finding.
set -euo pipefail
model=$1 work=$2 aggregation=$3 samples=$4
shift 4
lesionqc=${LESIONQC:-.build/release/lesionqc}
labels=()
[ $# -eq 0 ] || labels=(--participant-label "$@")
"$lesionqc" run "$work/test" "$work/$aggregation-run" participant --model "$model" --aggregation "$aggregation" --samples "$samples" \
  --reference "$work/test/derivatives/truth" --calibration none --quiet ${labels[@]+"${labels[@]}"}
"$lesionqc" evaluate "$work/$aggregation-run" --reference "$work/test/derivatives/truth" --quiet
