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
required=${LESIONQC_SLURM:-}

reason=$(tools/slurm/cluster.sh check 2>&1) || skip "cluster tests" "${reason#cluster.sh: }"
find_python "cluster tests" tools/slurm "snakemake, snakemake_executor_plugin_slurm"

rm -rf "$out"
mkdir -p "$out"
"$LESIONQC" phantom --patients 6 --spacing 2x2x2 --output "$out/bids" --quiet
trap 'tools/slurm/cluster.sh stop' EXIT
tools/slurm/cluster.sh start
PYTHONPATH=tools/slurm "$python" tools/slurm/test_array.py
PYTHONPATH=tools/slurm "$python" tools/slurm/test_snakemake.py
