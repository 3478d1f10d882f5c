#!/bin/bash
# The tables and the page over all patients, once the array of participants.sh has ended. Submit it with --dependency=afterany:ARRAY:
# afterok would wait for ever when a patient failed, since that task then ends with code 5.
#   sbatch --dependency=afterany:ARRAY group.sh BIDS_DIR OUTPUT_DIR
#SBATCH --job-name=lesionqc-group
#SBATCH --mem=4G
#SBATCH --time=01:00:00
#SBATCH --requeue
set -u
exec "${LESIONQC:-lesionqc}" run "$1" "$2" group
