#!/usr/bin/env bash
# Runs the archive in a Debian of the release of this machine that has nothing but what Debian itself needs: as an ordinary user,
# without a network, on the sample data that it holds. What the run wrote is left in OUT/packed.
#   tools/dist/bare.sh ARCHIVE OUT
set -euo pipefail
archive=$(realpath "$1") out=$(realpath "$2")
. /etc/os-release
system=$out/bare-$VERSION_CODENAME

if [ ! -e "$system/.complete" ]; then
  rm -rf "$system"
  debootstrap --variant=minbase "$VERSION_CODENAME" "$system" >"$out/debootstrap.log" 2>&1 || {
    tail -n 3 "$out/debootstrap.log" >&2
    exit 1
  }
  touch "$system/.complete"
fi
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
rm -rf "$out/packed"
cp -r "$home/results" "$out/packed"
