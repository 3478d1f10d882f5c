#!/usr/bin/env bash
# Calibrates a sample model on one phantom cohort and evaluates the calibration on another: every figure of the phantom part of
# docs/validation.md, and the shipped calibration.json, by one command.
#
#   tools/validation/phantom_cohort.sh MODEL_FOLDER WORK_FOLDER [CALIBRATION_PATIENTS] [TEST_PATIENTS] [SAMPLES] [FEATURES]
#
# Seeds 4001 (calibration) and 5001 (test) belong to no training cohort. Missed lesions and control regions are explained in the
# test cohort alone. Complete patients are not run again, so that the command goes on where it was stopped.
set -euo pipefail
model=$1 work=$2 patients=${3:-40} test=${4:-20} samples=${5:-10} features=${6:-peaks}
lesionqc=${LESIONQC:-.build/release/lesionqc}

cohort() { # NAME SEED PATIENTS
  [ -f "$work/$1/dataset_description.json" ] || "$lesionqc" phantom --output "$work/$1" --seed "$2" --patients "$3" --quiet
}
cohort calibration 4001 "$patients"
cohort test 5001 "$test"

"$lesionqc" run "$work/calibration" "$work/calibration-run" participant --model "$model" --samples "$samples" \
  --truth "$work/calibration/derivatives/truth" --calibration none --quiet
"$lesionqc" calibrate "$work/calibration-run" --truth "$work/calibration/derivatives/truth" --features "$features" \
  --output "$work/calibration.json" --overwrite --quiet
"$lesionqc" evaluate "$work/calibration-run" --truth "$work/calibration/derivatives/truth" --quiet

"$lesionqc" run "$work/test" "$work/test-run" participant --model "$model" --samples "$samples" \
  --truth "$work/test/derivatives/truth" --calibration "$work/calibration.json" --controls --quiet
"$lesionqc" evaluate "$work/test-run" --truth "$work/test/derivatives/truth" --quiet
echo "$work/calibration.json, $work/calibration-run/evaluation/evaluation.md, $work/test-run/evaluation/evaluation.md"
