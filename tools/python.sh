# Sourced by the tests that need Python packages.
#   find_python NAME FOLDER MODULES   sets python to one that has MODULES (a, b): the one of LESIONQC_PYTHON or .venv, else one of its own
#                                     under out/, with FOLDER/requirements.txt
#   skip NAME REASON                  says that tests are skipped and ends; with LESIONQC_BROWSER=required, as in .ci/run, that is a failure.
#                                     Who sources this may name another variable in `required`

required=${required:-LESIONQC_BROWSER}

skip() {
  echo "$1: skipped, $2"
  [ "${!required:-}" = required ] && exit 1
  exit 0
}

find_python() {
  local own=out/$(basename "$2")-venv
  python=${LESIONQC_PYTHON:-.venv/bin/python}
  "$python" -c "import $3" 2>/dev/null && return
  python=$own/bin/python
  [ -x "$python" ] || python3 -m venv "$own" >/dev/null 2>&1 ||
    skip "$1" "no Python environment could be made (apt-get install python3-venv)"
  "$python" -m pip install --quiet --disable-pip-version-check -r "$2/requirements.txt" ||
    skip "$1" "the packages of $2/requirements.txt could not be installed"
}
