#!/usr/bin/env bash
# Calibrates a sample model on one phantom cohort and evaluates the calibration on another, and on real patients where there are
# any: the evaluations of docs/validation and the shipped calibration.json.
#
#   tools/validation/phantom_cohort.sh MODEL_FOLDER WORK_FOLDER [CALIBRATION_PATIENTS] [TEST_PATIENTS] [SAMPLES] [FEATURES] [OPTIONS …]
#
# OPTIONS go to the run of the test cohort, for example --controls. REAL names a BIDS folder with one folder of reference segmentations in its
# derivatives, REAL_UNSEEN those of its patients that the network was not trained on (evaluated once more alone). Seeds 4001 (calibration)
# and 5001 (test) belong to no training cohort; CALIBRATION_SEED and TEST_SEED name others. Complete patients are not run again, so
# that the command goes on where it was stopped.
set -euo pipefail
model=$1 work=$2 patients=${3:-80} test=${4:-20} samples=${5:-10} features=${6:-extended}
lesionqc=${LESIONQC:-.build/release/lesionqc}
real=${REAL:-}

cohort() { # NAME SEED PATIENTS
  [ -f "$work/$1/dataset_description.json" ] || "$lesionqc" phantom --output "$work/$1" --seed "$2" --patients "$3" --quiet
}
judged() { # DATA TRUTH RUN OPTIONS …
  local data=$1 truth=$2 run=$3
  shift 3
  "$lesionqc" run "$data" "$run" participant --model "$model" --samples "$samples" --reference "$truth" --quiet "$@"
  "$lesionqc" evaluate "$run" --reference "$truth" --quiet
}
cohort calibration "${CALIBRATION_SEED:-4001}" "$patients"
cohort test "${TEST_SEED:-5001}" "$test"

judged "$work/calibration" "$work/calibration/derivatives/truth" "$work/calibration-run" --calibration none
"$lesionqc" calibrate "$work/calibration-run" --reference "$work/calibration/derivatives/truth" --features "$features" \
  --output "$work/calibration.json" --overwrite --quiet
judged "$work/test" "$work/test/derivatives/truth" "$work/test-run" --calibration "$work/calibration.json" "${@:7}"
if [ -n "$real" ]; then
  truth=$(echo "$real"/derivatives/*/)
  judged "$real" "$truth" "$work/real-run" --calibration "$work/calibration.json" --controls
  [ -z "${REAL_UNSEEN:-}" ] || "$lesionqc" evaluate "$work/real-run" --reference "$truth" --participant-label $REAL_UNSEEN \
    --output "$work/real-run/evaluation-unseen" --quiet
fi
