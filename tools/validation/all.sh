#!/usr/bin/env bash
# Everything that docs/validation.md says about rankings, and the calibrations of the sample models: about six hours on two cores.
#
#   tools/validation/all.sh WORK_FOLDER
#
# REAL names the real patients (a BIDS folder with reference segmentations in derivatives); without them their tables are left out. The networks
# were trained on sub-26 of the Ljubljana database; REAL_UNSEEN names those that none was trained on.
set -euo pipefail
cd "$(dirname "$0")/../.."
work=$1
export REAL_UNSEEN=${REAL_UNSEEN-07}
tools/validation/phantom_cohort.sh sample-data/models/unet "$work/unet" 40 20 10 extended --controls
tools/validation/phantom_cohort.sh sample-data/models/nnunet "$work/nnunet" 80 20 10 extended --controls
# A map of this network takes some five times as long as the others': fewer noise samples.
tools/validation/phantom_cohort.sh sample-data/models/swin-unetr "$work/swin-unetr" 40 20 3 extended --controls
# signed-max beside sum. It takes a gradient for every voxel: one noise sample, the fastest network, and without the patient whose
# findings are by far the largest.
labels=$(seq -f %02g 1 20 | grep -v 18)
tools/validation/aggregations.sh sample-data/models/unet "$work/unet" signed-max 1 $labels
for model in unet nnunet swin-unetr; do cp "$work/$model/calibration.json" "sample-data/models/$model/calibration.json"; done
python3 tools/validation/page.py "$work"
