#!/usr/bin/env bash
# The main job on the synthetic patients of sample-data/: segment, explain, rank, report.
# Usage: demo.sh LESIONQC MODEL OUTPUT_DIR SAMPLES
set -euo pipefail
lesionqc=$1 model=$2 output=$3 samples=$4

folder=sample-data/models/$model
[ -d "$folder" ] || {
  echo "demo: no sample model '$model'; there is: $(ls sample-data/models | tr '\n' ' ')" >&2
  exit 2
}
started=$(date +%s)
"$lesionqc" run sample-data "$output" participant --model "$folder" --samples "$samples" --reference sample-data/derivatives/truth --overwrite
"$lesionqc" audit verify "$output"
echo "demo: 3 synthetic patients of 144 x 176 x 144 voxels, model $model, $samples noise samples, $(($(date +%s) - started)) s"
echo "demo: open $(cd "$output" && pwd)/index.html in a browser"
