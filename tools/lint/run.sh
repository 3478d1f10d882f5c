#!/usr/bin/env bash
# What `swift format` does not see: the rules of this folder with their self-tests, then ruff on the Python tools. Without a Python
# environment for ruff says so and goes on; with LESIONQC_LINT=required, as in .ci/run, that is a failure.
set -euo pipefail
cd "$(dirname "$0")/../.."

python3 -m unittest discover -q -s tools/lint -p 'test_*.py'
failed=0
python3 tools/lint/run.py || failed=1

skip() {
  echo "ruff: skipped, $1"
  [ "${LESIONQC_LINT:-}" != required ] || failed=1
  exit $failed
}
ruff=out/lint-venv/bin/ruff
version=$(sed -n 's/^ruff==//p' tools/requirements-lint.txt)
if [ "$("$ruff" --version 2>/dev/null)" != "ruff $version" ]; then
  [ -x out/lint-venv/bin/python ] || python3 -m venv out/lint-venv >/dev/null 2>&1 ||
    skip "no Python environment could be made (apt-get install python3-venv)"
  out/lint-venv/bin/python -m pip install --quiet --disable-pip-version-check -r tools/requirements-lint.txt ||
    skip "the packages of tools/requirements-lint.txt could not be installed"
fi
"$ruff" check --quiet tools Benchmarks || failed=1
"$ruff" format --quiet --check tools Benchmarks || failed=1
exit $failed
