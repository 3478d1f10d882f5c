#!/usr/bin/env bash
# Runs the archive in the bare system of bare-system.sh, as an ordinary user without a network, on the sample data that it holds. What
# the run wrote is left in RESULTS.
#   tools/dist/bare.sh SYSTEM ARCHIVE RESULTS
set -euo pipefail
system=$1 archive=$2 results=$3
for package in libdnnl2 libpng16-16 libgomp1 ocl-icd-libopencl1 python3; do
  if chroot "$system" dpkg-query -W "$package" >/dev/null 2>&1; then
    echo "dist: $system holds $package and is not bare" >&2
    exit 1
  fi
done

user=4711 # nobody that the system knows
home=$system/home/reader
rm -rf "$home"
mkdir "$home"
cp "$archive" "$(dirname "$0")/inside.sh" "$home/"
chown -R "$user:$user" "$home"
unshare --mount --pid --net --fork sh -c "mount -t proc proc '$system/proc' && exec chroot --userspec=$user:$user '$system' \
  env -i HOME=/home/reader PATH=/usr/bin:/bin sh /home/reader/inside.sh '$(basename "$archive")'"

python3 tools/dist/loaded.py "$home" "/home/reader/$(basename "$archive" .tar.gz)/lib/lesionqc"
rm -rf "$results"
cp -r "$home/results" "$results"
