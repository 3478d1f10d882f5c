#!/usr/bin/env bash
# Makes a Debian of the release of this machine that has nothing but what Debian itself needs, once.
#   tools/dist/bare-system.sh FOLDER
set -euo pipefail
system=$1
. /etc/os-release

[ ! -e "$system/.complete" ] || exit 0
rm -rf "$system"
# In a name space of its own, so that no mount is left however it ends.
unshare --mount debootstrap --variant=minbase "$VERSION_CODENAME" "$system" >"$system.log" 2>&1 || {
  tail -n 3 "$system.log" >&2
  exit 1
}
touch "$system/.complete"
