#!/usr/bin/env bash
# Validates an output folder as BIDS derivatives with bids-validator-deno. Skipped without it (tools/python.sh).
#   tools/bids/run.sh LESIONQC
set -euo pipefail
cd "$(dirname "$0")/../.."
lesionqc=$1
out=out/bids
. tools/python.sh

find_python "BIDS validation" tools/bids "bids_validator_deno"

# What run, report and review leave in one folder.
rm -rf "$out"
mkdir -p "$out"
"$lesionqc" run sample-data "$out/results" participant --participant-label 01 --model sample-data/models/unet --samples 1 --noise 0 \
  --max-candidates 1 --quiet >/dev/null
"$python" tools/audit/decisions.py "$out/results/sub-01.html" "$out/reader.json"
"$lesionqc" review apply "$out/reader.json" --output "$out/results" >/dev/null
"$lesionqc" run sample-data "$out/results" group >/dev/null
"$(dirname "$python")/bids-validator-deno" "$out/results" --format json >"$out/report.json" || true
"$python" tools/bids/judge.py "$out/report.json"
