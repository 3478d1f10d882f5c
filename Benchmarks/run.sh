#!/usr/bin/env bash
# Builds the benchmark and prints the table: this program and PyTorch side by side, or this program alone where there is no
# Python environment with PyTorch (tools/requirements.txt).
set -euo pipefail
cd "$(dirname "$0")"
swift build -c release --product network-benchmark >&2
program=$(swift build -c release --show-bin-path)/network-benchmark
rounds=${ROUNDS:-15}
threads=${THREADS:-$(nproc)}

python=${PYTHON:-../.venv/bin/python}
if [ -x "$(command -v "$python")" ]; then
  exec "$python" -W ignore compare.py --program "$program" --rounds "$rounds" --threads "$threads"
fi
echo "bench: $python is not there; without it only this program is timed, on the sample model" >&2
exec "$program" ../sample-data/models/unet "$threads" "$rounds"
