#!/usr/bin/env bash
# A cohort of phantoms on a real Slurm of this machine alone (cluster.sh): tasks of an array that are killed, requeued and late, and
# the same by Snakemake. Skipped where that cannot be; with LESIONQC_SLURM=required, as in .ci/run, that is a failure.
#   tools/slurm/run.sh LESIONQC
set -euo pipefail
cd "$(dirname "$0")/../.."
LESIONQC=$(realpath "$1")
export LESIONQC
out=out/slurm
. tools/python.sh
required=LESIONQC_SLURM

reason=$(tools/slurm/cluster.sh check 2>&1) || skip "cluster tests" "${reason#cluster.sh: }"
find_python "cluster tests" tools/slurm "snakemake, snakemake_executor_plugin_slurm"

# Seconds a patient.
export LESIONQC_SLURM_OPTIONS="--samples 1 --noise 0 --max-candidates 3 --quiet"
rm -rf "$out"
mkdir -p "$out/single"
"$LESIONQC" phantom --patients 6 --spacing 2x2x2 --output "$out/bids" --quiet
cp -r "$out/bids" "$out/single/bids"
# shellcheck disable=SC2086
"$LESIONQC" run "$out/single/bids" "$out/single/output" participant --model sample-data/models/unet --jobs 2 --threads 2 \
  $LESIONQC_SLURM_OPTIONS >/dev/null

trap 'tools/slurm/cluster.sh stop' EXIT
tools/slurm/cluster.sh start
# At the same time, since the array waits most of its time for Slurm.
export PYTHONPATH=tools/slurm
"$python" tools/slurm/test_array.py &
array=$!
failed=0
"$python" tools/slurm/test_snakemake.py || failed=1
wait "$array" || failed=1
exit "$failed"
