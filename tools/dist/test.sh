#!/usr/bin/env bash
# Tests of what `make dist` made. Skipped, with a line, are the tests without Python packages, and those in a bare system without root or
# debootstrap; with LESIONQC_DIST=required, as in .ci/run, that is a failure.
#   tools/dist/test.sh LESIONQC CHECKOUT DIST    the built program, what it was built with (make.py), and the folder made of it
set -euo pipefail
cd "$(dirname "$0")/../.."
lesionqc=$1 checkout=$2 dist=$3
out=out/dist-test
required=LESIONQC_DIST
. tools/python.sh
mkdir -p "$out"

# The bare system comes over the network, while the rest is tested.
lacking=
[ "$(id -u)" -eq 0 ] || lacking="it needs root"
[ -n "$lacking" ] || command -v debootstrap >/dev/null || lacking="it needs debootstrap (apt-get install debootstrap)"
[ -n "$lacking" ] || grep -q '^ID=debian' /etc/os-release || lacking="this machine is no Debian"
[ -n "$lacking" ] || unshare --mount --pid --net --fork true 2>/dev/null || lacking="it needs name spaces (unshare)"
if [ -z "$lacking" ]; then
  tools/dist/bare-system.sh "$out/bare" &
  making=$!
  trap 'kill "$making" 2>/dev/null || true' EXIT
fi

# The same bytes on another day, in another place, for another user.
rm -rf "$out/again"
(umask 077 && TZ=Pacific/Apia LC_ALL=C.UTF-8 python3 tools/dist/make.py "$lesionqc" "$checkout" "$out/again" >/dev/null)
for file in "$dist"/*; do cmp "$file" "$out/again/$(basename "$file")"; done
echo "dist: the same bytes when packed again"

find_python "distribution tests" tools/dist "spdx_tools"
LESIONQC_DIST_FOLDER=$dist "$python" tools/dist/test_files.py
LESIONQC_DIST_FOLDER=$dist "$python" tools/dist/test_wheel.py

[ -z "$lacking" ] || skip "bare system" "$lacking"
wait "$making"
tools/dist/bare.sh "$out/bare" "$dist"/lesionqc-*.tar.gz "$out/packed"

# The same patient, by the program as it was built.
rm -rf "$out/built" "$out/unpacked"
image=sample-data/sub-01/anat/sub-01
"$lesionqc" patient --flair ${image}_FLAIR.nii.gz --mprage ${image}_T1w.nii.gz --model sample-data/models/unet \
  --samples 1 --noise 0 --max-candidates 1 --id p1 --quiet --output "$out/built" >/dev/null
mkdir "$out/unpacked"
tar -xzf "$dist"/lesionqc-*.tar.gz -C "$out/unpacked" --strip-components=1
python3 tools/dist/compare.py "$out/built" "$out/packed" "$out/unpacked/bin/lesionqc"
